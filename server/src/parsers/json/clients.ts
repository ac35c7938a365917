/**
 * JSON as simple clients send it, mapped without configuration: `{ts, event, user, ip, …}`, `{ts, src_ip, dst_ip, …}`,
 * `{ts, user, command, parent, …}`, and everything with a `source_type`. The names of one thing are one list below.
 */
import type { EcsEvent, Logsource } from '@vedette/contracts';
import { severityOfLabel } from '../../normalise/severity.ts';
import { anyTime, stamp } from '../time.ts';
import { setUrl } from '../url.ts';
import type { ParseContext } from '../parser.ts';
import { firstText, integer, port, type JsonObject } from './document.ts';
import type { JsonShape } from './shape.ts';

const SOURCE_TYPES = ['auth', 'firewall', 'ids', 'endpoint', 'dns', 'proxy', 'network', 'process', 'web', 'generic'];

export const clients: JsonShape = {
  name: 'json-client',
  sourceType: 'generic',
  recognise(document) {
    const type = document['source_type'];
    if (typeof type === 'string' && SOURCE_TYPES.includes(type)) return 0.9;
    return guessedType(document) === '' ? 0 : 0.75;
  },
  read(document, event, context) {
    const given = document['source_type'];
    const type = typeof given === 'string' && SOURCE_TYPES.includes(given) ? given : guessedType(document);
    readCommon(document, event, context);
    event.sourceType = type === '' ? 'generic' : type;
    event.dataset = `json.${event.sourceType}`;
    READERS[event.sourceType]?.(event, document);
    event.record = document;
    event.recordPrefix = 'json.';
  },
};

/** Type by the keys of the three simplest clients; '' when they do not say. */
function guessedType(document: JsonObject): string {
  if (document['ts'] === undefined && document['timestamp'] === undefined && document['time'] === undefined) return '';
  if (document['command'] !== undefined && (document['user'] !== undefined || document['parent'] !== undefined)) {
    return 'process';
  }
  if (document['src_ip'] !== undefined && document['dst_ip'] !== undefined) return 'network';
  const login = document['user'] !== undefined && document['ip'] !== undefined;
  return login && (document['event'] !== undefined || document['method'] !== undefined) ? 'auth' : '';
}

const TIMES = ['ts', 'timestamp', '@timestamp', 'time', 'event_time', 'eventTime', 'datetime', 'date'];
const NAMES = {
  message: ['message', 'msg', 'description', 'text', 'log'],
  host: ['host', 'hostname', 'host_name', 'computer', 'sensor'],
  user: ['user', 'username', 'user_name', 'login', 'account'],
  source: ['source_ip', 'src_ip', 'srcip', 'src', 'client_ip', 'remote_addr', 'ip'],
  sourcePort: ['source_port', 'src_port', 'sport', 'srcport'],
  destination: ['destination_ip', 'dest_ip', 'dst_ip', 'dstip', 'dst', 'server_ip'],
  destinationPort: ['destination_port', 'dest_port', 'dst_port', 'dport', 'dstport'],
  protocol: ['protocol', 'proto', 'transport'],
  severity: ['severity', 'level', 'log_level', 'priority', 'loglevel'],
  action: ['event_type', 'event', 'action', 'event_name'],
  outcome: ['outcome', 'result', 'status'],
  reason: ['failure_reason', 'reason', 'error'],
} as const;
const TRANSPORTS = ['tcp', 'udp', 'icmp', 'sctp', 'ipv6-icmp', 'gre', 'esp'];

/** What every type may carry. Also used for JSON of no known shape. */
export function readCommon(document: JsonObject, event: EcsEvent, context: ParseContext): void {
  const time = TIMES.map((name) => document[name]).find((value) => value !== undefined && value !== null);
  stamp(event, anyTime(time), time, context);
  readNames(document, event);
  const label = firstText(document, NAMES.severity);
  if (label === '') return;
  event.setExtra('event.severity_label', label);
  event.severity = levelOf(label);
}

