/**
 * From a Windows record to the promoted fields, by channel. Values are taken verbatim where possible: the store does not
 * keep a record key whose value a promoted field holds already.
 */
import type { EcsEvent, Logsource } from '@vedette/contracts';
import { integer, port, text, type JsonObject } from '../json/document.ts';
import { anyTime, stamp } from '../time.ts';
import type { ParseContext } from '../parser.ts';
import {
  DEFENDER_ACTIONS,
  POWERSHELL_ACTIONS,
  SECURITY_ACTIONS,
  SYSMON_ACTIONS,
  SYSTEM_ACTIONS,
  type WindowsAction,
} from './actions.ts';
import type { WindowsHeader } from './record.ts';

const WINDOWS: Logsource = { product: 'windows' };
export const RECORD_PREFIX = 'winlog.event_data.';

const LEVELS = [2, 13, 8, 5, 2, 1] as const;
const LEVEL_LABELS = ['information', 'critical', 'error', 'warning', 'information', 'verbose'] as const;

/** Fills the event from its header and record. */
export function readWindows(event: EcsEvent, header: WindowsHeader, record: JsonObject, context: ParseContext): void {
  event.logsource = WINDOWS;
  event.record = record;
  event.recordPrefix = RECORD_PREFIX;
  event.channel = header.channel;
  event.code = header.eventId;
  event.provider = header.provider;
  event.hostName = header.computer;
  stamp(event, anyTime(header.time), header.time, context);
  const level = header.level >= 0 && header.level <= 5 ? header.level : 0;
  event.severity = header.outcome === 'failure' ? 4 : LEVELS[level]!;
  event.setExtra('log.level', LEVEL_LABELS[level]!);
  event.outcome = header.outcome;
  const action = readFamily(event, header, record);
  if (action !== undefined) {
    event.category = action.category;
    event.type = action.type;
    event.action = action.action;
    if (action.severity > event.severity) event.severity = action.severity;
  }
  event.message = messageOf(record, action, header);
}

function readFamily(event: EcsEvent, header: WindowsHeader, record: JsonObject): WindowsAction | undefined {
  const { channel, eventId } = header;
  event.sourceType = 'endpoint';
  if (channel.endsWith('Sysmon/Operational')) {
    event.dataset = 'windows.sysmon';
    readSysmon(event, record);
    return SYSMON_ACTIONS.get(eventId);
  }
  if (channel === 'Security' || channel === 'security') {
    event.dataset = 'windows.security';
    const action = SECURITY_ACTIONS.get(eventId);
    readSecurity(event, record, eventId);
    if (eventId === '4625' || eventId === '4771') event.outcome = 'failure';
    if (action?.category === 'authentication') event.sourceType = 'auth';
    else if (eventId >= '5150' && eventId <= '5159' && eventId.length === 4) event.sourceType = 'firewall';
    return action;
  }
  if (channel.includes('PowerShell')) {
    event.dataset = 'windows.powershell';
    event.filePath = present(record['Path']);
    readAccount(event, present(record['User']));
    return POWERSHELL_ACTIONS.get(eventId);
  }
  if (channel.endsWith('Windows Defender/Operational')) {
    event.dataset = 'windows.defender';
    event.filePath = present(record['Path']);
    event.ruleName = present(record['ThreatName']);
    event.processExecutable = present(record['ProcessName']);
    readAccount(event, present(record['DetectionUser']) || present(record['User']));
    return DEFENDER_ACTIONS.get(eventId);
  }
  event.dataset =
    channel === 'System' ? 'windows.system' : channel === 'Application' ? 'windows.application' : 'windows.other';
  if (channel.includes('DNS')) event.sourceType = 'dns';
  else if (channel.includes('Firewall')) event.sourceType = 'firewall';
  readAnyChannel(event, record);
  return channel === 'System' ? SYSTEM_ACTIONS.get(eventId) : undefined;
}

function readSysmon(event: EcsEvent, r: JsonObject): void {
  event.processExecutable = present(r['Image'] ?? r['SourceImage']);
  event.processName = baseName(event.processExecutable);
  event.processPid = integer(r['ProcessId'] ?? r['SourceProcessId'], 0xffffffff);
  event.processCommandLine = present(r['CommandLine']);
  event.parentExecutable = present(r['ParentImage']);
  event.parentCommandLine = present(r['ParentCommandLine']);
  readAccount(event, present(r['User'] ?? r['SourceUser']));
  if (r['TargetUser'] !== undefined) event.targetUserName = present(r['TargetUser']);
  if (r['Hashes'] !== undefined) event.hashSha256 = sha256Of(text(r['Hashes']));
  else if (r['Hash'] !== undefined) event.hashSha256 = sha256Of(text(r['Hash']));
  event.filePath = present(r['TargetFilename'] ?? r['ImageLoaded'] ?? r['PipeName']);
  event.registryPath = present(r['TargetObject']);
  event.dnsQuestion = present(r['QueryName']);
  if (r['DestinationIp'] === undefined) return;
  event.sourceIp = present(r['SourceIp']);
  event.sourcePort = port(r['SourcePort']);
  event.destinationIp = present(r['DestinationIp']);
  event.destinationPort = port(r['DestinationPort']);
  event.transport = present(r['Protocol']);
  event.setExtra('destination.domain', present(r['DestinationHostname']));
}

