/** Suricata EVE: one JSON object per alert, flow or protocol record. */
import type { EcsEvent, Logsource } from '@vedette/contracts';
import { anyTime, stamp } from '../time.ts';
import { setUrl } from '../url.ts';
import { integer, isObject, port, text, type JsonObject } from './document.ts';
import type { JsonShape } from './shape.ts';

const PREFIX = 'suricata.eve.';
const IDS: Logsource = { product: 'suricata' };
const DNS: Logsource = { product: 'suricata', category: 'dns' };
const WEB: Logsource = { product: 'suricata', category: 'webserver' };
/** Suricata's priorities: 1 is the worst. */
const PRIORITY_LEVELS = [0, 11, 8, 5, 3] as const;

/** Keys that are promoted or mapped below: not kept a second time in the record. */
const PROMOTED = [
  'timestamp',
  'src_ip',
  'src_port',
  'dest_ip',
  'dest_port',
  'proto',
  'event_type',
  'app_proto',
  'host',
];

export const suricata: JsonShape = {
  name: 'suricata-eve',
  sourceType: 'ids',
  recognise(document) {
    if (typeof document['event_type'] !== 'string' || typeof document['timestamp'] !== 'string') return 0;
    if (isObject(document[document['event_type']])) return 1;
    return document['flow_id'] !== undefined || document['src_ip'] !== undefined ? 0.9 : 0;
  },
  read(document, event, context) {
    const kind = text(document['event_type']);
    stamp(event, anyTime(document['timestamp']), document['timestamp'], context);
    event.dataset = 'suricata.eve';
    event.provider = 'suricata';
    event.logsource = IDS;
    event.sourceType = 'network';
    event.category = 'network';
    event.type = 'info';
    event.action = kind;
    event.severity = 2;
    event.hostName = text(document['host']);
    event.sourceIp = text(document['src_ip']);
    event.sourcePort = port(document['src_port']);
    event.destinationIp = text(document['dest_ip']);
    event.destinationPort = port(document['dest_port']);
    event.transport = text(document['proto']).toLowerCase();
    event.protocol = text(document['app_proto']);
    event.setExtra('observer.product', 'Suricata');
    event.setExtra('network.vlan.id', document['vlan']);
    readFlow(event, document['flow']);
    for (const key of Object.keys(READERS)) {
      const part = document[key];
      if (isObject(part)) READERS[key]!(event, part, kind);
    }
    const record: JsonObject = {};
    for (const key of Object.keys(document)) {
      if (key !== '__proto__' && !PROMOTED.includes(key)) record[key] = document[key]!;
    }
    event.record = record;
    event.recordPrefix = PREFIX;
    if (event.message === '') event.message = messageOf(event, kind);
  },
};

const READERS: Readonly<Record<string, (event: EcsEvent, part: JsonObject, kind: string) => void>> = {
  http: readHttp,
  dns: readDns,
  tls: readTls,
  ssh(event, part) {
    const client = part['client'];
    if (isObject(client)) event.setExtra('user_agent.name', client['software_version']);
  },
  fileinfo(event, part, kind) {
    event.filePath = text(part['filename']);
    event.hashSha256 = text(part['sha256']);
    event.setExtra('file.size', part['size']);
    if (kind === 'fileinfo') event.category = 'file';
  },
  anomaly(event, part) {
    event.ruleName = text(part['event']);
    event.severity = 4;
  },
  alert: readAlert,
};

function readAlert(event: EcsEvent, alert: JsonObject, kind: string): void {
  if (kind !== 'alert' && kind !== 'drop') return;
  event.sourceType = 'ids';
  event.category = 'intrusion_detection';
  const blocked = text(alert['action']) === 'blocked';
  event.type = blocked ? 'denied' : 'info';
  event.action = blocked ? 'ids_blocked' : 'ids_alert';
  event.ruleName = text(alert['signature']);
  event.message = event.ruleName;
  event.code = text(alert['signature_id']);
  const priority = integer(alert['severity'], 4);
  event.severity = PRIORITY_LEVELS[priority as 0] || 5;
  event.setExtra('event.severity_label', `priority ${priority}`);
  event.setExtra('rule.id', event.code);
  event.setExtra('rule.category', alert['category']);
  event.setExtra('rule.version', alert['rev'] === undefined ? undefined : text(alert['rev']));
  const metadata = alert['metadata'];
  if (!isObject(metadata)) return;
  event.setExtra('threat.technique.id', metadata['mitre_technique_id']);
  event.setExtra('threat.tactic.name', metadata['mitre_tactic_name']);
}

function readFlow(event: EcsEvent, flow: unknown): void {
  if (!isObject(flow)) return;
  event.sourceBytes = integer(flow['bytes_toserver']);
  event.destinationBytes = integer(flow['bytes_toclient']);
  event.setExtra('source.packets', flow['pkts_toserver']);
  event.setExtra('destination.packets', flow['pkts_toclient']);
  if (typeof flow['age'] === 'number') event.setExtra('event.duration', flow['age'] * 1e9);
}

function readHttp(event: EcsEvent, http: JsonObject, kind: string): void {
  event.protocol = 'http';
  event.httpMethod = text(http['http_method']);
  event.httpStatus = integer(http['status'], 999);
  setUrl(event, text(http['url']));
  event.userAgent = text(http['http_user_agent']);
  event.setExtra('url.domain', http['hostname']);
  event.setExtra('http.request.referrer', http['http_refer']);
  event.setExtra('http.response.mime_type', http['http_content_type']);
  event.setExtra('http.response.body.bytes', http['length']);
  if (kind !== 'http') return;
  event.category = 'web';
  event.type = 'access';
  event.sourceType = 'web';
  event.logsource = WEB;
}

function readDns(event: EcsEvent, dns: JsonObject, kind: string): void {
  event.protocol = 'dns';
  const queries = dns['queries'] ?? dns['query'];
  const query = Array.isArray(queries) && isObject(queries[0]) ? queries[0] : dns;
  event.dnsQuestion = text(query['rrname']);
  event.setExtra('dns.question.type', query['rrtype']);
  event.setExtra('dns.response_code', dns['rcode']);
  event.setExtra('dns.id', dns['id'] === undefined ? undefined : text(dns['id']));
  event.setExtra('dns.type', dns['type']);
  const answers = dns['answers'];
  if (Array.isArray(answers)) {
    event.setExtra(
      'dns.answers.data',
      answers.flatMap((answer) => (isObject(answer) ? [text(answer['rdata'])] : [])),
    );
  } else event.setExtra('dns.answers.data', dns['rdata']);
  if (kind !== 'dns') return;
  event.sourceType = 'dns';
  event.logsource = DNS;
  event.type = 'protocol';
}

function readTls(event: EcsEvent, tls: JsonObject): void {
  event.protocol = 'tls';
  event.setExtra('tls.client.server_name', tls['sni']);
  event.setExtra('tls.server.subject', tls['subject']);
  event.setExtra('tls.server.issuer', tls['issuerdn']);
  event.setExtra('tls.version', tls['version']);
  event.setExtra('tls.server.hash.sha1', tls['fingerprint']);
  const ja3 = tls['ja3'];
  if (isObject(ja3)) event.setExtra('tls.client.ja3', ja3['hash']);
}

function messageOf(event: EcsEvent, kind: string): string {
  if (event.dnsQuestion !== '') return `${kind} ${event.dnsQuestion}`;
  return event.urlOriginal !== '' ? `${event.httpMethod} ${event.urlOriginal}` : kind;
}
