/**
 * Syslog lines: the envelope is read here; what the message means is the program's parser's business (`programs/`), or
 * another format's when the message is JSON, CEF or an access log.
 */
import { EcsEvent } from '@vedette/contracts';
import { Rejection, type ParseResult } from '../pipeline/result.ts';
import { cef } from './cef.ts';
import { json } from './json/generic.ts';
import { defineParser, type ParseContext, type Parser, type ParserSession } from './parser.ts';
import { otherProgram } from './programs/index.ts';
import { readSyslogHeader, type SyslogHeader } from './syslog-header.ts';
import { programNamed, readProgramMessage, setPriority } from './syslog-message.ts';
import { stamp } from './time.ts';
import { webAccess } from './web-access.ts';
import { webError } from './web-error.ts';

const jsonBody = json.open();
const cefBody = cef.open();
const accessBody = webAccess.open();
const errorBody = webError.open();
const WEB_PROGRAMS = ['nginx', 'apache', 'apache2', 'httpd'];
const NO_PRIORITY = { program: '', module: '', priority: -1 };

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
    const program = programNamed(header.program, header.module);
    const message = header.messageAt === 0 ? line : line.slice(header.messageAt);
    if (program === otherProgram) {
      const inner = bodyFormat(message, header.program);
      if (inner !== null) return innerEvent(inner, line, message, header, context);
    }
    const event = new EcsEvent();
    readEnvelope(event, line, header, context);
    readProgramMessage(event, program, message, header);
    return event;
  },
});

function readEnvelope(event: EcsEvent, line: string, header: SyslogHeader, context: ParseContext): void {
  if (header.time === header.time) stamp(event, header.time, line.slice(header.timeStart, header.timeEnd), context);
  else event.timestamp = context.receivedAt;
  event.hostName = header.host !== '' ? header.host : context.peer;
  event.processName = header.program;
  event.processPid = header.pid;
  if (header.priority >= 0) setPriority(event, header.priority);
  event.setExtra('log.syslog.msgid', header.messageId);
  event.setExtra('log.syslog.structured_data', header.structuredData);
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
    readProgramMessage(envelope, otherProgram, message, NO_PRIORITY);
    return envelope;
  }
  if (inner.hostName === '') inner.hostName = envelope.hostName;
  if (inner.processName === '') inner.processName = envelope.processName;
  if (inner.processPid === 0) inner.processPid = envelope.processPid;
  if (envelope.extra !== null) inner.extra = { ...envelope.extra, ...inner.extra };
  return inner;
}
