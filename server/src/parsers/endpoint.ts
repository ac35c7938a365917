/**
 * Antivirus records of several lines without a separator: a new one begins at `Date:`. The parser holds the open record;
 * it leaves with the next `Date:` or when the source pauses (`flush`).
 */
import { EcsEvent, type Logsource } from '@vedette/contracts';
import { severityOfLabel, severityOfMessage } from '../normalise/severity.ts';
import { Rejection, type ParseResult } from '../pipeline/result.ts';
import { defineStatefulParser, type ParseContext, type Parser, type ParserSession } from './parser.ts';
import { integerAt } from './programs/program.ts';
import { isoTime, stamp } from './time.ts';

const ANTIVIRUS: Logsource = { category: 'antivirus' };
const MAX_LINES = 64;
const MAX_CHARACTERS = 64 * 1024;
const FIELD = /^[A-Z][A-Za-z/ ]{1,30}:/;

export const endpoint: Parser = defineStatefulParser({
  name: 'endpoint',
  sourceType: 'endpoint',
  detect(line) {
    if (line.startsWith('Date: ') && !Number.isNaN(isoTime(line, 6))) return 0.98;
    return NAMES.some((name) => line.startsWith(`${name}: `)) ? 0.8 : 0;
  },
  open: openSession,
});

const NAMES = [
  'Event Type',
  'Scan Type',
  'Malware Found',
  'File Name',
  'File Path',
  'File Hash',
  'Threat Name',
  'Action Taken',
  'File/Process',
  'Reason',
  'Update Type',
  'Update Version',
  'User',
  'Computer',
];

function openSession(): ParserSession {
  let lines: string[] = [];
  let characters = 0;
  const take = (context: ParseContext): ParseResult => {
    const record = lines;
    lines = [];
    characters = 0;
    return record.length === 0 ? null : readRecord(record, context);
  };
  return {
    parse(line, context) {
      const begins = line.startsWith('Date:');
      if (!begins && lines.length === 0)
        return new Rejection('unparsed', 'not inside a record: none began with "Date:"');
      if (!begins && !FIELD.test(line) && line.trim() !== '') {
        return new Rejection('unparsed', 'no "Name: value" of an endpoint record');
      }
      const full = lines.length >= MAX_LINES || characters + line.length > MAX_CHARACTERS;
      const done = begins || full ? take(context) : null;
      lines.push(line);
      characters += line.length;
      return done;
    },
    flush: take,
  };
}

function readRecord(lines: readonly string[], context: ParseContext): EcsEvent {
  const event = new EcsEvent();
  event.raw = lines.join('\n');
  const fields = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  const get = (name: string) => fields.get(name) ?? '';
  const date = get('Date');
  stamp(event, date === '' ? Number.NaN : isoTime(date), date, context);
  event.dataset = 'endpoint';
  event.sourceType = 'endpoint';
  event.logsource = ANTIVIRUS;
  event.userName = get('User');
  event.hostName = get('Computer');
  event.filePath = get('File Path');
  event.ruleName = get('Threat Name').replace(/^\['|'\]$/g, '');
  event.setExtra('file.name', get('File Name'));
  readHash(event, get('File Hash'));
  const kind = get('Event Type');
  event.action = kind.toLowerCase().replaceAll(' ', '_');
  event.setExtra('endpoint.scan_type', get('Scan Type'));
  event.setExtra('endpoint.action_taken', get('Action Taken'));
  event.setExtra('endpoint.update_type', get('Update Type'));
  event.setExtra('endpoint.update_version', get('Update Version'));
  event.setExtra('event.reason', get('Reason'));
  event.processName = get('File/Process');
  const found = get('Malware Found');
  if (found !== '') event.setExtra('endpoint.malware_found', integerAt(found, 0));
  classify(event, kind, integerAt(found, 0));
  const label = get('Severity');
  event.setExtra('event.severity_label', label);
  event.severity = Math.max(event.severity, severityOfLabel(label));
  event.message = [kind, event.ruleName, event.filePath || event.processName].filter((part) => part !== '').join(': ');
  return event;
}

function readHash(event: EcsEvent, hash: string): void {
  if (hash.length === 64) event.hashSha256 = hash;
  else if (hash.length === 32) event.setExtra('file.hash.md5', hash);
  else if (hash.length === 40) event.setExtra('file.hash.sha1', hash);
  else event.setExtra('file.hash', hash);
}

function classify(event: EcsEvent, kind: string, found: number): void {
  const threat = event.ruleName !== '' || /threat|malware|virus|infect/i.test(kind);
  event.category = threat ? 'malware' : 'host';
  event.type = 'info';
  event.severity = threat ? Math.max(11, severityOfMessage(event.ruleName)) : Math.max(2, severityOfMessage(kind));
  if (found > 0) event.severity = Math.max(event.severity, 9);
  const taken = String(event.extra?.['endpoint.action_taken'] ?? '');
  if (kind.endsWith('Disabled')) event.severity = 9;
  if (taken !== '') event.outcome = /fail|none|ignored|allowed|no action/i.test(taken) ? 'failure' : 'success';
}
