/**
 * JSON documents that carry a syslog message: what rsyslog, syslog-ng, journald, Logstash, Fluent Bit and Filebeat make
 * of a log line. The message is read as on a syslog line, by its program's parser, so that the same rules see it. Names
 * in the document say who wrote it; where they do not, the message may be the whole line, or begin with its tag.
 *
 * What the document says of the program counts more than what the message says: anybody can log a forged line.
 */
import type { EcsEvent } from '@vedette/contracts';
import { SYSLOG_LABELS } from '../../normalise/severity.ts';
import type { ParseContext } from '../parser.ts';
import { otherProgram, programs, type Program } from '../programs/index.ts';
import { readSyslogHeader, readSyslogTag, type SyslogHeader } from '../syslog-header.ts';
import { FACILITIES, programNamed, readProgramMessage } from '../syslog-message.ts';
import { stamp } from '../time.ts';
import { readNames } from './clients.ts';
import { text, type JsonObject } from './document.ts';
import type { JsonShape } from './shape.ts';
import { carriedText, carriedTime, ecsOriginOf, originOf, saysSyslog, type SyslogOrigin } from './syslog-origin.ts';

const NOBODY: Readonly<SyslogOrigin> = { program: '', module: '', pid: 0, host: '', facility: -1, severity: -1 };

export const syslogJson: JsonShape = {
  name: 'syslog-json',
  sourceType: 'generic',
  recognise(document) {
    if (document['source_type'] !== undefined) return 0;
    const message = strip(carriedText(document));
    if (message === '') return 0;
    if (saysSyslog(document)) return 0.85;
    return unwrap(message, { ...NOBODY }, 0, false).text !== message ? 0.8 : 0;
  },
  read(document, event, context) {
    readNames(document, event);
    const [time, written] = carriedTime(document, context.receivedAt);
    stamp(event, time, written, context);
    const origin = originOf(document);
    event.hostName = origin.host !== '' ? origin.host : event.hostName;
    const carried = unwrap(strip(carriedText(document)), origin, event.timestamp, true);
    const program = programOf(origin);
    readCarried(
      event,
      carried,
      origin,
      program === otherProgram ? programByWords(carried.text, origin) : program,
      context,
    );
    if (event.hostName === '') event.hostName = context.peer;
    if (event.record !== null) return; // rules for the program ask for its own names
    event.record = document;
    event.recordPrefix = 'json.';
  },
};

/** What a shipper's ECS document carries, once its own fields are read. Documents of other matters are left alone. */
export function readShipped(event: EcsEvent, document: JsonObject, context: ParseContext): void {
  if (!SHIPPED.includes(event.category)) return;
  const origin = ecsOriginOf(event, document);
  if (origin.program === '' && event.message === '') return;
  const carried = unwrap(strip(event.message), origin, event.timestamp, false);
  const program = programOf(origin);
  if (program === otherProgram) {
    if (!carried.isLine && event.extra?.['log.syslog.appname'] === undefined) return;
  } else if (carried.text === '') {
    if (event.category !== '') event.logsource = program.logsource;
    return;
  }
  const { action, dataset } = event;
  if (event.hostName === '') event.hostName = text(event.extra?.['host.hostname']);
  readCarried(event, carried, origin, program, context);
  if (action !== '' && (event.action === '' || event.action.endsWith('_message'))) event.action = action;
  if (dataset !== '' && program === otherProgram) event.dataset = dataset;
}

/** Categories of documents whose message may be a program's: others describe what they are about in fields. */
const SHIPPED = ['', 'authentication', 'session', 'iam'];

interface Carried {
  /** The message without header and tag. */
  text: string;
  /** Whether it was a whole line, with a header of its own. */
  isLine: boolean;
  /** Time in the line's header, as ms and as written; NaN when there is none. */
  time: number;
  written: string;
}

/**
 * Takes header and tag off a message, into the origin where the document left it open. `isSyslog`: the document is known
 * to carry syslog; otherwise `login: no such user` and `2026-02-27 10:00:00 worker task: done` are other software's texts.
 */
