/** Windows events as JSON: rendered XML (`{Event: {System, EventData}}`), flat (NXLog and alike), Winlogbeat's ECS. */
import type { EcsEvent, ExtraValue } from '@vedette/contracts';
import { isObject, text, valueAt, type JsonObject } from '../json/document.ts';
import type { JsonShape } from '../json/shape.ts';
import type { ParseContext } from '../parser.ts';
import { readWindows } from './fields.ts';
import { addData, attribute, auditOutcome, content, userData, type WindowsHeader } from './record.ts';

/** `{"Event": {"System": {…}, "EventData": {…} | "UserData": {…}}}`, attributes in `#attributes`. */
export const windowsXml: JsonShape = {
  name: 'windows-xml',
  sourceType: 'windows',
  recognise(document) {
    const event = document['Event'];
    return isObject(event) && isObject(event['System']) && event['System']['EventID'] !== undefined ? 1 : 0;
  },
  read(document, event, context) {
    const root = document['Event'] as JsonObject;
    const system = root['System'] as JsonObject;
    const eventId = content(system['EventID']) ?? '';
    const header: WindowsHeader = {
      channel: text(system['Channel']),
      eventId: text(eventId),
      provider: text(attribute(system['Provider'], 'Name')),
      computer: text(system['Computer']),
      level: Number(content(system['Level']) ?? 0),
      outcome: auditOutcome(system['Keywords']),
      time: attribute(system['TimeCreated'], 'SystemTime'),
    };
    const record: JsonObject = {
      Channel: header.channel,
      EventID: eventId,
      Provider_Name: header.provider,
      Computer: header.computer,
    };
    copy(record, system, ['Level', 'Task', 'Opcode', 'Keywords', 'Version', 'EventRecordID']);
    setIfPresent(record, 'ProviderGuid', attribute(system['Provider'], 'Guid'));
    setIfPresent(record, 'ExecutionProcessID', attribute(system['Execution'], 'ProcessID'));
    setIfPresent(record, 'ThreadID', attribute(system['Execution'], 'ThreadID'));
    setIfPresent(record, 'UserID', attribute(system['Security'], 'UserID'));
    setIfPresent(record, 'ActivityID', attribute(system['Correlation'], 'ActivityID'));
    addData(record, root['EventData']);
    addData(record, userData(root['UserData']));
    const rendering = root['RenderingInfo'];
    if (isObject(rendering)) setIfPresent(record, 'Message', rendering['Message']);
    readWindows(event, header, record, context);
  },
};

/** One flat object with Windows' own names; the document itself becomes the record. */
export const windowsFlat: JsonShape = {
  name: 'windows-flat',
  sourceType: 'windows',
  recognise(document) {
    const id = document['EventID'];
    if (typeof id !== 'number' && typeof id !== 'string') return 0;
    if (typeof document['Channel'] === 'string') return 1;
    return providerOf(document).startsWith('Microsoft-Windows-') ? 0.9 : 0;
  },
  read(document, event, context) {
    const provider = providerOf(document);
    const channel = text(document['Channel']) || channelOf(provider);
    const computer = text(document['Computer'] ?? document['Hostname'] ?? document['HostName'] ?? document['host']);
    if (document['Provider_Name'] === undefined) document['Provider_Name'] = provider;
    if (document['Computer'] === undefined) document['Computer'] = computer;
    if (document['Channel'] === undefined) document['Channel'] = channel;
    const header: WindowsHeader = {
      channel,
      eventId: text(document['EventID']),
      provider,
      computer,
      level: flatLevel(document),
      outcome: flatOutcome(document),
      time: flatTime(document),
    };
    readWindows(event, header, document, context);
  },
};

function providerOf(document: JsonObject): string {
  return text(
    document['Provider_Name'] ??
      document['SourceName'] ??
      document['ProviderName'] ??
      document['EventSourceName'] ??
      document['Source'] ??
      document['Provider'],
  );
}

function channelOf(provider: string): string {
  if (provider === 'Microsoft-Windows-Security-Auditing') return 'Security';
  return provider === 'Microsoft-Windows-Sysmon' || provider === 'Microsoft-Windows-PowerShell'
    ? `${provider}/Operational`
    : '';
}

