/** Statements that write: one file of Native bytes becomes one block, stored once for its token. */
import { textLiteral } from './queries/literals.ts';
import { EVENT_COLUMNS, QUARANTINE_COLUMNS } from './schema/tables.ts';

const TABLES = { events: EVENT_COLUMNS, quarantine: QUARANTINE_COLUMNS };
export type TableName = keyof typeof TABLES;

export const columnList = (table: TableName): string => TABLES[table].map(({ name }) => name).join(', ');

/** Settings of every insert: durable before it answers, never split or merged, so that the token covers it whole. */
export function insertSettings(token: string): Record<string, string | number> {
  return {
    insert_deduplication_token: token,
    insert_deduplicate: 1,
    async_insert: 0,
    max_insert_threads: 1,
    max_insert_block_size: 10_000_000,
    min_insert_block_size_rows: 10_000_000,
    min_insert_block_size_bytes: 4_000_000_000,
    max_block_size: 10_000_000,
    input_format_parallel_parsing: 0,
    throw_on_max_partitions_per_insert_block: 1,
  };
}

/** For the embedded engine: reads the block from a file. */
export function insertFromFile(table: TableName, path: string, token: string): string {
  const settings = Object.entries({ ...insertSettings(token), deduplicate_insert_select: 'force_enable' }).map(
    ([name, value]) => `${name} = ${typeof value === 'number' ? value : textLiteral(value)}`,
  );
  const columns = columnList(table);
  return `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM file(${textLiteral(path)}, Native) SETTINGS ${settings.join(', ')}`;
}
