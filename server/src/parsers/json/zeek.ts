/** Zeek records, whatever they were written as: the TSV parser makes the same documents as Zeek's JSON writer. */
import type { EcsEvent, Logsource } from '@vedette/contracts';
import { anyTime, stamp } from '../time.ts';
import { setUrl } from '../url.ts';
import type { ParseContext } from '../parser.ts';
import { integer, port, text, type JsonObject } from './document.ts';
import type { JsonShape } from './shape.ts';

/** Logsources by path. Paths come from the log: the number kept is bounded. */
const logsources = new Map<string, Logsource>();
const MAX_PATHS = 200;
const OTHER: Logsource = { product: 'zeek' };
/** Logs that rules for any product of a category are about, too. */
const CATEGORIES: Readonly<Record<string, Logsource>> = { dns: { category: 'dns' } };

function logsourceOf(path: string): Logsource {
  const known = logsources.get(path);
  if (known !== undefined) return known;
  if (path === '' || logsources.size >= MAX_PATHS) return OTHER;
  const logsource: Logsource = {
    product: 'zeek',
    service: path,
    ...(Object.hasOwn(CATEGORIES, path) ? CATEGORIES[path] : {}),
  };
  logsources.set(path, logsource);
  return logsource;
}

export const zeek: JsonShape = {
  name: 'zeek-json',
  sourceType: 'network',
  recognise(document) {
    if (typeof document['_path'] === 'string') return 1;
    if (document['ts'] === undefined) return 0;
    if (document['id.orig_h'] !== undefined) return 0.95;
    return document['uid'] !== undefined && pathOf(document) !== '' ? 0.7 : 0;
  },
  read(document, event, context) {
    readZeek(event, text(document['_path']) || pathOf(document), document, context);
  },
};

/** Log type by its own columns, for writers that do not name it. */
function pathOf(document: JsonObject): string {
  if (document['conn_state'] !== undefined) return 'conn';
  if (document['qtype'] !== undefined || document['trans_id'] !== undefined) return 'dns';
  if (document['uri'] !== undefined && document['user_agent'] !== undefined) return 'http';
  if (document['note'] !== undefined) return 'notice';
  if (document['cipher'] !== undefined) return 'ssl';
  return document['mime_type'] !== undefined ? 'files' : '';
}

/** Reads a record of log `path`; the record stays with the event under `zeek.PATH.`. */
export function readZeek(event: EcsEvent, path: string, record: JsonObject, context: ParseContext): void {
  stamp(event, anyTime(record['ts']), record['ts'], context);
  event.dataset = path === '' ? 'zeek' : `zeek.${path}`;
  event.provider = 'zeek';
  event.logsource = logsourceOf(path);
  event.sourceType = 'network';
  event.category = 'network';
  event.type = 'protocol';
  event.action = path;
  event.severity = 2;
  event.sourceIp = text(record['id.orig_h'] ?? record['src'] ?? record['host']);
  event.sourcePort = port(record['id.orig_p']);
  event.destinationIp = text(record['id.resp_h'] ?? record['dst']);
  event.destinationPort = port(record['id.resp_p'] ?? record['p']);
  event.transport = text(record['proto']).toLowerCase();
  event.userName = text(record['username'] ?? record['user']);
  event.setExtra('event.id', record['uid']);
  event.record = record;
  event.recordPrefix = path === '' ? 'zeek.' : `zeek.${path}.`;
  READERS[path]?.(event, record);
  if (event.message === '') event.message = path;
}

