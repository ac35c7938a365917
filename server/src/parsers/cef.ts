/** ArcSight CEF: `CEF:0|Vendor|Product|Version|EventClassID|Name|Severity|key=value …`. */
import { EcsEvent } from '@vedette/contracts';
import { severityOfLabel } from '../normalise/severity.ts';
import { Rejection } from '../pipeline/result.ts';
import { integer, port } from './json/document.ts';
import { defineParser, type Parser } from './parser.ts';
import { anyTime, stamp } from './time.ts';
import { setUrl } from './url.ts';

const MAX_KEYS = 200;

export const cef: Parser = defineParser({
  name: 'cef',
  sourceType: 'generic',
  detect: (line) => (line.startsWith('CEF:') ? 1 : 0),
  parse(line, context) {
    if (!line.startsWith('CEF:')) return new Rejection('unparsed', 'no CEF header');
    const [header, extension] = splitHeader(line.slice(4));
    if (header.length < 7) return new Rejection('unparsed', 'a CEF header needs seven fields');
    const event = new EcsEvent();
    const keys = extensionOf(extension);
    const get = (name: string) => keys.get(name) ?? '';
    const time = get('rt') || get('start') || get('end');
    stamp(event, time === '' ? Number.NaN : anyTime(time), time, context);
    event.dataset = 'cef';
    event.sourceType = 'generic';
    event.setExtra('observer.vendor', header[1]);
    event.setExtra('observer.product', header[2]);
    event.setExtra('observer.version', header[3]);
    event.code = header[4]!;
    event.ruleName = header[5]!;
    event.setExtra('event.severity_label', header[6]);
    const severity = Number(header[6]);
    event.severity = Number.isNaN(severity) ? severityOfLabel(header[6]!) : Math.min(15, Math.round(severity * 1.5));
    event.message = get('msg') || header[5]!;
    event.action = get('act');
    event.outcome = get('outcome').toLowerCase();
    event.hostName = get('dvchost') || get('shost');
    event.userName = get('suser') || get('duser');
    if (get('suser') !== '') event.targetUserName = get('duser');
    event.sourceIp = get('src');
    event.sourcePort = port(get('spt'));
    event.destinationIp = get('dst');
    event.destinationPort = port(get('dpt'));
    event.transport = get('proto').toLowerCase();
    event.protocol = get('app').toLowerCase();
    event.sourceBytes = integer(get('in'));
    event.destinationBytes = integer(get('out'));
    event.filePath = get('filePath') || get('fname');
    event.hashSha256 = get('fileHash').length === 64 ? get('fileHash') : '';
    setUrl(event, get('request'));
    event.httpMethod = get('requestMethod');
    event.userAgent = get('requestClientApplication');
    event.processName = get('sproc') || get('dproc');
    if (event.sourceIp !== '') event.category = 'network';
    event.record = Object.fromEntries(keys);
    event.recordPrefix = 'cef.';
    return event;
  },
});

/** Seven fields separated by `|` (escaped `\|`), then the extension. */
function splitHeader(text: string): [fields: string[], extension: string] {
  const fields: string[] = [];
  let start = 0;
  for (let i = 0; i < text.length && fields.length < 7; i++) {
    const code = text.charCodeAt(i);
    if (code === 92) i++;
    else if (code === 124) {
      fields.push(text.slice(start, i).replaceAll('\\|', '|').replaceAll('\\\\', '\\'));
      start = i + 1;
    }
  }
  return [fields, text.slice(start)];
}

/** `key=value key2=value with blanks` : a key is the word before a `=` that no backslash quotes. */
function extensionOf(text: string): Map<string, string> {
  const keys = new Map<string, string>();
  let name = '';
  let valueStart = 0;
  let word = 0;
  for (let i = 0; i < text.length && keys.size < MAX_KEYS; i++) {
    const code = text.charCodeAt(i);
    if (code === 92) i++;
    else if (code === 32) word = i + 1;
    else if (code === 61 && i > word) {
      if (name !== '') keys.set(name, plain(text.slice(valueStart, Math.max(valueStart, word - 1))));
      name = text.slice(word, i);
      valueStart = i + 1;
      // Until the next blank, no further key can begin.
      word = text.length;
    }
  }
  if (name !== '') keys.set(name, plain(text.slice(valueStart)));
  keys.delete('__proto__');
  return keys;
}

function plain(value: string): string {
  if (!value.includes('\\')) return value;
  return value.replace(/\\([=\\nr])/g, (_, code: string) => (code === 'n' ? '\n' : code === 'r' ? '\r' : code));
}
