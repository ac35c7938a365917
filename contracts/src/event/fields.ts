/**
 * The promoted fields: one table from which the event class, the store's columns, the block encoder, the query
 * language and the API documents are all derived. Everything else an event carries lives in `extra` and `record`.
 *
 * `kind` decides the wire and column type: `time` (ms since the epoch, UTC), `tag` (text that repeats, dictionary
 * coded), `text`, `ip` (IPv4 or IPv6 text), `u8` … `u64` (non-negative integers; 0 is "absent" unless said otherwise).
 */
export const PROMOTED_FIELDS = [
  { prop: 'timestamp', ecs: '@timestamp', kind: 'time' },
  { prop: 'ingested', ecs: 'event.ingested', kind: 'time' },
  { prop: 'severity', ecs: 'event.severity', kind: 'u8' },
  { prop: 'lane', ecs: 'vedette.lane', kind: 'tag' },
  { prop: 'source', ecs: 'vedette.source', kind: 'tag' },
  { prop: 'sourceType', ecs: 'vedette.source_type', kind: 'tag' },
  { prop: 'dataset', ecs: 'event.dataset', kind: 'tag' },
  { prop: 'category', ecs: 'event.category', kind: 'tag' },
  { prop: 'type', ecs: 'event.type', kind: 'tag' },
  { prop: 'action', ecs: 'event.action', kind: 'tag' },
  { prop: 'outcome', ecs: 'event.outcome', kind: 'tag' },
  { prop: 'provider', ecs: 'event.provider', kind: 'tag' },
  { prop: 'code', ecs: 'event.code', kind: 'tag' },
  { prop: 'channel', ecs: 'winlog.channel', kind: 'tag' },
  { prop: 'hostName', ecs: 'host.name', kind: 'tag' },
  { prop: 'userName', ecs: 'user.name', kind: 'tag' },
  { prop: 'userDomain', ecs: 'user.domain', kind: 'tag' },
  { prop: 'targetUserName', ecs: 'user.target.name', kind: 'tag' },
  { prop: 'sourceIp', ecs: 'source.ip', kind: 'ip' },
  { prop: 'sourcePort', ecs: 'source.port', kind: 'u16' },
  { prop: 'destinationIp', ecs: 'destination.ip', kind: 'ip' },
  { prop: 'destinationPort', ecs: 'destination.port', kind: 'u16' },
  { prop: 'transport', ecs: 'network.transport', kind: 'tag' },
  { prop: 'protocol', ecs: 'network.protocol', kind: 'tag' },
  { prop: 'sourceBytes', ecs: 'source.bytes', kind: 'u64' },
  { prop: 'destinationBytes', ecs: 'destination.bytes', kind: 'u64' },
  { prop: 'processName', ecs: 'process.name', kind: 'tag' },
  { prop: 'processExecutable', ecs: 'process.executable', kind: 'tag' },
  { prop: 'processPid', ecs: 'process.pid', kind: 'u32' },
  { prop: 'processCommandLine', ecs: 'process.command_line', kind: 'text' },
  { prop: 'parentExecutable', ecs: 'process.parent.executable', kind: 'tag' },
  { prop: 'parentCommandLine', ecs: 'process.parent.command_line', kind: 'text' },
  { prop: 'filePath', ecs: 'file.path', kind: 'text' },
  { prop: 'registryPath', ecs: 'registry.path', kind: 'text' },
  { prop: 'hashSha256', ecs: 'file.hash.sha256', kind: 'text' },
  { prop: 'dnsQuestion', ecs: 'dns.question.name', kind: 'tag' },
  { prop: 'urlOriginal', ecs: 'url.original', kind: 'text' },
  { prop: 'httpMethod', ecs: 'http.request.method', kind: 'tag' },
  { prop: 'httpStatus', ecs: 'http.response.status_code', kind: 'u16' },
  { prop: 'userAgent', ecs: 'user_agent.original', kind: 'tag' },
  { prop: 'ruleName', ecs: 'rule.name', kind: 'tag' },
  { prop: 'intelLevel', ecs: 'vedette.intel.level', kind: 'u8' },
  { prop: 'intelIp', ecs: 'vedette.intel.ip', kind: 'ip' },
] as const satisfies readonly PromotedField[];

export type FieldKind = 'time' | 'tag' | 'text' | 'ip' | 'u8' | 'u16' | 'u32' | 'u64';

export interface PromotedField {
  /** Property of `EcsEvent` that holds the value. */
  readonly prop: string;
  /** Dotted ECS name, as queries and API documents spell it. */
  readonly ecs: string;
  readonly kind: FieldKind;
}

export type PromotedProp = (typeof PROMOTED_FIELDS)[number]['prop'];

/** ECS name → promoted field. */
export const promotedByEcs: ReadonlyMap<string, (typeof PROMOTED_FIELDS)[number]> = new Map(
  PROMOTED_FIELDS.map((field) => [field.ecs, field]),
);

/** ECS fields that hold arrays by definition; stored as one value, shown as an array of one. */
export const ARRAY_FIELDS: ReadonlySet<string> = new Set(['event.category', 'event.type']);
