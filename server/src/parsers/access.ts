/**
 * access lines: `[TIME] - LOGGER - ADDRESS - USER "METHOD PATH HTTP/1.1 STATUS BYTES URL" "AGENT"`. Unlike Apache's
 * combined format, status, bytes and URL stand inside the request's quotes, and the URL may hold blanks.
 */
import { EcsEvent, type Logsource } from '@vedette/contracts';
import { Rejection } from '../pipeline/result.ts';
import { defineParser, type Parser } from './parser.ts';
import { integerAt, setSource } from './programs/program.ts';
import { isoTime, stamp } from './time.ts';
import { setUrl } from './url.ts';

const WEB: Logsource = { category: 'webserver' };

const HTTP_VERSION = / HTTPS?\//;

/** Where ` HTTP/1.1` (or ` HTTPS/1.1`) begins behind `from`; -1 when there is none. */
function versionAt(line: string, from: number): number {
  const at = line.slice(from).search(HTTP_VERSION);
  return at < 0 ? -1 : from + at;
}

export const access: Parser = defineParser({
  name: 'access',
  sourceType: 'web',
  detect(line) {
    if (line.charCodeAt(0) !== 91 || Number.isNaN(isoTime(line, 1))) return 0;
    return line.startsWith('] - ', line.indexOf(']')) && HTTP_VERSION.test(line) ? 0.99 : 0;
  },
  parse(line, context) {
    const close = line.indexOf('] - ');
    const quote = line.indexOf(' "', close);
    if (line.charCodeAt(0) !== 91 || close < 0 || quote < 0) return new Rejection('unparsed', 'no access line');
    const [logger, address, ...user] = line.slice(close + 4, quote).split(' - ');
    const requestEnd = line.lastIndexOf('" "');
    const version = versionAt(line, quote);
    if (address === undefined || requestEnd < quote || version < 0 || version > requestEnd) {
      return new Rejection('unparsed', 'no "METHOD PATH HTTP/… STATUS BYTES URL" in quotes');
    }
    const event = new EcsEvent();
    stamp(event, isoTime(line, 1), line.slice(1, close), context);
    event.dataset = 'access';
    event.sourceType = 'web';
    event.logsource = WEB;
    event.category = 'web';
    event.type = 'access';
    event.action = 'http_request';
    event.protocol = 'http';
    event.setExtra('observer.name', logger);
    setSource(event, address);
    event.userName = user.join(' - ');
    readRequest(event, line.slice(quote + 2, requestEnd), version - quote - 2);
    event.userAgent = unquoted(line, requestEnd + 2);
    event.outcome = event.httpStatus >= 400 ? 'failure' : 'success';
    event.severity = event.httpStatus >= 500 ? 4 : event.httpStatus >= 400 ? 3 : 2;
    return event;
  },
});

/** `METHOD PATH HTTP/1.1 STATUS BYTES URL`; `version` is where ` HTTP/` begins. */
function readRequest(event: EcsEvent, request: string, version: number): void {
  event.message = request;
  const method = request.indexOf(' ');
  event.httpMethod = request.slice(0, method);
  event.setExtra('url.path', request.slice(method + 1, version));
  const status = request.indexOf(' ', version + 1);
  if (status < 0) return;
  event.setExtra('http.version', request.slice(request.indexOf('/', version + 5) + 1, status));
  event.httpStatus = integerAt(request, status + 1, 999);
  const bytes = request.indexOf(' ', status + 1);
  if (bytes < 0) return;
  event.destinationBytes = integerAt(request, bytes + 1, Number.MAX_SAFE_INTEGER);
  const url = request.indexOf(' ', bytes + 1);
  if (url < 0) return;
  setUrl(event, request.slice(url + 1));
  // The URL is glued together from host and path: only the requested path tells where one ends.
  event.setExtra('url.path', request.slice(method + 1, version));
}

/** The rest of the line from `at`, without the quotes around it (some agents stand in two pairs). */
function unquoted(line: string, at: number): string {
  let start = at;
  let end = line.length;
  while (start < end && line.charCodeAt(start) === 34) start++;
  while (end > start && line.charCodeAt(end - 1) === 34) end--;
  return line.slice(start, end);
}
