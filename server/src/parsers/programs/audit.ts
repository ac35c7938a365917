/**
 * Records of the Linux audit daemon, one event each: `[node=HOST ]type=TYPE msg=audit(SECONDS.MS:SERIAL): key=value …`,
 * from its own file or by way of syslog. The record keeps the kernel's names (`type`, `exe`, `a0`, …), which Sigma's
 * rules for auditd use. Values that users choose stand in quotes, or in hexadecimal where quotes would not hold them.
 */
import type { EcsEvent, ExtraValue } from '@vedette/contracts';
import { integerAt, setSource, wordAt } from './program.ts';

const STAMP = ' msg=audit(';
const MAX_PAIRS = 1000;
const MAX_ARGUMENTS = 200;

/** Where the record's type stands in the line; -1 when it is no audit record. */
export function auditTypeAt(line: string): number {
  let at = 0;
  if (line.startsWith('node=')) at = line.indexOf(' ') + 1;
  if (!line.startsWith('type=', at)) return -1;
  return line.startsWith(STAMP, at + 5 + wordAt(line, at + 5).length) ? at + 5 : -1;
}

/** Time of the record (ms), NaN when there is none; `typeAt` as `auditTypeAt` gives it. */
export function auditTime(line: string, typeAt: number): number {
  const at = line.indexOf(STAMP, typeAt) + STAMP.length;
  const point = line.indexOf('.', at);
  if (point < 0 || point - at > 12) return Number.NaN;
  return integerAt(line, at) * 1000 + integerAt(line, point + 1, 999);
}

export function parseAudit(event: EcsEvent, line: string): void {
  const typeAt = auditTypeAt(line);
  if (typeAt < 0) return;
  if (line.startsWith('node=')) event.hostName = wordAt(line, 5);
  const type = wordAt(line, typeAt);
  const record: Record<string, ExtraValue> = { type };
  const colon = line.indexOf('):', typeAt);
  const serial = line.lastIndexOf(':', colon - 1);
  if (colon > 0) event.setExtra('auditd.sequence', integerAt(line, serial + 1));
  readPairs(line, colon < 0 ? line.length : colon + 2, type, record);
  event.message = line.slice(typeAt - 5);
  event.record = record;
  event.recordPrefix = 'auditd.log.';
  readFields(event, type, record);
}

/** `key=value`, `key="text"`, `msg='key=value …'` from `at`; the enriched part stands behind a group separator. */
function readPairs(line: string, from: number, type: string, record: Record<string, ExtraValue>): void {
  let at = from;
  for (let pairs = 0; at < line.length && pairs < MAX_PAIRS;) {
    if (isSeparator(line.charCodeAt(at))) {
      at++;
      continue;
    }
    let end = at;
    while (end < line.length && line.charCodeAt(end) !== 61 && !isSeparator(line.charCodeAt(end))) end++;
    if (line.charCodeAt(end) !== 61) {
      at = end;
      continue;
    }
    const key = line.slice(at, end);
    at = end + 1;
    // What programs say stands in single quotes: its pairs are read like the kernel's.
    if (line.charCodeAt(at) === 39) continue;
    const isQuoted = line.charCodeAt(at) === 34;
    const start = isQuoted ? at + 1 : at;
    end = isQuoted ? line.indexOf('"', start) : start;
    if (end < 0) end = line.length;
    if (!isQuoted) while (end < line.length && !isSeparator(line.charCodeAt(end))) end++;
    const value = line.slice(start, end);
    if (key !== '__proto__' && key !== 'type') record[key] = isQuoted || !mayBeHex(key, type) ? value : decoded(value);
    at = isQuoted ? end + 1 : end;
    pairs++;
  }
}

/** Blank, single quote, group separator. */
function isSeparator(code: number): boolean {
  return code === 32 || code === 39 || code === 29;
}

const HEX_KEYS = new Set([
  'comm',
  'exe',
  'name',
  'proctitle',
  'acct',
  'cwd',
  'cmd',
  'path',
  'data',
  'key',
  'vm',
  'unit',
]);

/** A system call's `a0` … are numbers, a program's are texts. */
function mayBeHex(key: string, type: string): boolean {
  return HEX_KEYS.has(key) || (type === 'EXECVE' && /^a\d+(?:\[\d+\])?$/.test(key));
}

/** Text behind a value in hexadecimal; the value itself when it is none. NUL bytes part arguments. */
function decoded(value: string): string {
  if (value.length < 2 || value.length % 2 !== 0 || !/^[0-9A-F]+$/.test(value)) return value;
  return Buffer.from(value, 'hex').toString('utf8').replaceAll('\0', ' ').trimEnd();
}

