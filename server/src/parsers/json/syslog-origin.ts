/**
 * Who wrote the syslog message that a document carries, by the names that rsyslog, syslog-ng, journald, Logstash, Fluent
 * Bit, Vector, NXLog and Filebeat use for it.
 */
import type { EcsEvent } from '@vedette/contracts';
import { SYSLOG_LABELS } from '../../normalise/severity.ts';
import { readSyslogTag, syslogTime } from '../syslog-header.ts';
import { otherProgram } from '../programs/index.ts';
import { FACILITIES, programNamed } from '../syslog-message.ts';
import { anyTime } from '../time.ts';
import { firstText, integer, type JsonObject } from './document.ts';

export interface SyslogOrigin {
  /** '' where the document does not say. */
  program: string;
  /** `pam_unix` of the tag `sshd(pam_unix)[1]:`. */
  module: string;
  pid: number;
  host: string;
  /** 0–23, -1 when there is none. */
  facility: number;
  /** Syslog severity 0 (emerg) – 7 (debug), -1 when there is none. */
  severity: number;
}

const MESSAGES = ['message', 'msg', 'MESSAGE', 'Message', 'log'];
/** Names that only shippers of syslog write. */
const TELLING = [
  'syslogtag',
  'syslog-tag',
  'programname',
  'fromhost',
  'timereported',
  'syslogfacility',
  'syslogfacility-text',
  'syslogseverity',
  'syslogseverity-text',
  'syslog_identifier',
  'SYSLOG_IDENTIFIER',
  'SYSLOG_FACILITY',
  '__REALTIME_TIMESTAMP',
  'SyslogFacility',
  'facility_label',
];
const PROGRAMS = [
  'syslogtag',
  'syslog-tag',
  'programname',
  'SYSLOG_IDENTIFIER',
  'syslog_identifier',
  '_COMM',
  'program',
  'PROGRAM',
  'ident',
  'appname',
  'app-name',
  'app_name',
];
/** Names that mean other things too (Fluentd tags, any software's processes). */
const LOOSE_PROGRAMS = ['tag', 'SourceName', 'process_name', 'process'];
const PIDS = ['procid', 'pid', '_PID', 'SYSLOG_PID', 'PID', 'ProcessID', 'process_id'];
/** Logstash's `host` is who sent the line, its `logsource` who wrote it. */
const HOSTS = ['hostname', 'fromhost', '_HOSTNAME', 'HOST', 'Hostname', 'logsource', 'host'];
const FACILITY_NAMES = [
  'facility',
  'syslogfacility',
  'syslogfacility-text',
  'FACILITY',
  'SYSLOG_FACILITY',
  'SyslogFacility',
];
const SEVERITIES = [
  'severity',
  'syslogseverity',
  'syslogseverity-text',
  'SyslogSeverity',
  'PRIORITY',
  'priority',
  'level',
  'pri',
];
const TIMES = [
  'timereported',
  '@timestamp',
  'timestamp',
  '__REALTIME_TIMESTAMP',
  'EventTime',
  'ISODATE',
  'DATE',
  'time',
  'ts',
  'date',
  'timegenerated',
];
const MAX_NAME = 64;

/** Names that tell, and names that may: a facility's word or a program that is known tell as well. */
const TELLING_NAMES = new Set(TELLING);
const HINTING_NAMES = new Set([...PROGRAMS, ...LOOSE_PROGRAMS, ...FACILITY_NAMES]);

/** Whether the document says by its names that it carries a syslog message. One look-up a key. */
export function saysSyslog(document: JsonObject): boolean {
  let hinted = false;
  for (const key of Object.keys(document)) {
    if (TELLING_NAMES.has(key)) return true;
    hinted ||= HINTING_NAMES.has(key);
  }
  if (!hinted) return false;
  if (FACILITIES.includes(firstText(document, FACILITY_NAMES).toLowerCase())) return true;
  const { program, module } = originOf(document);
  return program !== '' && programNamed(program, module) !== otherProgram;
}

/** The carried text; journald writes an array of bytes where it is not plain UTF-8. */
export function carriedText(document: JsonObject): string {
  const bytes = document['MESSAGE'];
  if (Array.isArray(bytes) && bytes.every((byte) => typeof byte === 'number'))
    return Buffer.from(bytes).toString('utf8');
  return firstText(document, MESSAGES);
}

