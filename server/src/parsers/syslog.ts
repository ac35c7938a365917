/**
 * Syslog lines: the envelope is read here; what the message means is the program's parser's business (`programs/`), or
 * another format's when the message is JSON, CEF or an access log.
 */
import { EcsEvent } from '@vedette/contracts';
import { severityOfMessage, SYSLOG_LABELS, SYSLOG_LEVELS } from '../normalise/severity.ts';
import { Rejection, type ParseResult } from '../pipeline/result.ts';
import { cef } from './cef.ts';
import { json } from './json/generic.ts';
import { defineParser, type ParseContext, type Parser, type ParserSession } from './parser.ts';
import { otherProgram, programs, type Program } from './programs/index.ts';
import { pamText } from './programs/pam.ts';
import { readSyslogHeader, type SyslogHeader } from './syslog-header.ts';
import { stamp } from './time.ts';
import { webAccess } from './web-access.ts';
import { webError } from './web-error.ts';

const FACILITIES = [
  'kern',
  'user',
  'mail',
  'daemon',
  'auth',
  'syslog',
  'lpr',
  'news',
  'uucp',
  'cron',
  'authpriv',
  'ftp',
  'ntp',
  'audit',
  'alert',
  'clock',
  ...Array.from({ length: 8 }, (_, i) => `local${i}`),
];

const jsonBody = json.open();
const cefBody = cef.open();
const accessBody = webAccess.open();
const errorBody = webError.open();
const WEB_PROGRAMS = ['nginx', 'apache', 'apache2', 'httpd'];

export const syslog: Parser = defineParser({
  name: 'syslog',
  sourceType: 'generic',
  detect(line) {
    const header = readSyslogHeader(line, Date.UTC(2030, 0, 1));
    if (header === null) return 0;
    if (header.priority >= 0) return 0.95;
    return header.program !== '' ? 0.9 : 0.4;
  },
  parse(line, context) {
    const header = readSyslogHeader(line, context.receivedAt);
    if (header === null) return new Rejection('unparsed', 'no syslog header');
    const program = programOf(header);
    const message = header.messageAt === 0 ? line : line.slice(header.messageAt);
    if (program === otherProgram) {
      const inner = bodyFormat(message, header.program);
      if (inner !== null) return innerEvent(inner, line, message, header, context);
    }
    const event = new EcsEvent();
    readEnvelope(event, line, header, context);
    event.dataset = program.dataset;
    event.sourceType = program.sourceType;
    event.logsource = program.logsource;
    event.message = message;
    if (header.module.startsWith('pam_')) pamModule(event, header, message);
    else if (program.parse !== null) program.parse(event, message);
    raise(event, header.priority, program);
    return event;
  },
});

const aliases = new Map<string, Program>();
const MAX_ALIASES = 1000;

/** The program by its name as written: in any case, with a path. Names come from the network: what is kept is bounded. */
function programOf(header: SyslogHeader): Program {
  const known = programs.get(header.program) ?? aliases.get(header.program);
  if (known !== undefined) return known;
  const name = header.program.toLowerCase();
  const bare = name.slice(name.lastIndexOf('/') + 1);
  const program = programs.get(bare) ?? (header.module.startsWith('pam_') ? programs.get('login')! : otherProgram);
  if (aliases.size < MAX_ALIASES && !header.module) aliases.set(header.program, program);
  return program;
}

function readEnvelope(event: EcsEvent, line: string, header: SyslogHeader, context: ParseContext): void {
  if (header.time === header.time) stamp(event, header.time, line.slice(header.timeStart, header.timeEnd), context);
  else event.timestamp = context.receivedAt;
  event.hostName = header.host !== '' ? header.host : context.peer;
  event.processName = header.program;
  event.processPid = header.pid;
  if (header.priority >= 0) {
    event.setExtra('log.syslog.facility.name', FACILITIES[header.priority >> 3]);
    event.setExtra('log.level', SYSLOG_LABELS[(header.priority & 7) as 0]);
  }
  event.setExtra('log.syslog.msgid', header.messageId);
  event.setExtra('log.syslog.structured_data', header.structuredData);
}

/** The older `sshd(pam_unix)[1]: authentication failure; …`. */
function pamModule(event: EcsEvent, header: SyslogHeader, message: string): void {
  event.setExtra('pam.module', header.module);
  event.setExtra('pam.service', header.program);
  pamText(event, message);
}

/** Level by the program's parser; else by priority or words, whichever says more. */
function raise(event: EcsEvent, priority: number, program: Program): void {
  if (program.parse !== null && event.severity > 0) return;
  const byWords = severityOfMessage(event.message);
  const byPriority = priority >= 0 ? SYSLOG_LEVELS[(priority & 7) as 0] : 0;
  event.severity = Math.max(byWords, byPriority);
}

function bodyFormat(message: string, program: string): ParserSession | null {
  const first = message.charCodeAt(0);
  if (first === 123) return jsonBody;
  if (first === 67 && message.startsWith('CEF:')) return cefBody;
  if (!WEB_PROGRAMS.includes(program)) return null;
  return webAccess.detect(message) > 0 ? accessBody : webError.detect(message) > 0 ? errorBody : null;
}

/** The event of the inner format, with what only the envelope knows; the plain message when it does not parse. */
function innerEvent(
  session: ParserSession,
  line: string,
  message: string,
  header: SyslogHeader,
  context: ParseContext,
): ParseResult {
  const envelope = new EcsEvent();
  readEnvelope(envelope, line, header, context);
  const inner = session.parse(message, { ...context, receivedAt: envelope.timestamp });
  if (!(inner instanceof EcsEvent)) {
    envelope.dataset = otherProgram.dataset;
    envelope.sourceType = otherProgram.sourceType;
    envelope.logsource = otherProgram.logsource;
    envelope.message = message;
    raise(envelope, -1, otherProgram);
    return envelope;
  }
  if (inner.hostName === '') inner.hostName = envelope.hostName;
  if (inner.processName === '') inner.processName = envelope.processName;
  if (inner.processPid === 0) inner.processPid = envelope.processPid;
  if (envelope.extra !== null) inner.extra = { ...envelope.extra, ...inner.extra };
  return inner;
}
