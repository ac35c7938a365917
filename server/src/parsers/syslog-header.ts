/**
 * The syslog envelope: RFC 5424; RFC 3164 with or without priority, with a year or fractions where devices add them;
 * the ISO times of modern rsyslog and journald; and bare `tag[pid]: text` behind a priority.
 * One header object is reused: it is valid until the next call.
 */
import { severityOfLabel } from '../normalise/severity.ts';
import { clockMs, dayMs, isoEnd, isoTime, monthAt, twoDigits, yearlessTime } from './time.ts';

export interface SyslogHeader {
  /** 0–191, -1 when there is none. */
  priority: number;
  /** ms, NaN when there is none. */
  time: number;
  /** The time as written: `line.slice(timeStart, timeEnd)`. */
  timeStart: number;
  timeEnd: number;
  host: string;
  /** Program without path and in lower case where the table of programs wants it so; '' when there is none. */
  program: string;
  /** `pam_unix` of `sshd(pam_unix)[1]:`. */
  module: string;
  pid: number;
  messageId: string;
  /** RFC 5424 structured data as written, '' when there is none. */
  structuredData: string;
  /** Where the message begins. */
  messageAt: number;
}

const header: SyslogHeader = {
  priority: -1,
  time: Number.NaN,
  timeStart: 0,
  timeEnd: 0,
  host: '',
  program: '',
  module: '',
  pid: 0,
  messageId: '',
  structuredData: '',
  messageAt: 0,
};

const MAX_TAG = 64;

/** Reads the envelope; null when the line has none. `receivedAt` resolves times without a year. */
export function readSyslogHeader(line: string, receivedAt: number): SyslogHeader | null {
  clear();
  const at = readPriority(line);
  if (header.priority >= 0 && line.charCodeAt(at) === 49 && line.charCodeAt(at + 1) === 32) {
    if (readRfc5424(line, at + 2)) return header;
  }
  header.timeStart = at;
  const afterTime = readTime(line, at, receivedAt);
  header.timeEnd = afterTime;
  if (afterTime === at) {
    if (header.priority < 0) return null;
    header.messageAt = at;
    readTag(line, at);
    return header;
  }
  if (line.charCodeAt(afterTime) === 58) return null;
  if (!readHostAndTag(line, afterTime)) return null;
  return isApplicationLog(line, at) ? null : header;
}

/** Reads a message without envelope that begins with `program[pid]: `; null when it does not. */
export function readSyslogTag(message: string): SyslogHeader | null {
  clear();
  header.messageAt = 0;
  readTag(message, 0);
  return header.messageAt > 0 ? header : null;
}

/** `Feb 27 08:14:05` and alike, alone; NaN when it is none. */
export function syslogTime(written: string, receivedAt: number): number {
  return readTime(written, 0, receivedAt) > 0 ? header.time : Number.NaN;
}

function clear(): void {
  header.priority = -1;
  header.time = Number.NaN;
  header.host = '';
  header.program = '';
  header.module = '';
  header.pid = 0;
  header.messageId = '';
  header.structuredData = '';
}

/** `2026-02-06 12:00:00 INFO text`: an application's own log, whose level stands where syslog has the host. */
function isApplicationLog(line: string, timeAt: number): boolean {
  if (header.priority >= 0 || line.charCodeAt(timeAt + 4) !== 45) return false;
  return header.program === '' || severityOfLabel(header.host) > 0;
}

/** `<38>` → its value; returns where to go on. */
function readPriority(line: string): number {
  if (line.charCodeAt(0) !== 60) return 0;
  let value = 0;
  for (let i = 1; i < 5; i++) {
    const code = line.charCodeAt(i);
    if (code === 62 && i > 1) {
      if (value > 191) return 0;
      header.priority = value;
      return i + 1;
    }
    if (!(code >= 48 && code <= 57)) return 0;
    value = value * 10 + code - 48;
  }
  return 0;
}

/** `TIMESTAMP HOST APP PROCID MSGID SD MSG`, from the timestamp. */
function readRfc5424(line: string, at: number): boolean {
  const time = fieldEnd(line, at);
  const host = fieldEnd(line, time + 1);
  const app = fieldEnd(line, host + 1);
  const process = fieldEnd(line, app + 1);
  const message = fieldEnd(line, process + 1);
  if (message < 0 || message >= line.length + 1) return false;
  const written = line.charCodeAt(at) === 45 && time === at + 1 ? Number.NaN : isoTime(line, at);
  if (Number.isNaN(written) && !(line.charCodeAt(at) === 45 && time === at + 1)) return false;
  const data = structuredDataEnd(line, message + 1);
  if (data < 0) return false;
  header.time = written;
  header.timeStart = at;
  header.timeEnd = time;
  header.host = field(line, time + 1, host);
  header.program = field(line, host + 1, app);
  header.pid = pidOf(line, app + 1, process);
  header.messageId = field(line, process + 1, message);
  header.structuredData = field(line, message + 1, data);
  header.messageAt = messageStart(line, Math.min(data + 1, line.length));
  return true;
}

/** Behind a byte order mark, and behind the second blank that rsyslog writes (its messages begin with one). */
function messageStart(line: string, at: number): number {
  let start = at;
  if (line.charCodeAt(start) === 0xfeff) start++;
  if (line.charCodeAt(start) === 32) start++;
  return line.charCodeAt(start) === 0xfeff ? start + 1 : start;
}

/** End of the field at `at`: its blank; past the line's end by much when the line stops before it. */
function fieldEnd(line: string, at: number): number {
  if (at <= 0 || at > line.length) return line.length + 1;
  const end = line.indexOf(' ', at);
  return end < 0 ? line.length + 1 : end;
}