export function originOf(document: JsonObject): SyslogOrigin {
  const origin: SyslogOrigin = {
    program: '',
    module: '',
    pid: integer(firstText(document, PIDS), 0xffffffff),
    host: firstText(document, HOSTS),
    facility: facilityNumber(firstText(document, FACILITY_NAMES)),
    severity: -1,
  };
  setProgram(origin, firstText(document, PROGRAMS) || looseProgram(document, origin.facility));
  const severity = firstText(document, SEVERITIES);
  const priority = Number(severity);
  if (priority > 7 && priority <= 191) origin.facility = priority >> 3;
  origin.severity = priority > 7 && priority <= 191 ? priority & 7 : severityNumber(severity);
  return origin;
}

/** The same of a document that is ECS, from the fields that were read of it. */
export function ecsOriginOf(event: EcsEvent, document: JsonObject): SyslogOrigin {
  const extra = event.extra ?? {};
  const named = (names: readonly string[]) => firstText(extra, names);
  const origin: SyslogOrigin = {
    program: '',
    module: '',
    pid: event.processPid !== 0 ? event.processPid : integer(named(['log.syslog.procid']), 0xffffffff),
    host: named(['log.syslog.hostname', 'hostname']),
    facility: facilityNumber(named(['log.syslog.facility.name', 'log.syslog.facility.code', 'syslog.facility'])),
    severity: severityNumber(named(['log.syslog.severity.code', 'log.syslog.severity.name', 'log.level'])),
  };
  const program = named(['log.syslog.appname', 'syslog.identifier', 'process.program']);
  setProgram(origin, program || firstText(document, PROGRAMS) || looseProgram(document, -1) || event.processName);
  return origin;
}

/** The program by a name that means other things too: one that is known, or where a facility shows that it is syslog. */
function looseProgram(document: JsonObject, facility: number): string {
  const written = firstText(document, LOOSE_PROGRAMS);
  if (written === '' || facility >= 0) return written;
  const tag = readSyslogTag(written);
  return programNamed(tag?.program ?? written, '') === otherProgram ? '' : written;
}

/** `sshd`, `sshd[12]:`, `sshd(pam_unix)[12]:`. */
function setProgram(origin: SyslogOrigin, written: string): void {
  const tag = readSyslogTag(written);
  if (tag === null) {
    origin.program = written.trim().slice(0, MAX_NAME);
    return;
  }
  origin.program = tag.program;
  origin.module = tag.module;
  if (tag.pid !== 0) origin.pid = tag.pid;
}

/** When the message was written: the first time of the document that can be read. [ms or NaN, as written]. */
export function carriedTime(document: JsonObject, receivedAt: number): [ms: number, written: unknown] {
  let written: unknown;
  for (const name of TIMES) {
    const value = document[name];
    if (value === undefined || value === null) continue;
    const ms = anyTime(value);
    if (!Number.isNaN(ms)) return [ms, value];
    const yearless = typeof value === 'string' ? syslogTime(value, receivedAt) : Number.NaN;
    if (!Number.isNaN(yearless)) return [yearless, value];
    written ??= value;
  }
  return [Number.NaN, written];
}

function facilityNumber(word: string): number {
  if (word === '' || word.length > 16) return -1;
  const number = Number(word);
  return Number.isInteger(number) && number >= 0 && number < FACILITIES.length
    ? number
    : FACILITIES.indexOf(word.toLowerCase());
}

const OTHER_LABELS: Readonly<Record<string, number>> = {
  emergency: 0,
  panic: 0,
  critical: 2,
  error: 3,
  warn: 4,
  information: 6,
  informational: 6,
};

function severityNumber(word: string): number {
  if (word === '' || word.length > 16) return -1;
  const number = Number(word);
  if (Number.isInteger(number)) return number >= 0 && number <= 7 ? number : -1;
  const label = word.toLowerCase();
  const known = (SYSLOG_LABELS as readonly string[]).indexOf(label);
  return known >= 0 || !Object.hasOwn(OTHER_LABELS, label) ? known : OTHER_LABELS[label]!;
}