const READERS: Readonly<Record<string, (event: EcsEvent, r: JsonObject) => void>> = {
  conn(event, r) {
    event.type = 'connection';
    event.protocol = text(r['service']);
    event.sourceBytes = integer(r['orig_bytes']);
    event.destinationBytes = integer(r['resp_bytes']);
    event.setExtra('source.packets', r['orig_pkts']);
    event.setExtra('destination.packets', r['resp_pkts']);
    if (typeof r['duration'] === 'number') event.setExtra('event.duration', Math.round(r['duration'] * 1e9));
    event.message = `connection ${text(r['conn_state'])}`;
  },
  dns(event, r) {
    event.sourceType = 'dns';
    event.protocol = 'dns';
    event.dnsQuestion = text(r['query']);
    event.setExtra('dns.question.type', r['qtype_name']);
    event.setExtra('dns.response_code', r['rcode_name']);
    event.setExtra('dns.id', text(r['trans_id']));
    event.setExtra('dns.answers.data', r['answers']);
    event.message = `dns ${event.dnsQuestion}`;
  },
  http(event, r) {
    event.sourceType = 'web';
    event.category = 'web';
    event.type = 'access';
    event.protocol = 'http';
    event.httpMethod = text(r['method']);
    event.httpStatus = integer(r['status_code'], 999);
    setUrl(event, text(r['uri']));
    event.userAgent = text(r['user_agent']);
    event.sourceBytes = integer(r['request_body_len']);
    event.destinationBytes = integer(r['response_body_len']);
    event.setExtra('url.domain', r['host']);
    event.setExtra('http.request.referrer', r['referrer']);
    event.message = `${event.httpMethod} ${event.urlOriginal}`;
  },
  ssl(event, r) {
    event.protocol = 'tls';
    event.setExtra('tls.client.server_name', r['server_name']);
    event.setExtra('tls.version', r['version']);
    event.setExtra('tls.cipher', r['cipher']);
    event.setExtra('tls.client.ja3', r['ja3']);
    event.message = `tls ${text(r['server_name'])}`;
  },
  ssh(event, r) {
    event.protocol = 'ssh';
    event.userAgent = text(r['client']);
    if (typeof r['auth_success'] !== 'boolean') return;
    event.category = 'authentication';
    event.sourceType = 'auth';
    event.action = 'ssh_login';
    event.outcome = r['auth_success'] ? 'success' : 'failure';
    event.severity = r['auth_success'] ? 3 : 5;
  },
  ntlm: readLogon,
  kerberos(event, r) {
    readLogon(event, r);
    event.userName = text(r['client']);
  },
  notice(event, r) {
    event.sourceType = 'ids';
    event.category = 'intrusion_detection';
    event.type = 'info';
    event.ruleName = text(r['note']);
    event.message = text(r['msg']);
    event.severity = 8;
  },
  weird(event, r) {
    event.ruleName = text(r['name']);
    event.message = `weird ${event.ruleName}`;
    event.severity = 3;
  },
  files(event, r) {
    event.category = 'file';
    event.filePath = text(r['filename']);
    event.hashSha256 = text(r['sha256']);
    event.setExtra('file.mime_type', r['mime_type']);
    event.setExtra('file.size', r['total_bytes']);
    event.setExtra('file.hash.md5', r['md5']);
    event.setExtra('file.hash.sha1', r['sha1']);
  },
  smb_files(event, r) {
    event.protocol = 'smb';
    event.category = 'file';
    event.filePath = text(r['name']);
    event.action = text(r['action']);
    event.setExtra('file.size', r['size']);
  },
  smb_mapping(event, r) {
    event.protocol = 'smb';
    event.filePath = text(r['path']);
  },
  ftp(event, r) {
    event.protocol = 'ftp';
    event.action = text(r['command']) || 'ftp';
    event.message = `${text(r['command'])} ${text(r['arg'])}`.trim();
  },
  smtp(event, r) {
    event.protocol = 'smtp';
    event.category = 'email';
    event.setExtra('email.from.address', r['mailfrom']);
    event.setExtra('email.to.address', r['rcptto']);
    event.setExtra('email.subject', r['subject']);
    event.userAgent = text(r['user_agent']);
  },
  rdp(event, r) {
    event.protocol = 'rdp';
    event.userName = text(r['cookie']);
  },
  software(event, r) {
    event.message = text(r['unparsed_version']);
  },
  syslog(event, r) {
    event.message = text(r['message']);
    event.setExtra('log.syslog.facility.name', r['facility']);
    event.setExtra('log.syslog.severity.name', r['severity']);
  },
};

function readLogon(event: EcsEvent, r: JsonObject): void {
  event.category = 'authentication';
  event.sourceType = 'auth';
  event.userDomain = text(r['domainname']);
  if (event.userName === '') event.userName = text(r['username']);
  event.setExtra('source.domain', r['hostname']);
  if (typeof r['success'] !== 'boolean') return;
  event.outcome = r['success'] ? 'success' : 'failure';
  event.severity = r['success'] ? 2 : 4;
}