function field(line: string, start: number, end: number): string {
  const value = line.slice(start, Math.min(end, line.length));
  return value === '-' ? '' : value;
}

/** `-` or `[id key="va\]lue"][id2 …]` → its end; -1 when it is broken. */
function structuredDataEnd(line: string, at: number): number {
  if (at > line.length) return -1;
  if (line.charCodeAt(at) === 45) return at + 1;
  if (line.charCodeAt(at) !== 91) return -1;
  let quoted = false;
  for (let i = at; i < line.length; i++) {
    const code = line.charCodeAt(i);
    if (code === 92 && quoted) i++;
    else if (code === 34) quoted = !quoted;
    else if (code === 93 && !quoted && line.charCodeAt(i + 1) !== 91) return i + 1;
  }
  return -1;
}

/** Reads the time at `at` into the header; returns where it ends (`at` when there is none). */
function readTime(line: string, at: number, receivedAt: number): number {
  const first = line.charCodeAt(at);
  if (first >= 48 && first <= 57) {
    const time = isoTime(line, at);
    if (Number.isNaN(time)) return at;
    header.time = time;
    return isoEnd;
  }
  // Some relays mark unsynchronised clocks with `*` or `.`.
  const start = first === 42 || first === 46 ? at + 1 : at;
  const month = monthAt(line, start);
  if (month === 0 || line.charCodeAt(start + 3) !== 32) return at;
  const tens = line.charCodeAt(start + 4) === 32 ? 0 : line.charCodeAt(start + 4) - 48;
  const oneDigit = line.charCodeAt(start + 5) === 32 && tens > 0;
  const day = oneDigit ? tens : tens * 10 + line.charCodeAt(start + 5) - 48;
  return readClock(line, start + (oneDigit ? 6 : 7), month, day, receivedAt, at);
}

/** `[YYYY ]HH:MM:SS[.mmm][ YYYY]` behind the day. */
function readClock(line: string, from: number, month: number, day: number, receivedAt: number, at: number): number {
  let clockAt = from;
  let year = Number.NaN;
  if (line.charCodeAt(clockAt + 2) !== 58 && line.charCodeAt(clockAt + 4) === 32) {
    year = twoDigits(line, clockAt) * 100 + twoDigits(line, clockAt + 2);
    clockAt += 5;
  }
  const clock = clockMs(line, clockAt);
  if (Number.isNaN(clock) || !(day >= 1 && day <= 31)) return at;
  let end = clockAt + 8;
  let fraction = 0;
  if (line.charCodeAt(end) === 46) {
    let scale = 100;
    for (end++; line.charCodeAt(end) >= 48 && line.charCodeAt(end) <= 57; end++) {
      fraction += (line.charCodeAt(end) - 48) * scale;
      scale = scale > 1 ? scale / 10 : 0;
    }
  }
  const ms = Number.isNaN(year) ? yearlessTime(month, day, clock, receivedAt) : dayMs(year, month, day) + clock;
  header.time = ms + fraction;
  return end;
}

/** ` HOST TAG: message` behind the time; a tag directly behind the time means that the host is missing. */
function readHostAndTag(line: string, at: number): boolean {
  let hostAt = at;
  if (line.charCodeAt(hostAt) === 58) hostAt++;
  if (line.charCodeAt(hostAt) !== 32) return false;
  while (line.charCodeAt(hostAt) === 32) hostAt++;
  let end = line.indexOf(' ', hostAt);
  if (end < 0) end = line.length;
  const last = line.charCodeAt(end - 1);
  if (last === 58 && end - hostAt > 1 && line.indexOf(':', hostAt) === end - 1) {
    header.messageAt = hostAt;
    readTag(line, hostAt);
    return true;
  }
  header.host = line.slice(hostAt, end);
  header.messageAt = Math.min(end + 1, line.length);
  // Routers write ` : %TAG: …`, login writes ` -- root[1]: …`: the tag is behind it.
  if (line.startsWith(': ', header.messageAt)) header.messageAt += 2;
  else if (line.startsWith(' -- ', header.messageAt)) header.messageAt += 4;
  readTag(line, header.messageAt);
  return header.host !== '';
}

/** `program[pid]: `, `program(module)[pid]: `, `program: ` at `at`; moves `messageAt` behind it. */
function readTag(line: string, at: number): void {
  const limit = Math.min(line.length, at + MAX_TAG);
  let end = at;
  let module = -1;
  for (; end < limit; end++) {
    const code = line.charCodeAt(end);
    if (code === 40 && module < 0) module = end;
    if (code === 91 || code === 58 || code === 32) break;
  }
  const stop = line.charCodeAt(end);
  if (end === at || end === limit) return;
  let after = end;
  let pid = 0;
  if (stop === 91) {
    const close = line.indexOf(']', end);
    if (close < 0 || close - end > 24) return;
    pid = pidOf(line, end + 1, close);
    after = close + 1;
  }
  if (line.charCodeAt(after) === 58) after++;
  else if (stop !== 91) return;
  if (line.charCodeAt(after) === 32) after++;
  else if (after < line.length && stop === 58) return;
  header.pid = pid;
  header.messageAt = after;
  if (module > at && line.charCodeAt(end - 1) === 41) {
    header.module = line.slice(module + 1, end - 1);
    end = module;
  }
  header.program = line.slice(at, end);
}

function pidOf(line: string, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = line.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return 0;
    value = value * 10 + digit;
  }
  return value <= 0xffffffff ? value : 0;
}
