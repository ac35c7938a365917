/** Access logs of nginx and Apache: common, combined, and with the virtual host before them. */
import { EcsEvent, type Logsource } from '@vedette/contracts';
import { isIpv4 } from '../normalise/address.ts';
import { Rejection } from '../pipeline/result.ts';
import { defineParser, type Parser } from './parser.ts';
import { integerAt, setSource, wordAt } from './programs/program.ts';
import { clfTime, stamp } from './time.ts';
import { setUrl } from './url.ts';

const WEB: Logsource = { category: 'webserver' };
const METHODS = /^[A-Z][A-Z_-]{1,19}$/;

/** Where the time's bracket stands: `… [10/Oct/2000:13:55:36 -0700] "`; -1 when the line has none. */
function timeBracket(line: string): number {
  let at = line.indexOf(' [');
  while (at > 0 && at < 1024) {
    if (line.charCodeAt(at + 4) === 47 && line.charCodeAt(at + 8) === 47 && line.charCodeAt(at + 28) === 93) return at;
    at = line.indexOf(' [', at + 1);
  }
  return -1;
}

export const webAccess: Parser = defineParser({
  name: 'web-access',
  sourceType: 'web',
  detect(line) {
    const at = timeBracket(line);
    return at > 0 && line.charCodeAt(at + 30) === 34 ? 0.97 : 0;
  },
  parse(line, context) {
    const bracket = timeBracket(line);
    if (bracket < 0 || line.charCodeAt(bracket + 30) !== 34) return new Rejection('unparsed', 'no access log line');
    const event = new EcsEvent();
    const time = clfTime(line, bracket + 2);
    stamp(event, time, line.slice(bracket + 2, bracket + 28), context);
    event.dataset = 'web.access';
    event.sourceType = 'web';
    event.category = 'web';
    event.type = 'access';
    event.action = 'http_request';
    event.protocol = 'http';
    event.logsource = WEB;
    readClient(event, line.slice(0, bracket));
    const requestEnd = closingQuote(line, bracket + 31);
    readRequest(event, line.slice(bracket + 31, requestEnd));
    event.message = line.slice(bracket + 31, requestEnd);
    readTail(event, line, requestEnd + 2);
    event.outcome = event.httpStatus >= 400 ? 'failure' : 'success';
    event.severity = event.httpStatus >= 500 ? 4 : event.httpStatus >= 400 ? 3 : 2;
    return event;
  },
});

/** `[VHOST[:PORT] ]ADDRESS IDENT USER`; the user may hold blanks. */
function readClient(event: EcsEvent, text: string): void {
  let at = 0;
  let word = wordAt(text, 0);
  const next = wordAt(text, word.length + 1);
  if (!isAddressLike(word) && isAddressLike(next)) {
    const colon = word.lastIndexOf(':');
    event.setExtra('url.domain', colon > 0 ? word.slice(0, colon) : word);
    if (colon > 0) event.destinationPort = integerAt(word, colon + 1, 65535);
    at = word.length + 1;
    word = next;
  }
  setSource(event, word);
  at += word.length + 1;
  const ident = wordAt(text, at);
  const user = text.slice(at + ident.length + 1);
  if (user !== '-' && user !== '') event.userName = user;
}

function isAddressLike(word: string): boolean {
  return isIpv4(word) || word.indexOf(':') !== word.lastIndexOf(':');
}

/** Index of the quote that ends the text beginning at `at`; backslashes quote. The line's end when there is none. */
function closingQuote(line: string, at: number): number {
  let end = line.indexOf('"', at);
  while (end > 0 && isEscaped(line, end, at)) end = line.indexOf('"', end + 1);
  return end < 0 ? line.length : end;
}

function isEscaped(line: string, quote: number, start: number): boolean {
  if (line.charCodeAt(quote - 1) !== 92) return false;
  let slashes = 0;
  for (let i = quote - 1; i >= start && line.charCodeAt(i) === 92; i--) slashes++;
  return slashes % 2 === 1;
}

/** `GET /path?query HTTP/1.1`; anything else is kept whole as the URL. */
function readRequest(event: EcsEvent, request: string): void {
  const method = request.indexOf(' ');
  const version = request.lastIndexOf(' HTTP/');
  if (method > 0 && METHODS.test(request.slice(0, method))) {
    event.httpMethod = request.slice(0, method);
    setUrl(event, request.slice(method + 1, version > method ? version : request.length));
    if (version > method) event.setExtra('http.version', request.slice(version + 6));
  } else if (request !== '-') setUrl(event, request);
}

/** `STATUS BYTES["REFERRER" "AGENT"[ …]]`. */
function readTail(event: EcsEvent, line: string, at: number): void {
  event.httpStatus = integerAt(line, at, 999);
  const bytes = line.indexOf(' ', at);
  if (bytes < 0) return;
  event.destinationBytes = integerAt(line, bytes + 1, Number.MAX_SAFE_INTEGER);
  const referrer = line.indexOf('"', bytes);
  if (referrer < 0) return;
  const referrerEnd = closingQuote(line, referrer + 1);
  const value = line.slice(referrer + 1, referrerEnd);
  if (value !== '-') event.setExtra('http.request.referrer', value);
  const agent = line.indexOf('"', referrerEnd + 1);
  if (agent < 0) return;
  event.userAgent = line.slice(agent + 1, closingQuote(line, agent + 1));
}
