import type { PromotedProp } from './fields.ts';
import type { Lane } from './lane.ts';

/** A value outside the promoted fields. Nested objects are flattened with dots when the event is stored. */
export type ExtraValue = string | number | boolean | null | ExtraValue[] | { [key: string]: ExtraValue };

/** What an event is routed to detection rules by. Windows uses channel and code; everything else product/service/category. */
export interface Logsource {
  readonly product?: string;
  readonly service?: string;
  readonly category?: string;
}

/**
 * One normalised log record. Promoted fields are plain properties, so that parsing, matching and column encoding are
 * property reads; '' and 0 mean "absent". `extra` holds further ECS fields by dotted name; `record` is the source's own
 * record (for example a Windows EventData map), whose keys are stored below `recordPrefix`.
 */
export class EcsEvent {
  /** Journal position of the event: unique, ascending, the same after every replay. */
  id = 0;
  timestamp = 0;
  ingested = 0;
  /** 0–15: info 0–3, low 4–6, medium 7–9, high 10–12, critical 13–15. */
  severity = 0;
  lane: Lane = 'live';
  source = '';
  sourceType = '';
  dataset = '';
  category = '';
  type = '';
  action = '';
  outcome = '';
  provider = '';
  code = '';
  channel = '';
  hostName = '';
  userName = '';
  userDomain = '';
  targetUserName = '';
  sourceIp = '';
  sourcePort = 0;
  destinationIp = '';
  destinationPort = 0;
  transport = '';
  protocol = '';
  sourceBytes = 0;
  destinationBytes = 0;
  processName = '';
  processExecutable = '';
  processPid = 0;
  processCommandLine = '';
  parentExecutable = '';
  parentCommandLine = '';
  filePath = '';
  registryPath = '';
  hashSha256 = '';
  dnsQuestion = '';
  urlOriginal = '';
  httpMethod = '';
  httpStatus = 0;
  userAgent = '';
  ruleName = '';
  /** IPsum-like confidence: number of blacklists that name `intelIp`; 0 is "no match". */
  intelLevel = 0;
  intelIp = '';
  /** Human-readable text. Stored as a slice of `raw` where it is one. */
  message = '';
  /** The line exactly as received (invalid UTF-8 decoded as latin1, see `rawLatin1`). */
  raw = '';
  /** True when `raw` holds bytes as latin1 because the line was not valid UTF-8. */
  rawLatin1 = false;
  /** Further ECS fields by dotted name; null until the first is set. */
  extra: Record<string, ExtraValue> | null = null;
  /** The source's own record, verbatim; null when the source has none. */
  record: Record<string, ExtraValue> | null = null;
  /** Prefix below which `record`'s keys are stored, with the final dot: `winlog.event_data.`. */
  recordPrefix = '';
  logsource: Logsource = NO_LOGSOURCE;

  /** Sets a further ECS field; undefined, null and '' are skipped. */
  setExtra(name: string, value: ExtraValue | undefined): void {
    if (value === undefined || value === null || value === '') return;
    (this.extra ??= {})[name] = value;
  }
}

export const NO_LOGSOURCE: Logsource = {};

/** Any event with every promoted property known to the type checker: holds the class to the table. */
type HasEveryPromotedProp = EcsEvent extends Record<PromotedProp, unknown> ? true : never;
export const eventMatchesTable: HasEveryPromotedProp = true;
