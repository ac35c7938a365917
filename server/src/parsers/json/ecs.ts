/** Documents that are ECS already, nested or dotted: promoted fields by name, everything else kept under its own name. */
import { promotedByEcs, type EcsEvent, type ExtraValue, type Logsource } from '@vedette/contracts';
import { severityOfLabel } from '../../normalise/severity.ts';
import { anyTime, stamp } from '../time.ts';
import { readShipped } from './carried-message.ts';
import { firstText, integer, isObject, text, type JsonObject } from './document.ts';
import type { JsonShape } from './shape.ts';

/** The server's own fields: never taken from log content. */
function isReserved(name: string): boolean {
  return (
    name === '_id' ||
    name === 'event.ingested' ||
    name === 'event.original' ||
    name === 'event.severity' ||
    name === '@timestamp' ||
    name === 'message' ||
    name.startsWith('vedette.')
  );
}

const MAX: Readonly<Record<string, number>> = {
  u8: 0xff,
  u16: 0xffff,
  u32: 0xffffffff,
  u64: Number.MAX_SAFE_INTEGER,
};
const ROOTS = [
  'event',
  'source',
  'destination',
  'host',
  'user',
  'process',
  'network',
  'file',
  'url',
  'http',
  'dns',
  'log',
  'agent',
];

export const ecs: JsonShape = {
  name: 'ecs',
  sourceType: 'generic',
  recognise(document) {
    if (document['ecs.version'] !== undefined || isObject(document['ecs'])) return 0.95;
    let known = 0;
    for (const key of Object.keys(document)) {
      if (promotedByEcs.has(key) && key.includes('.')) known += 2;
      else if (ROOTS.includes(key) && isObject(document[key])) known++;
      if (known >= 2) break;
    }
    if (known >= 2) return 0.85;
    return known === 1 && document['@timestamp'] !== undefined ? 0.8 : 0;
  },
  read(document, event, context) {
    readFields(document, '', event);
    event.message = firstText(document, ['message', 'msg', 'log', 'log.original']);
    const time = document['@timestamp'];
    stamp(event, anyTime(time), time, context);
    const severity = event.extra?.['log.level'];
    event.severity = severityOf(document, typeof severity === 'string' ? severity : '');
    event.sourceType = sourceTypeOf(event);
    event.logsource = logsourceOf(event);
    readShipped(event, document, context);
  },
};

function readFields(node: JsonObject, prefix: string, event: EcsEvent): void {
  for (const key of Object.keys(node)) {
    if (key === '__proto__') continue;
    const name = prefix + key;
    const value = node[key]!;
    if (isReserved(name)) continue;
    const field = promotedByEcs.get(name);
    if (field === undefined) {
      if (isObject(value)) readFields(value, `${name}.`, event);
      else event.setExtra(name, value);
    } else setPromoted(event, field.prop, field.kind, name, value);
  }
}

/** Arrays give their first element to the promoted field and stay whole beside it. */
function setPromoted(event: EcsEvent, prop: string, kind: string, name: string, value: ExtraValue): void {
  const first = Array.isArray(value) ? value[0] : value;
  if (Array.isArray(value) && value.length > 1) event.setExtra(`${name}.all`, value);
  const target = event as unknown as Record<string, string | number>;
  const max = MAX[kind];
  if (max === undefined) target[prop] = text(first);
  else target[prop] = integer(first, max);
}

function severityOf(document: JsonObject, label: string): number {
  const event = document['event'];
  const given = Number((isObject(event) ? event['severity'] : undefined) ?? document['event.severity'] ?? Number.NaN);
  if (Number.isInteger(given) && given >= 0 && given <= 15) return given;
  return given > 15 && given <= 100 ? Math.round((given / 100) * 15) : severityOfLabel(label);
}

function sourceTypeOf(event: EcsEvent): string {
  switch (event.category) {
    case 'authentication':
    case 'session':
    case 'iam':
      return 'auth';
    case 'intrusion_detection':
      return 'ids';
    case 'web':
      return 'web';
    case 'malware':
    case 'file':
    case 'registry':
    case 'library':
    case 'driver':
      return 'endpoint';
    case 'process':
      return 'process';
    case 'network':
      return event.dnsQuestion !== '' ? 'dns' : 'network';
    default:
      return 'generic';
  }
}

const BY_MODULE: Readonly<Record<string, Logsource>> = {
  webserver: { category: 'webserver' },
  dns: { category: 'dns' },
  firewall: { category: 'firewall' },
  antivirus: { category: 'antivirus' },
  linuxProcess: { product: 'linux', category: 'process_creation' },
  macosProcess: { product: 'macos', category: 'process_creation' },
  deception: { category: 'deception' },
  none: {},
};

function logsourceOf(event: EcsEvent): Logsource {
  if (event.category === 'web') return BY_MODULE['webserver']!;
  if (event.dnsQuestion !== '') return BY_MODULE['dns']!;
  if (event.category === 'malware') return BY_MODULE['antivirus']!;
  if (event.category === 'deception') return BY_MODULE['deception']!;
  if (event.category === 'network' && event.sourceIp !== '') return BY_MODULE['firewall']!;
  if (event.category !== 'process' || event.processCommandLine === '') return BY_MODULE['none']!;
  const type = event.extra?.['host.os.type'];
  return BY_MODULE[type === 'macos' ? 'macosProcess' : 'linuxProcess']!;
}