/** The same without time and severity. */
export function readNames(document: JsonObject, event: EcsEvent): void {
  event.message = firstText(document, NAMES.message);
  event.hostName = firstText(document, NAMES.host);
  event.userName = firstText(document, NAMES.user);
  event.sourceIp = firstText(document, NAMES.source);
  event.sourcePort = port(firstText(document, NAMES.sourcePort));
  event.destinationIp = firstText(document, NAMES.destination);
  event.destinationPort = port(firstText(document, NAMES.destinationPort));
  event.action = firstText(document, NAMES.action);
  readProtocol(event, firstText(document, NAMES.protocol));
  const outcome = outcomeOf(firstText(document, NAMES.outcome));
  event.outcome = outcome !== '' ? outcome : outcomeOfAction(event.action);
  event.setExtra('event.reason', firstText(document, NAMES.reason));
}

/** Numbers of the loggers that count in tens (trace 10 … fatal 60). */
const LOGGER_LEVELS: Readonly<Record<number, number>> = { 20: 1, 30: 2, 40: 5, 50: 8, 60: 13 };

/** A number 0–15 is a level already; words and loggers' numbers are looked up. */
function levelOf(label: string): number {
  const level = Number(label);
  if (!Number.isInteger(level)) return severityOfLabel(label);
  return level >= 0 && level <= 15 ? level : (LOGGER_LEVELS[level] ?? 0);
}

function readProtocol(event: EcsEvent, protocol: string): void {
  const name = protocol.toLowerCase();
  if (name === '') return;
  if (TRANSPORTS.includes(name)) event.transport = name;
  else event.protocol = name;
}

function outcomeOf(word: string): string {
  switch (word.toLowerCase()) {
    case 'success':
    case 'successful':
    case 'succeeded':
    case 'ok':
    case 'true':
    case 'accepted':
      return 'success';
    case 'fail':
    case 'failed':
    case 'failure':
    case 'error':
    case 'denied':
    case 'rejected':
    case 'false':
      return 'failure';
    default:
      return '';
  }
}

function outcomeOfAction(action: string): string {
  const word = action.toLowerCase();
  if (/fail|denied|reject|invalid|blocked/.test(word)) return 'failure';
  return /success|accepted|logged_in|login_ok/.test(word) ? 'success' : '';
}

const LOGSOURCES = {
  auth: { category: 'authentication' },
  firewall: { category: 'firewall' },
  ids: { category: 'ids' },
  dns: { category: 'dns' },
  proxy: { category: 'proxy' },
  web: { category: 'webserver' },
  network: { category: 'firewall' },
  windowsProcess: { product: 'windows', category: 'process_creation' },
  process: { product: 'linux', category: 'process_creation' },
} as const satisfies Record<string, Logsource>;

type Reader = (event: EcsEvent, document: JsonObject) => void;

