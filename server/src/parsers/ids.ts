/**
 * ids lines: `TIME - SENSOR - LABEL_severity - PROTOCOL - SRC[:PORT] --> DST[:PORT] - [FLAGS - ]DESCRIPTION`. Ports and
 * flags are optional. A line without two valid addresses is refused, never half-parsed.
 */
import { EcsEvent, type Logsource } from '@vedette/contracts';
import { canonicalAddress } from '../normalise/address.ts';
import { severityOfLabel, severityOfMessage } from '../normalise/severity.ts';
import { Rejection } from '../pipeline/result.ts';
import { defineParser, type Parser } from './parser.ts';
import { integerAt } from './programs/program.ts';
import { isoTime, stamp } from './time.ts';

const IDS: Logsource = { category: 'ids' };
const LABELS = ['low_severity', 'medium_severity', 'high_severity', 'critical_severity'];
const FLAGS = /^(?:SYN|ACK|FIN|RST|PSH|URG|ECE|CWR|[,|/ +-])+$/;

/** Protocols that are no transport themselves → what carries them. */
const TRANSPORTS: Readonly<Record<string, string>> = {
  tcp: 'tcp',
  udp: 'udp',
  icmp: 'icmp',
  http: 'tcp',
  https: 'tcp',
  ftp: 'tcp',
  smtp: 'tcp',
  dns: 'udp',
  dhcp: 'udp',
  tftp: 'udp',
  snmp: 'udp',
};

export const ids: Parser = defineParser({
  name: 'ids',
  sourceType: 'ids',
  detect(line) {
    return line.includes('_severity - ') && !Number.isNaN(isoTime(line)) ? 0.99 : 0;
  },
  parse(line, context) {
    const parts = line.split(' - ', 8);
    const [time, sensor, label, protocol, flow] = parts;
    if (flow === undefined || !LABELS.includes(label!)) return new Rejection('unparsed', 'no ids line');
    const arrow = flow.indexOf(' --> ');
    if (arrow < 0) return new Rejection('unparsed', `no "SOURCE --> DESTINATION" in "${flow.slice(0, 80)}"`);
    const source = endpointOf(flow.slice(0, arrow));
    if (source === null) return new Rejection('unparsed', `no valid source address in "${flow.slice(0, 80)}"`);
    const destination = endpointOf(flow.slice(arrow + 5));
    if (destination === null)
      return new Rejection('unparsed', `no valid destination address in "${flow.slice(0, 80)}"`);
    const event = new EcsEvent();
    const ms = isoTime(time!);
    if (Number.isNaN(ms)) return new Rejection('unparsed', `no time in "${time!.slice(0, 40)}"`);
    stamp(event, ms, time, context);
    event.dataset = 'ids';
    event.sourceType = 'ids';
    event.logsource = IDS;
    event.category = 'intrusion_detection';
    event.type = 'info';
    event.action = 'ids_alert';
    event.setExtra('observer.name', sensor);
    event.setExtra('event.severity_label', label);
    event.severity = severityOfLabel(label!);
    [event.sourceIp, event.sourcePort] = source;
    [event.destinationIp, event.destinationPort] = destination;
    const name = protocol!.toLowerCase();
    event.transport = TRANSPORTS[name] ?? '';
    if (event.transport !== name) event.protocol = name;
    readText(event, line, parts);
    return event;
  },
});

/** `1.2.3.4`, `1.2.3.4:80`, `[::1]:80`, `::1` → address and port (0 where none); null when there is no address. */
function endpointOf(text: string): [ip: string, port: number] | null {
  const whole = canonicalAddress(text);
  if (whole !== '') return [whole, 0];
  const colon = text.lastIndexOf(':');
  const address = colon > 0 ? canonicalAddress(text.slice(0, colon)) : '';
  if (address === '' || !/^\d{1,5}$/.test(text.slice(colon + 1))) return null;
  const port = integerAt(text, colon + 1, 65535);
  return port === 0 && text.slice(colon + 1) !== '0' ? null : [address, port];
}

/** Behind the addresses: flags, if the next part is flags only; the rest is the description, whatever it holds. */
function readText(event: EcsEvent, line: string, parts: string[]): void {
  const before = parts.slice(0, 5).join(' - ').length + 3;
  const flags = parts[5] ?? '';
  const hasFlags = parts.length > 6 && FLAGS.test(flags);
  if (hasFlags) event.setExtra('network.tcp.flags', flags);
  event.message = line.slice(hasFlags ? before + flags.length + 3 : before);
  event.ruleName = event.message.slice(0, 200);
  if (event.severity === 0) event.severity = severityOfMessage(event.message);
}