function readFields(event: EcsEvent, type: string, record: Record<string, ExtraValue>): void {
  const value = (key: string) => {
    const found = record[key];
    return typeof found === 'string' && found !== '?' && found !== '(null)' ? found : '';
  };
  event.action = type.toLowerCase();
  event.processExecutable = value('exe');
  event.processName = value('comm') || event.processExecutable.slice(event.processExecutable.lastIndexOf('/') + 1);
  event.processPid = integerAt(value('pid'), 0);
  event.userName = value('acct') || value('ID') || value('UID');
  event.setExtra('user.id', value('uid'));
  if (value('auid') !== UNSET) event.setExtra('user.audit.id', value('auid'));
  event.setExtra('process.parent.pid', value('ppid') === '' ? undefined : integerAt(value('ppid'), 0));
  event.setExtra('process.working_directory', value('cwd'));
  event.setExtra('process.tty.name', value('tty') || value('terminal'));
  setSource(event, value('addr'));
  const result = value('res') || value('success') || value('result');
  if (result !== '') event.outcome = /^(?:success|yes|1)$/.test(result) ? 'success' : 'failure';
  [event.category, event.type, event.severity] = classOf(type);
  if (event.outcome === 'failure' && event.category === 'authentication') event.severity = 5;
  if (event.category === 'iam') [event.userName, event.targetUserName] = [value('AUID'), value('acct')];
  if (type === 'SYSCALL') event.action = systemCall(record);
  else if (type === 'EXECVE') event.processCommandLine = argumentsOf(record);
  else if (type === 'PROCTITLE') event.processCommandLine = value('proctitle');
  else if (type === 'USER_CMD') event.processCommandLine = value('cmd');
  else if (type === 'PATH') event.filePath = value('name');
}

/** Names of x86-64 system calls that rules ask for: where the daemon is not set to add names, it gives numbers. */
const SYSTEM_CALLS: Readonly<Record<string, string>> = {
  41: 'socket',
  42: 'connect',
  59: 'execve',
  87: 'unlink',
  90: 'chmod',
  92: 'chown',
  101: 'ptrace',
  133: 'mknod',
  155: 'pivot_root',
  165: 'mount',
  175: 'init_module',
  176: 'delete_module',
  246: 'kexec_load',
  259: 'mknodat',
  263: 'unlinkat',
  268: 'fchmodat',
  272: 'unshare',
  310: 'process_vm_readv',
  313: 'finit_module',
  319: 'memfd_create',
  321: 'bpf',
  322: 'execveat',
};
const X86_64 = 'c000003e';
/** The audit user of what nobody has logged in for: -1 in 32 bits. */
const UNSET = '4294967295';

/** The system call's name, which is also put beside its number. */
function systemCall(record: Record<string, ExtraValue>): string {
  if (record['SYSCALL'] === undefined && record['arch'] === X86_64) {
    const name = SYSTEM_CALLS[String(record['syscall'])];
    if (name !== undefined) record['SYSCALL'] = name;
  }
  return String(record['SYSCALL'] ?? 'syscall');
}

function argumentsOf(record: Record<string, ExtraValue>): string {
  const words: string[] = [];
  for (let i = 0; i < MAX_ARGUMENTS; i++) {
    const word = record[`a${i}`];
    if (typeof word !== 'string') break;
    words.push(word);
  }
  return words.join(' ');
}

type Class = readonly [category: string, type: string, severity: number];
const CLASSES: readonly (readonly [start: string, class_: Class])[] = [
  ['USER_LOGIN', ['authentication', 'start', 3]],
  ['USER_AUTH', ['authentication', 'start', 2]],
  ['USER_ERR', ['authentication', 'info', 5]],
  ['USER_ACCT', ['authentication', 'info', 2]],
  ['CRED_', ['authentication', 'info', 1]],
  ['USER_START', ['session', 'start', 2]],
  ['USER_END', ['session', 'end', 2]],
  ['USER_LOGOUT', ['session', 'end', 2]],
  ['LOGIN', ['session', 'start', 2]],
  ['USER_CMD', ['process', 'start', 3]],
  ['ADD_', ['iam', 'creation', 6]],
  ['DEL_', ['iam', 'deletion', 6]],
  ['USER_CHAUTHTOK', ['iam', 'change', 5]],
  ['USER_MGMT', ['iam', 'change', 5]],
  ['GRP_', ['iam', 'change', 5]],
  ['EXECVE', ['process', 'start', 2]],
  ['SYSCALL', ['process', 'info', 1]],
  ['PROCTITLE', ['process', 'info', 1]],
  ['CWD', ['process', 'info', 1]],
  ['PATH', ['file', 'info', 1]],
  ['ANOM_', ['process', 'info', 7]],
  ['AVC', ['process', 'denied', 5]],
  ['SECCOMP', ['process', 'denied', 5]],
  ['SERVICE_', ['process', 'change', 2]],
  ['DAEMON_', ['process', 'change', 4]],
  ['CONFIG_CHANGE', ['configuration', 'change', 4]],
];
const OTHER: Class = ['process', 'info', 1];

function classOf(type: string): Class {
  return CLASSES.find(([start]) => type.startsWith(start))?.[1] ?? OTHER;
}