const READERS: Readonly<Record<string, Reader>> = {
  auth(event, d) {
    classify(event, 'authentication', event.outcome === '' ? 'info' : 'start', LOGSOURCES.auth);
    event.processName = firstText(d, ['service', 'app', 'application']);
    event.setExtra('authentication.method', firstText(d, ['auth_method', 'method']));
    if (event.severity === 0) event.severity = event.outcome === 'failure' ? 5 : 3;
  },
  firewall(event, d) {
    const denied = /den|drop|block|reject/i.test(event.action);
    classify(event, 'network', denied ? 'denied' : 'allowed', LOGSOURCES.firewall);
    readBytes(event, d);
    event.ruleName = firstText(d, ['rule_name', 'rule', 'policy']);
    if (event.severity === 0) event.severity = denied ? 4 : 2;
  },
  ids(event, d) {
    classify(event, 'intrusion_detection', 'info', LOGSOURCES.ids);
    event.code = firstText(d, ['signature_id', 'sid']);
    event.ruleName = firstText(d, ['signature_name', 'signature', 'rule_name']);
    event.setExtra('rule.id', event.code);
    event.setExtra('rule.category', firstText(d, ['classification', 'category']));
    if (event.message === '') event.message = event.ruleName;
    // Snort's and Suricata's priorities: 1 is the worst.
    const priority = integer(d['priority'], 4);
    if (priority > 0) event.severity = 14 - priority * 3;
  },
  endpoint(event, d) {
    readProcess(event, d);
    event.category = event.filePath !== '' && event.processName === '' ? 'file' : 'process';
    event.hashSha256 = firstText(d, ['sha256', 'file_hash', 'hash']);
  },
  process: readProcess,
  dns(event, d) {
    classify(event, 'network', 'protocol', LOGSOURCES.dns);
    event.protocol = 'dns';
    event.dnsQuestion = firstText(d, ['query', 'domain', 'qname', 'question']);
    event.setExtra('dns.question.type', firstText(d, ['query_type', 'qtype', 'type']));
    event.setExtra('dns.response_code', firstText(d, ['response_code', 'rcode']));
    event.setExtra('dns.answers.data', d['response'] ?? d['answers']);
    if (event.severity === 0) event.severity = 2;
  },
  proxy(event, d) {
    readWeb(event, d, LOGSOURCES.proxy);
  },
  web(event, d) {
    readWeb(event, d, LOGSOURCES.web);
  },
  network(event, d) {
    const denied = /den|drop|block|reject/i.test(event.action);
    classify(event, 'network', denied ? 'denied' : 'connection', LOGSOURCES.network);
    readBytes(event, d);
    event.setExtra('observer.name', firstText(d, ['sensor']));
    if (event.severity === 0) event.severity = denied ? 4 : 2;
  },
};

function classify(event: EcsEvent, category: string, type: string, logsource: Logsource): void {
  event.category = category;
  event.type = type;
  event.logsource = logsource;
}

function readBytes(event: EcsEvent, d: JsonObject): void {
  event.sourceBytes = integer(firstText(d, ['bytes_sent', 'bytes_out', 'bytes']));
  event.destinationBytes = integer(firstText(d, ['bytes_received', 'bytes_in']));
}

function readWeb(event: EcsEvent, d: JsonObject, logsource: Logsource): void {
  classify(event, 'web', 'access', logsource);
  setUrl(event, firstText(d, ['url', 'uri', 'request']));
  event.httpMethod = firstText(d, ['method', 'http_method']);
  event.httpStatus = integer(firstText(d, ['status_code', 'status', 'code']), 999);
  event.userAgent = firstText(d, ['user_agent', 'useragent', 'http_user_agent']);
  event.destinationBytes = integer(firstText(d, ['bytes_transferred', 'bytes', 'size']));
  event.setExtra('http.response.mime_type', firstText(d, ['content_type']));
  event.outcome = event.httpStatus >= 400 ? 'failure' : event.httpStatus > 0 ? 'success' : event.outcome;
  if (event.severity === 0) event.severity = event.httpStatus >= 400 ? 3 : 2;
}

function readProcess(event: EcsEvent, d: JsonObject): void {
  const command = firstText(d, ['command_line', 'command', 'cmdline', 'cmd']);
  const windows = command.includes('\\') || /\.exe\b/i.test(command);
  classify(event, 'process', 'start', windows ? LOGSOURCES.windowsProcess : LOGSOURCES.process);
  event.processCommandLine = command;
  event.parentExecutable = firstText(d, ['parent_process', 'parent', 'parent_name']);
  event.processPid = integer(firstText(d, ['process_id', 'pid']), 0xffffffff);
  event.filePath = firstText(d, ['file_path', 'path', 'file']);
  const process = firstText(d, ['process_name', 'process', 'exe', 'image']);
  event.processExecutable = process !== '' ? process : firstWord(command);
  event.processName = event.processExecutable.slice(
    Math.max(event.processExecutable.lastIndexOf('/'), event.processExecutable.lastIndexOf('\\')) + 1,
  );
  if (event.action === '') event.action = 'process_started';
}

function firstWord(command: string): string {
  if (command.startsWith('"')) return command.slice(1, Math.max(1, command.indexOf('"', 1)));
  const blank = command.indexOf(' ');
  return blank < 0 ? command : command.slice(0, blank);
}
