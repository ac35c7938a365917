/**
 * Record keys whose value a promoted property repeats. The encoder leaves such a key out when both values are exactly
 * equal, and names it in the extra key `vedette.twins`, which repeats from event to event and so costs next to nothing:
 * the prefix, then each key, as in `winlog.event_data.,Image,CommandLine,ObjectName:1,SourcePort#`. `:1` is the second
 * of its candidates, `#` says that the record holds a number, not text. Reading puts the record back exactly:
 * `restoreTwins`.
 */
import type { ExtraValue, PromotedProp } from '@vedette/contracts';

export const TWINS_KEY = 'vedette.twins';

/** Record prefix → record key → promoted properties that may repeat it. Keys hold no comma and no `#`. */
export const RECORD_TWINS: Readonly<Record<string, Readonly<Record<string, readonly PromotedProp[]>>>> = {
  'winlog.event_data.': {
    Image: ['processExecutable'],
    NewProcessName: ['processExecutable'],
    ProcessName: ['processExecutable', 'processName'],
    CommandLine: ['processCommandLine'],
    ProcessCommandLine: ['processCommandLine'],
    ParentImage: ['parentExecutable'],
    ParentProcessName: ['parentExecutable'],
    ParentCommandLine: ['parentCommandLine'],
    ProcessId: ['processPid'],
    User: ['userName'],
    SubjectUserName: ['userName'],
    SubjectDomainName: ['userDomain'],
    TargetUserName: ['targetUserName', 'userName'],
    TargetDomainName: ['userDomain'],
    TargetFilename: ['filePath'],
    TargetObject: ['registryPath'],
    ObjectName: ['filePath', 'registryPath'],
    QueryName: ['dnsQuestion'],
    SourceIp: ['sourceIp'],
    SourceAddress: ['sourceIp'],
    IpAddress: ['sourceIp'],
    SourcePort: ['sourcePort'],
    IpPort: ['sourcePort'],
    DestinationIp: ['destinationIp'],
    DestAddress: ['destinationIp'],
    DestinationPort: ['destinationPort'],
    DestPort: ['destinationPort'],
    Protocol: ['transport'],
    Hostname: ['hostName'],
    Computer: ['hostName'],
    Channel: ['channel'],
    EventID: ['code'],
    SourceName: ['provider'],
    ProviderName: ['provider'],
    RuleName: ['ruleName'],
  },
};

/**
 * True when text read back from `prop`'s column is certain to equal `value`: IPv6 text is not, because the store spells
 * it its own way.
 */
export function survivesColumn(value: string, isAddress: boolean): boolean {
  return !isAddress || !value.includes(':');
}

/** Full name of a record key → the properties that may hold its value, with how the marker spells each. */
export const TWIN_NAMES: ReadonlyMap<string, readonly { prop: PromotedProp; marker: string }[]> = new Map(
  Object.entries(RECORD_TWINS).flatMap(([prefix, keys]) =>
    Object.entries(keys).map(([key, props]) => [prefix + key, twinsOf(key, props)] as const),
  ),
);

export function twinsOf(key: string, props: readonly PromotedProp[]): { prop: PromotedProp; marker: string }[] {
  return props.map((prop, i) => ({ prop, marker: i === 0 ? `,${key}` : `,${key}:${i}` }));
}

/** Adds the record keys that the encoder left out. `promoted` gives a property's stored value, absent ones undefined. */
export function restoreTwins(
  marker: string,
  promoted: (prop: PromotedProp) => string | number | undefined,
  set: (name: string, value: ExtraValue) => void,
): void {
  const [prefix = '', ...entries] = marker.split(',');
  for (const entry of entries) {
    const isNumber = entry.endsWith('#');
    const [key = '', index = '0'] = (isNumber ? entry.slice(0, -1) : entry).split(':');
    const prop = TWIN_NAMES.get(prefix + key)?.[Number(index)]?.prop;
    const value = prop && promoted(prop);
    if (value !== undefined) set(prefix + key, isNumber ? Number(value) : String(value));
  }
}