function unwrap(message: string, origin: SyslogOrigin, receivedAt: number, isSyslog: boolean): Carried {
  const carried: Carried = { text: message, isLine: false, time: Number.NaN, written: '' };
  const header = origin.program === '' ? readSyslogHeader(message, receivedAt) : null;
  if (header !== null && (isSyslog ? header.program !== '' || header.priority >= 0 : isSure(header, message))) {
    origin.program = header.program;
    origin.module = header.module;
    if (header.pid !== 0) origin.pid = header.pid;
    if (header.host !== '') origin.host = header.host;
    if (header.priority >= 0) [origin.facility, origin.severity] = [header.priority >> 3, header.priority & 7];
    return {
      text: message.slice(header.messageAt),
      isLine: true,
      time: header.time,
      written: message.slice(header.timeStart, header.timeEnd),
    };
  }
  const tag = readSyslogTag(message);
  if (tag === null) return carried;
  const isOwn =
    origin.program === ''
      ? programNamed(tag.program, tag.module) !== otherProgram && (isSyslog || tag.pid !== 0)
      : tag.program === origin.program;
  if (!isOwn) return carried;
  origin.program = tag.program;
  origin.module = tag.module;
  if (tag.pid !== 0) origin.pid = tag.pid;
  carried.text = message.slice(tag.messageAt);
  return carried;
}

/** A header that other software's texts do not have: a priority, or a tag that is more than a word before a colon. */
function isSure(header: SyslogHeader, message: string): boolean {
  if (header.priority >= 0) return true;
  if (header.program === '') return false;
  const isoTime = message.charCodeAt(4) === 45;
  return !isoTime || header.pid !== 0 || programNamed(header.program, header.module) !== otherProgram;
}

function programOf(origin: SyslogOrigin): Program {
  return origin.program === '' ? otherProgram : programNamed(origin.program, origin.module);
}

function readCarried(
  event: EcsEvent,
  { text: message, time, written }: Carried,
  origin: SyslogOrigin,
  program: Program,
  context: ParseContext,
): void {
  if (!Number.isNaN(time)) stamp(event, time, written, context);
  event.hostName = hostOf(event.hostName, origin.host);
  if (origin.program !== '') event.processName = origin.program;
  if (origin.pid !== 0) event.processPid = origin.pid;
  if (origin.facility >= 0) event.setExtra('log.syslog.facility.name', FACILITIES[origin.facility]);
  if (origin.severity >= 0) event.setExtra('log.level', SYSLOG_LABELS[origin.severity as 0]);
  event.severity = 0;
  readProgramMessage(event, program, message, { ...origin, priority: origin.severity });
}

/** The line's host, which a relay keeps; but a document's full name of the same host says more. */
function hostOf(document: string, line: string): string {
  return line === '' || document.startsWith(`${line}.`) ? document : line;
}

/** rsyslog's messages begin with a blank, Docker's end with a line feed. */
function strip(message: string): string {
  let start = 0;
  let end = message.length;
  while (isBlank(message.charCodeAt(start))) start++;
  while (end > start && isBlank(message.charCodeAt(end - 1))) end--;
  return message.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 0xfeff;
}

const AUTH = FACILITIES.indexOf('auth');
const AUTHPRIV = FACILITIES.indexOf('authpriv');

/** rsyslog's own template names no program: what the authentication facilities say is known by its words. */
function programByWords(message: string, { program, facility }: SyslogOrigin): Program {
  if (program !== '' || (facility !== AUTH && facility !== AUTHPRIV)) return otherProgram;
  let name = '';
  if (message.startsWith('pam_')) name = message.slice(message.indexOf('(') + 1, message.indexOf(':'));
  else if (message.includes(' ; COMMAND=')) name = 'sudo';
  else if (SSHD_WORDS.some((words) => message.startsWith(words))) name = message.includes(' port ') ? 'sshd' : '';
  return programs.get(name) ?? otherProgram;
}

const SSHD_WORDS = [
  'Failed ',
  'Accepted ',
  'Invalid user ',
  'Connection closed by ',
  'Connection reset by ',
  'Disconnected from ',
  'Received disconnect from ',
  'error: maximum authentication attempts exceeded for ',
];
