/**
 * Windows events: which Sigma services and categories a (channel, event id) is, and what its view looks like.
 *
 * The view of a Windows event is one flat object, which rules read by Sigma's own names:
 * - every value of EventData or UserData under its own name (`Image`, `CommandLine`, `TargetUserName`, …), numbers and
 *   text as the source gives them, empty elements as null or ''; unnamed data as `Data` (text, or an array of texts);
 * - from System: `EventID` (number or text), `Channel`, `Computer`, `Provider_Name`, `Level`, `Task`, `Opcode`,
 *   `Keywords`, `Version`, `EventRecordID`, `UserID` (Security), and `ExecutionProcessID`. Where EventData has one of
 *   the first four too, System's value stays (what was logged must not be able to change what the event is); of the
 *   others EventData's does;
 * - names with blanks (Windows Defender's `Threat Name`) stay as they are: they are read as `ThreatName` as well.
 * A record that is flat already (winlogbeat, NXLog) is its own view.
 */
import { NO_FALLBACKS, type FieldFallbacks } from '../match/view.ts';
import { CATEGORY_EVENTS, SECURITY_PROCESS_CREATION, SERVICE_CHANNELS } from './data/windows-channels.ts';

export interface WindowsClass {
  readonly services: readonly string[];
  readonly categories: readonly string[];
  readonly fallbacks: FieldFallbacks;
}

/** Defender's own names; Sigma writes them without blanks. */
const DEFENDER_NAMES = [
  ...['Threat Name', 'Threat ID', 'Severity Name', 'Severity ID', 'Category Name', 'Category ID', 'Source Name'],
  ...['Source ID', 'Process Name', 'Detection User', 'Detection ID', 'Detection Time', 'Action Name', 'Action ID'],
  ...['Origin Name', 'Origin ID', 'Execution Name', 'Execution ID', 'Type Name', 'Type ID', 'Error Code'],
  ...['Error Description', 'New Value', 'Old Value', 'Product Name', 'Product Version', 'Remediation User'],
  ...['Signature Version', 'Engine Version', 'Involved File', 'Inhibition Flags', 'Status Code', 'Source app'],
];
const DEFENDER: FieldFallbacks = new Map<string, readonly string[]>([
  ...DEFENDER_NAMES.map((name) => [name.replaceAll(' ', ''), [name]] as const),
  ['Signature', ['ThreatName', 'Threat Name']],
  ['Filename', ['Path']],
]);
const PROCESS_4688: FieldFallbacks = new Map([
  ['Image', ['NewProcessName']],
  ['ParentImage', ['ParentProcessName']],
]);

const servicesByChannel = new Map<string, string[]>();
for (const [service, channels] of Object.entries(SERVICE_CHANNELS)) {
  for (const channel of channels) {
    const key = channel.toLowerCase();
    servicesByChannel.set(key, [...(servicesByChannel.get(key) ?? []), service]);
  }
}

/** What a Windows event is. Channels are compared without case; unknown ones have no services. */
export function classifyWindows(channel: string, code: string, security4688: boolean): WindowsClass {
  const services = servicesByChannel.get(channel.toLowerCase()) ?? [];
  const id = Number(code);
  const categories = services.flatMap((service) => {
    const events = CATEGORY_EVENTS[service] ?? {};
    return Object.keys(events).filter((category) => events[category]!.includes(id));
  });
  const { service, category, code: processCode } = SECURITY_PROCESS_CREATION;
  const isProcess = services.includes(service) && id === processCode;
  if (isProcess && security4688) categories.push(category);
  const fallbacks = services.includes('windefend') ? DEFENDER : isProcess ? PROCESS_4688 : NO_FALLBACKS;
  return { services, categories, fallbacks };
}

/** Fallbacks of a view by its own `Channel` and `EventID`; none for views of other sources. */
export function fallbacksOfView(view: Readonly<Record<string, unknown>>): FieldFallbacks {
  const channel = view['Channel'];
  const code = view['EventID'];
  if (typeof channel !== 'string' || (typeof code !== 'number' && typeof code !== 'string')) return NO_FALLBACKS;
  return classifyWindows(channel, String(code), true).fallbacks;
}
