/**
 * Table definitions and their growth. The schema is additive: a store that lacks a column gets it by ALTER TABLE … ADD
 * COLUMN when it is opened; `schema_version` records which version wrote the store last, and a store written by a newer
 * version is refused rather than half-understood.
 *
 * `events` is partitioned by day of *ingest*: forged or old event times must not multiply partitions, and retention must
 * not delete a fresh import. It is ordered by event time, so that the newest events are read first without sorting.
 */
import { COLUMNS, COLUMN_TYPES, MESSAGE_IS_JSON, column, type Column } from './columns.ts';

/** Raised when the meaning of stored data changes; added columns alone do not. */
export const SCHEMA_VERSION = 1;

/** How many recent blocks each table remembers by token. The journal replays far fewer. */
const DEDUPLICATION_WINDOW = 10_000;

/**
 * An insert that was answered survives a power cut: the journal lets go of its input then. Small granules and compressed
 * blocks, because lists show a hundred events that lie scattered over the table: a granule of 8192 rows makes that twice
 * as dear, and saves 2 % of the space.
 */
const TABLE_SETTINGS =
  `SETTINGS non_replicated_deduplication_window = ${DEDUPLICATION_WINDOW}, ` +
  'fsync_after_insert = 1, fsync_part_directory = 1, ' +
  'index_granularity = 1024, min_compress_block_size = 16384, max_compress_block_size = 262144';

const TIME = column('timestamp').name;
const INGESTED = column('ingested').name;
const EXTRA_TYPE = 'Map(LowCardinality(String), String)';

const ADDRESSES = [column('sourceIp'), column('destinationIp'), column('intelIp')];
/** Looked up by exact value: a bloom filter each. */
export const NAMES: readonly Column[] = [
  column('userName'),
  column('targetUserName'),
  column('hostName'),
  column('hashSha256'),
];

interface ColumnDefinition {
  name: string;
  definition: string;
}

/** All stored columns of `events` in the order the block encoder writes them. */
export const EVENT_COLUMNS: readonly ColumnDefinition[] = [
  { name: 'id', definition: 'UInt64 CODEC(Delta, ZSTD(1))' },
  ...COLUMNS.map((item) => ({ name: item.name, definition: COLUMN_TYPES[item.kind] + codec(item) })),
  { name: 'message_at', definition: 'UInt32 CODEC(ZSTD(1))' },
  { name: 'message_len', definition: 'UInt32 CODEC(ZSTD(1))' },
  { name: 'extra', definition: `${EXTRA_TYPE} CODEC(ZSTD(1))` },
  { name: 'raw', definition: 'String CODEC(ZSTD(1))' },
];

function codec({ kind }: Column): string {
  if (kind === 'time' || kind === 'u64') return ' CODEC(Delta, ZSTD(1))';
  return kind === 'tag' ? '' : ' CODEC(ZSTD(1))';
}

/** `message` as a computed column: a slice of `raw`, a JSON literal in it, or text of its own in `extra`. */
const MESSAGE_ALIAS =
  `message String ALIAS multiIf(message_at = 0, extra['message'], message_at < ${MESSAGE_IS_JSON}, ` +
  `substring(raw, message_at, message_len), ` +
  `JSONExtractString(substring(raw, message_at - ${MESSAGE_IS_JSON}, message_len)))`;

const EVENT_INDEXES = [
  'INDEX id_range id TYPE minmax GRANULARITY 1',
  `INDEX time_range ${TIME} TYPE minmax GRANULARITY 1`,
  ...ADDRESSES.map(({ name }) => `INDEX ${name}_bloom ${name} TYPE bloom_filter(0.01) GRANULARITY 1`),
  ...NAMES.map(({ name }) => `INDEX ${name}_bloom lower(${name}) TYPE bloom_filter(0.01) GRANULARITY 1`),
  "INDEX raw_text lower(raw) TYPE text(tokenizer = 'splitByNonAlpha')",
];

/** Stored columns of `quarantine` in the order the block encoder writes them. `at` is the receipt time. */
export const QUARANTINE_COLUMNS: readonly ColumnDefinition[] = [
  { name: 'id', definition: 'UInt64 CODEC(Delta, ZSTD(1))' },
  { name: 'at', definition: "DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))" },
  { name: 'source', definition: 'LowCardinality(String)' },
  { name: 'parser', definition: 'LowCardinality(String)' },
  { name: 'code', definition: 'LowCardinality(String)' },
  { name: 'reason', definition: 'LowCardinality(String)' },
  { name: 'lane', definition: 'LowCardinality(String)' },
  { name: 'raw', definition: 'String CODEC(ZSTD(1))' },
];

const listed = (columns: readonly ColumnDefinition[]) => columns.map(({ name, definition }) => `${name} ${definition}`);

/** Statements that create what is missing; each may be run again. */
export const CREATE_TABLES: readonly string[] = [
  'CREATE TABLE IF NOT EXISTS schema_version (version UInt32, at DateTime) ENGINE = MergeTree ORDER BY version',
  `CREATE TABLE IF NOT EXISTS events (${[...listed(EVENT_COLUMNS), MESSAGE_ALIAS, ...EVENT_INDEXES].join(', ')}) ` +
    `ENGINE = MergeTree PARTITION BY toYYYYMMDD(${INGESTED}) ORDER BY (${TIME}, id) ${TABLE_SETTINGS}`,
  `CREATE TABLE IF NOT EXISTS quarantine (${listed(QUARANTINE_COLUMNS).join(', ')}) ` +
    `ENGINE = MergeTree PARTITION BY toYYYYMMDD(at) ORDER BY (at, id) ${TABLE_SETTINGS}`,
];

/** ALTER statements that bring a store with these columns of `events` up to the present table. */
export function migrations(existing: ReadonlySet<string>): string[] {
  return EVENT_COLUMNS.filter(({ name }) => !existing.has(name)).map(
    ({ name, definition }) => `ALTER TABLE events ADD COLUMN IF NOT EXISTS ${name} ${definition}`,
  );
}

/** Opens the schema over any connection: creates, migrates, records the version. */
export async function openSchema(run: (sql: string) => Promise<Record<string, unknown>[]>): Promise<void> {
  for (const statement of CREATE_TABLES) await run(statement);
  const [found] = await run('SELECT toUInt32(max(version)) AS version FROM schema_version');
  const version = Number(found?.['version'] ?? 0);
  if (version > SCHEMA_VERSION)
    throw new Error(
      `The event store was written by a newer version (schema ${version}, this one knows ${SCHEMA_VERSION}). Upgrade Vedette or use another data folder.`,
    );
  const columns = await run("SELECT name FROM system.columns WHERE database = currentDatabase() AND table = 'events'");
  for (const statement of migrations(new Set(columns.map((row) => String(row['name']))))) await run(statement);
  if (version < SCHEMA_VERSION) await run(`INSERT INTO schema_version SELECT ${SCHEMA_VERSION}, now()`);
}