function readSecurity(event: EcsEvent, r: JsonObject, eventId: string): void {
  const subject = present(r['SubjectUserName']);
  const target = present(r['TargetUserName']);
  // Logons are about the account that logs on; everything else is done by the subject to the target.
  if (target !== '' && (subject === '' || isLogon(eventId))) {
    event.userName = target;
    event.userDomain = present(r['TargetDomainName']);
  } else {
    event.userName = subject;
    event.userDomain = present(r['SubjectDomainName']);
    event.targetUserName = target;
  }
  event.sourceIp = present(r['IpAddress'] ?? r['SourceAddress'] ?? r['ClientAddress']);
  event.sourcePort = port(r['IpPort'] ?? r['SourcePort']);
  if (r['DestAddress'] !== undefined) {
    event.destinationIp = present(r['DestAddress']);
    event.destinationPort = port(r['DestPort']);
    event.transport = transportOf(text(r['Protocol']));
  }
  if (r['NewProcessName'] !== undefined) {
    event.processExecutable = present(r['NewProcessName']);
    event.processPid = integer(r['NewProcessId'], 0xffffffff);
    event.parentExecutable = present(r['ParentProcessName']);
  } else {
    event.processExecutable = present(r['ProcessName'] ?? r['Application']);
    event.processPid = integer(r['ProcessId'] ?? r['ProcessID'], 0xffffffff);
  }
  event.processName = baseName(event.processExecutable);
  event.processCommandLine = present(r['CommandLine']);
  const object = present(r['ObjectName']);
  if (object === '') event.filePath = present(r['RelativeTargetName'] ?? r['ServiceFileName']);
  else if (r['ObjectType'] === 'Key' || eventId === '4657') event.registryPath = object;
  else if (r['ObjectType'] === 'File' || r['ObjectType'] === undefined) event.filePath = object;
}

/** Channels without a family of their own: keys that mean the same everywhere. */
function readAnyChannel(event: EcsEvent, r: JsonObject): void {
  readAccount(event, present(r['User'] ?? r['SubjectUserName'] ?? r['param3']));
  if (r['SubjectUserName'] !== undefined) event.userDomain = present(r['SubjectDomainName']);
  event.filePath = present(r['ImagePath'] ?? r['Path'] ?? r['TargetFilename']);
  event.processExecutable = present(r['Image'] ?? r['ProcessName'] ?? r['Application'] ?? r['ApplicationPath']);
  event.processName = baseName(event.processExecutable);
  event.processCommandLine = present(r['CommandLine']);
  event.dnsQuestion = present(r['QueryName'] ?? r['QNAME']);
  event.sourceIp = present(r['SourceIp'] ?? r['IpAddress'] ?? r['Source'] ?? r['ClientIP'] ?? r['Address']);
  event.destinationIp = present(r['DestinationIp'] ?? r['Destination']);
}

function isLogon(eventId: string): boolean {
  switch (eventId) {
    case '4624':
    case '4625':
    case '4634':
    case '4647':
    case '4768':
    case '4769':
    case '4770':
    case '4771':
    case '4776':
      return true;
    default:
      return false;
  }
}

/** Text of a value; Windows writes `-` for nothing. */
function present(value: unknown): string {
  if (typeof value === 'string') return value === '-' ? '' : value;
  return typeof value === 'number' ? String(value) : '';
}

/** `DOMAIN\user` → user and domain. */
function readAccount(event: EcsEvent, account: string): void {
  const slash = account.indexOf('\\');
  if (slash < 0) event.userName = account;
  else {
    event.userDomain = account.slice(0, slash);
    event.userName = account.slice(slash + 1);
  }
}

function baseName(path: string): string {
  return path === '' ? '' : path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1);
}

/** The SHA-256 of `MD5=…,SHA256=…,IMPHASH=…`; '' when it holds none. */
function sha256Of(hashes: string): string {
  const at = hashes.indexOf('SHA256=');
  if (at >= 0) return hashes.slice(at + 7, at + 71);
  return hashes.length === 64 && !hashes.includes('=') ? hashes : '';
}

function transportOf(protocol: string): string {
  if (protocol === '6') return 'tcp';
  return protocol === '17' ? 'udp' : protocol === '1' ? 'icmp' : protocol;
}

/** The first line of the rendered message, else what the event id means. */
function messageOf(record: JsonObject, action: WindowsAction | undefined, header: WindowsHeader): string {
  const rendered = record['Message'];
  if (typeof rendered === 'string' && rendered !== '') {
    let end = rendered.indexOf('\n');
    if (end < 0 || end > 300) end = Math.min(rendered.length, 300);
    const line = rendered.slice(0, end).trimEnd();
    return line.endsWith(':') ? line.slice(0, -1) : line;
  }
  return action !== undefined ? action.title : `${header.provider} event ${header.eventId}`;
}