/** NXLog's SeverityValue (2 info … 5 critical) and Windows' Level (1 critical … 5 verbose) → Windows' scale. */
function flatLevel(document: JsonObject): number {
  const severity = document['SeverityValue'];
  if (typeof severity === 'number') return severity >= 2 && severity <= 5 ? 6 - severity : 5;
  const level = Number(document['Level'] ?? 4);
  return level === 8 || level === 16 ? 4 : level;
}

function flatOutcome(document: JsonObject): '' | 'success' | 'failure' {
  const type = document['EventType'];
  if (type === 'AUDIT_FAILURE' || type === 'AUDIT_SUCCESS') return auditOutcome(type);
  return auditOutcome(document['Keywords']);
}

/** Sysmon's own UTC time is exact; `EventTime` is local time without a zone and therefore the last resort. */
function flatTime(document: JsonObject): ExtraValue | undefined {
  const utc = document['UtcTime'];
  if (typeof utc === 'string' && utc.length >= 19) return utc;
  return (
    document['SystemTime'] ??
    document['TimeCreated'] ??
    document['@timestamp'] ??
    document['TimeGenerated'] ??
    document['EventTime']
  );
}

/** Winlogbeat and Elastic Agent: ECS with `winlog.*`, nested or dotted. */
export const winlogbeat: JsonShape = {
  name: 'winlogbeat',
  sourceType: 'windows',
  recognise(document) {
    const winlog = document['winlog'];
    if (isObject(winlog) && (winlog['channel'] !== undefined || winlog['event_data'] !== undefined)) return 1;
    return document['winlog.channel'] !== undefined ? 1 : 0;
  },
  read: readWinlogbeat,
};

const WINLOG_KEYS: readonly (readonly [string, string])[] = [
  ['Task', 'winlog.task'],
  ['Opcode', 'winlog.opcode'],
  ['Keywords', 'winlog.keywords'],
  ['EventRecordID', 'winlog.record_id'],
  ['ProviderGuid', 'winlog.provider_guid'],
  ['UserID', 'winlog.user.identifier'],
  ['ActivityID', 'winlog.activity_id'],
  ['Message', 'message'],
];
const LEVEL_WORDS: Readonly<Record<string, number>> = { critical: 1, error: 2, warning: 3, information: 4, verbose: 5 };

function readWinlogbeat(document: JsonObject, event: EcsEvent, context: ParseContext): void {
  const at = (path: string) => valueAt(document, path);
  const eventId = at('winlog.event_id') ?? at('event.code') ?? '';
  const header: WindowsHeader = {
    channel: text(at('winlog.channel')),
    eventId: text(eventId),
    provider: text(at('winlog.provider_name') ?? at('event.provider')),
    computer: text(at('winlog.computer_name') ?? at('host.name')),
    level: LEVEL_WORDS[text(at('log.level')).toLowerCase()] ?? 4,
    outcome: outcomeOf(at('event.outcome'), at('winlog.keywords')),
    time: at('@timestamp') ?? at('event.created'),
  };
  const record: JsonObject = {
    Channel: header.channel,
    EventID: eventId,
    Provider_Name: header.provider,
    Computer: header.computer,
    Level: header.level,
  };
  for (const [key, path] of WINLOG_KEYS) setIfPresent(record, key, at(path));
  addData(record, at('winlog.event_data'));
  addData(record, userData(at('winlog.user_data')));
  for (const key of Object.keys(document)) {
    if (key.startsWith('winlog.event_data.')) record[key.slice(18)] = document[key]!;
  }
  readWindows(event, header, record, context);
}

function outcomeOf(outcome: ExtraValue | undefined, keywords: ExtraValue | undefined): '' | 'success' | 'failure' {
  return outcome === 'success' || outcome === 'failure' ? outcome : auditOutcome(keywords);
}

function copy(record: JsonObject, from: JsonObject, keys: readonly string[]): void {
  for (const key of keys) setIfPresent(record, key, content(from[key]));
}

function setIfPresent(record: JsonObject, key: string, value: ExtraValue | undefined): void {
  if (value !== undefined && value !== null) record[key] = value;
}
