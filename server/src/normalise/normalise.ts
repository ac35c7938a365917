/**
 * Normalise: what holds for every event, whoever parsed it. Steps in order: addresses, names, lengths, time, severity,
 * defaults. Nothing is lost: what a field cannot hold moves to `extra`, and `raw` has the line as it came.
 */
import type { EcsEvent } from '@vedette/contracts';
import { canonicalAddress } from './address.ts';
import { severityOfMessage } from './severity.ts';

/** A clock this far ahead of the receipt is wrong: flagged, kept, not trusted by watermarks. */
const FUTURE_MS = 60_000;
const MAX_NAME = 256;
const MAX_TEXT = 32 * 1024;

/** Puts events into their final form, in place. Needs `ingested` (receipt time) to be set. */
export function normalise(events: readonly EcsEvent[]): void {
  for (const event of events) {
    normaliseAddresses(event);
    normaliseNames(event);
    limitTexts(event);
    flagFuture(event);
    if (event.severity === 0) event.severity = severityOfMessage(event.message !== '' ? event.message : event.raw);
    if (event.sourceType === '') event.sourceType = 'generic';
    if (event.category === '') event.category = CATEGORY_BY_TYPE[event.sourceType] ?? '';
  }
}

function normaliseAddresses(event: EcsEvent): void {
  if (event.sourceIp !== '') event.sourceIp = addressOr(event, event.sourceIp, 'source');
  if (event.destinationIp !== '') event.destinationIp = addressOr(event, event.destinationIp, 'destination');
}

/** The canonical address; a text that is none is kept as `SIDE.address`. */
function addressOr(event: EcsEvent, text: string, side: 'source' | 'destination'): string {
  const address = canonicalAddress(text) || canonicalAddress(text.trim());
  if (address === '') event.setExtra(`${side}.address`, text.slice(0, MAX_NAME));
  return address;
}

function normaliseNames(event: EcsEvent): void {
  if (event.hostName !== '') {
    const host = bare(event.hostName);
    event.hostName = host.endsWith('.') ? host.slice(0, -1) : host;
  }
  if (event.userName !== '') event.userName = bare(event.userName);
  if (event.targetUserName !== '') event.targetUserName = bare(event.targetUserName);
}

/** Without blanks around it and no longer than a name can be. Most names need no work. */
function bare(name: string): string {
  const first = name.charCodeAt(0);
  const last = name.charCodeAt(name.length - 1);
  const trimmed = first <= 32 || last <= 32 ? name.trim() : name;
  return trimmed.length > MAX_NAME ? trimmed.slice(0, MAX_NAME) : trimmed;
}

const TAGS = [
  'action',
  'provider',
  'code',
  'channel',
  'userDomain',
  'transport',
  'protocol',
  'processName',
  'ruleName',
  'dnsQuestion',
] as const;
const TEXTS = [
  'processExecutable',
  'processCommandLine',
  'parentExecutable',
  'parentCommandLine',
  'filePath',
  'registryPath',
  'urlOriginal',
  'userAgent',
  'message',
] as const;

/** Dictionary-coded columns must not fill with long texts; long texts end somewhere. `raw` stays whole. */
function limitTexts(event: EcsEvent): void {
  for (const prop of TAGS) if (event[prop].length > MAX_NAME) event[prop] = event[prop].slice(0, MAX_NAME);
  for (const prop of TEXTS) if (event[prop].length > MAX_TEXT) event[prop] = event[prop].slice(0, MAX_TEXT);
}

function flagFuture(event: EcsEvent): void {
  if (event.timestamp > event.ingested + FUTURE_MS) event.setExtra('vedette.time_flag', 'future');
}

const CATEGORY_BY_TYPE: Readonly<Record<string, string>> = {
  auth: 'authentication',
  firewall: 'network',
  ids: 'intrusion_detection',
  endpoint: 'host',
  dns: 'network',
  proxy: 'web',
  network: 'network',
  process: 'process',
  web: 'web',
};
