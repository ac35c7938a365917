/** Error logs of nginx (`2022/04/02 15:45:23 [error] 8#8: *1 …, client: …`) and Apache (`[Sun Dec 04 …] [error] …`). */
import { EcsEvent, type Logsource } from '@vedette/contracts';
import { severityOfLabel } from '../normalise/severity.ts';
import { Rejection } from '../pipeline/result.ts';
import { defineParser, type ParseContext, type Parser } from './parser.ts';
import { integerAt, setSource, wordAt } from './programs/program.ts';
import { asctime, isoTime, stamp } from './time.ts';
import { setUrl } from './url.ts';

const APACHE: Logsource = { category: 'webserver', product: 'apache', service: 'apache' };
const NGINX: Logsource = { category: 'webserver', product: 'nginx', service: 'nginx' };

function isNginx(line: string): boolean {
  return (
    line.charCodeAt(4) === 47 &&
    line.charCodeAt(19) === 32 &&
    line.charCodeAt(20) === 91 &&
    !Number.isNaN(isoTime(line))
  );
}

function isApache(line: string): boolean {
  return line.charCodeAt(0) === 91 && line.charCodeAt(4) === 32 && !Number.isNaN(asctime(line, 1));
}

export const webError: Parser = defineParser({
  name: 'web-error',
  sourceType: 'web',
  detect: (line) => (isNginx(line) || isApache(line) ? 0.95 : 0),
  parse(line, context) {
    if (isNginx(line)) return nginx(line, context);
    return isApache(line) ? apache(line, context) : new Rejection('unparsed', 'no web server error line');
  },
});

function webEvent(dataset: string, logsource: Logsource): EcsEvent {
  const event = new EcsEvent();
  event.dataset = dataset;
  event.logsource = logsource;
  event.sourceType = 'web';
  event.category = 'web';
  event.type = 'error';
  event.action = 'http_error';
  return event;
}

function label(event: EcsEvent, word: string): void {
  event.setExtra('log.level', word);
  event.severity = severityOfLabel(word) || 2;
  if (event.severity <= 3) event.type = 'info';
}

function nginx(line: string, context: ParseContext): EcsEvent {
  const event = webEvent('nginx.error', NGINX);
  stamp(event, isoTime(line), line.slice(0, 19), context);
  const close = line.indexOf(']', 20);
  label(event, line.slice(21, close < 0 ? line.length : close));
  event.processPid = integerAt(line, close + 2);
  const colon = line.indexOf(': ', close);
  let at = colon < 0 ? Math.max(close, 20) + 1 : colon + 2;
  if (line.charCodeAt(at) === 42) at += wordAt(line, at).length + 1;
  event.message = line.slice(at);
  nginxContext(event, event.message);
  return event;
}

/** `…, client: 1.2.3.4, server: _, request: "GET / HTTP/1.1", host: "x", referrer: "…"`, read from the end. */
function nginxContext(event: EcsEvent, message: string): void {
  const connected = message.startsWith('client ') && message.indexOf(' connected to ') > 0;
  if (connected) client(event, wordAt(message, 7));
  const from = message.lastIndexOf(', client: ');
  if (from < 0) return;
  client(event, wordAt(message, from + 10).replace(',', ''));
  const login = quotedAfter(message, ', login: ', from);
  if (login !== '') event.userName = login;
  const user = message.startsWith('user "') ? quotedAfter(message, 'user ', -1) : '';
  if (user !== '') {
    event.userName = user;
    event.category = 'authentication';
    event.action = 'http_login';
    event.outcome = 'failure';
  }
  const host = quotedAfter(message, ', host: ', from);
  event.setExtra('url.domain', host);
  event.setExtra('http.request.referrer', quotedAfter(message, ', referrer: ', from));
  request(event, quotedAfter(message, ', request: ', from));
}

function request(event: EcsEvent, text: string): void {
  const method = text.indexOf(' ');
  if (method < 0) return;
  const version = text.lastIndexOf(' HTTP/');
  event.httpMethod = text.slice(0, method);
  setUrl(event, text.slice(method + 1, version > method ? version : text.length));
}

function quotedAfter(text: string, name: string, from: number): string {
  const at = text.indexOf(`${name}"`, Math.max(from, 0));
  if (at < 0) return '';
  const start = at + name.length + 1;
  const end = text.indexOf('"', start);
  return end < 0 ? '' : text.slice(start, end);
}

/** `ADDRESS[:PORT]`. */
function client(event: EcsEvent, text: string): void {
  const colon = text.lastIndexOf(':');
  const withPort = colon > 0 && (text.indexOf(':') === colon || text.charCodeAt(colon - 1) === 93);
  setSource(event, withPort ? text.slice(0, colon) : text);
  if (withPort) event.sourcePort = integerAt(text, colon + 1, 65535);
}

function apache(line: string, context: ParseContext): EcsEvent {
  const event = webEvent('apache.error', APACHE);
  let close = line.indexOf(']');
  stamp(event, asctime(line, 1), line.slice(1, close), context);
  while (line.startsWith(' [', close + 1)) {
    const open = close + 2;
    const end = line.indexOf(']', open);
    if (end < 0) break;
    apacheBracket(event, line.slice(open + 1, end));
    close = end;
  }
  event.message = line.slice(close + 1).trimStart();
  // `(70014)End of file found: [client 1.2.3.4:5] AH02006: …`
  const later = event.message.startsWith('(') ? event.message.indexOf(': [client ') : -1;
  const end = event.message.indexOf(']', later);
  if (later > 0 && end > 0) client(event, event.message.slice(later + 10, end));
  apacheMessage(event, event.message);
  if (event.severity === 0) event.severity = 2;
  return event;
}

/** `[error]`, `[auth_basic:error]`, `[pid 10:tid 140]`, `[client 1.2.3.4:50229]`. */
function apacheBracket(event: EcsEvent, text: string): void {
  if (text.startsWith('client ')) return client(event, text.slice(7));
  if (text.startsWith('pid ')) {
    event.processPid = integerAt(text, 4);
    return;
  }
  const colon = text.indexOf(':');
  const word = text.slice(colon + 1);
  if (severityOfLabel(word) === 0) return;
  if (colon > 0) event.setExtra('apache.module', text.slice(0, colon));
  label(event, word);
}

const LOGIN_FAILURES = [' not found: ', ': authentication failure for ', ': password mismatch: '];

/** `AH01618: user bob not found: /private`, `user bob: authentication failure for "/": Password Mismatch`. */
function apacheMessage(event: EcsEvent, message: string): void {
  const code = message.startsWith('AH') ? message.indexOf(': ') : -1;
  if (code > 0) event.code = message.slice(0, code);
  const user = code > 0 ? code + 2 : 0;
  const end = message.lastIndexOf(', referer: ');
  if (end > 0) event.setExtra('http.request.referrer', message.slice(end + 11));
  if (!message.startsWith('user ', user)) return;
  for (const words of LOGIN_FAILURES) {
    const at = message.indexOf(words, user);
    if (at < 0) continue;
    event.userName = message.slice(user + 5, at);
    event.category = 'authentication';
    event.action = 'http_login';
    event.outcome = 'failure';
    event.severity = 5;
    const url = wordAt(message, at + words.length).replace(/[:,]$/, '');
    setUrl(event, url.replaceAll('"', ''));
    return;
  }
}
