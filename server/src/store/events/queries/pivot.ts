/**
 * Everything about one value: an address, a user, a host, a hash, a domain, a path — wherever it stands as a whole in a
 * promoted field or in the line as received. Counted by source type, with the newest events of each.
 */
import type { EcsDocument, Pivot } from '@vedette/contracts';
import { addressRange, isAddress } from '../../../search/address-range.ts';
import { fold } from '../../../search/glob.ts';
import { DOCUMENT_COLUMNS, isoTime, rowDocument } from '../documents.ts';
import type { EventFilter, QueryOptions } from '../event-store.ts';
import { COLUMNS } from '../schema/columns.ts';
import { NAMES } from '../schema/tables.ts';
import type { Keyset } from './cursor.ts';
import { filterSql } from './filter-sql.ts';
import { predicateSql } from './predicate-sql.ts';
import type { Run } from './reader.ts';
import { Parameters } from './sql.ts';
import { timeSql } from './time-sql.ts';

/** Words that the text index is asked for. */
const MAX_WORDS = 32;
/** Source types listed. */
const MAX_GROUPS = 20;

export async function pivot(
  run: Run,
  value: string,
  filter: Omit<EventFilter, 'q'>,
  newest: number,
  options?: QueryOptions,
): Promise<Pivot> {
  const wanted = value.trim();
  if (wanted === '') return { value, total: 0, groups: [] };
  const params = new Parameters();
  const newestFirst = '(negate(toUnixTimestamp64Milli(timestamp)), negate(toInt64(id)))';
  const text =
    `SELECT source_type, count() AS n, min(timestamp) AS first, max(timestamp) AS last, ` +
    `groupArraySorted(${Math.max(1, Math.trunc(newest))})(${newestFirst}) AS keys ` +
    `FROM (${matchesSql(filter, wanted, params)}) ` +
    `GROUP BY source_type ORDER BY n DESC, source_type LIMIT ${MAX_GROUPS}`;
  const rows = await run({ text, params: params.values }, options);
  const keys = rows.map((row) => (row['keys'] as unknown[]).map(keyOf));
  const documents = await documentsByKey(run, keys.flat(), options);
  const groups = rows.map((row, i) => ({
    sourceType: String(row['source_type']),
    count: Number(row['n']),
    firstSeen: isoTime(row['first'] as string),
    lastSeen: isoTime(row['last'] as string),
    items: keys[i]!.flatMap(({ id }) => documents.get(String(id)) ?? []),
  }));
  return { value, total: groups.reduce((sum, { count }) => sum + count, 0), groups };
}

/** A tuple comes as an array or, from some versions, as an object. */
function keyOf(tuple: unknown): Keyset {
  const [time, id] = Object.values(tuple as Record<string, unknown>);
  return { time: -Number(time), id: -Number(id) };
}

/** By id. Naming the times too lets the primary key find the rows. */
async function documentsByKey(
  run: Run,
  keys: readonly Keyset[],
  options?: QueryOptions,
): Promise<Map<string, EcsDocument>> {
  if (keys.length === 0) return new Map();
  const params = new Parameters();
  const times = [...new Set(keys.map(({ time }) => time))].map((time) => timeSql(time, params));
  const ids = params.bind(
    'Array(UInt64)',
    keys.map(({ id }) => id),
  );
  const text = `SELECT ${DOCUMENT_COLUMNS} FROM events WHERE timestamp IN (${times.join(', ')}) AND id IN ${ids}`;
  const rows = await run({ text, params: params.values }, options);
  return new Map(rows.map((row) => [String(row['id']), rowDocument(row)]));
}

/** The columns with an index of their own, and the other texts. */
const NAME_COLUMNS = NAMES.map(({ name }) => name);
const TEXT_COLUMNS = COLUMNS.filter(
  ({ kind, ecs, name }) =>
    (kind === 'tag' || kind === 'text') && !ecs.startsWith('vedette.') && !NAME_COLUMNS.includes(name),
).map(({ name }) => name);

/**
 * The matching events, found in two disjoint ways, each through an index of its own: one condition for both would use
 * none of them.
 */
function matchesSql(filter: Omit<EventFilter, 'q'>, value: string, params: Parameters): string {
  const where = filterSql(filter, params);
  const { byColumn, byLine } = valueSql(value, params);
  const select = `SELECT source_type, timestamp, id FROM events WHERE ${where}`;
  return `${select} AND (${byColumn}) UNION ALL ${select} AND ${byLine} AND NOT (${byColumn})`;
}

function valueSql(value: string, params: Parameters): { byColumn: string; byLine: string } {
  if (isAddress(value)) {
    const { from } = addressRange(value)!;
    const columns = COLUMNS.filter(({ kind }) => kind === 'ip').map(({ ecs }) =>
      predicateSql({ op: 'address', field: ecs, from, to: from }, params),
    );
    return {
      byColumn: columns.join(' OR '),
      byLine: predicateSql({ op: 'raw-address', text: fold(value) }, params),
    };
  }
  const folded = fold(value);
  const bound = params.text(folded);
  const equals = (names: readonly string[]) => names.map((name) => `lower(${name}) = ${bound}`);
  const words = wordsOf(folded);
  const whole = `match(lower(raw), ${params.text(wholePattern(folded))})`;
  // A value stands in the line word for word, whatever is escaped between its words; names may come from elsewhere.
  const hint = words.length > 0 ? `hasAllTokens(lower(raw), ${params.bind('Array(String)', words)}) AND ` : '';
  return {
    byColumn: equals(NAME_COLUMNS).join(' OR '),
    byLine: `${hint}(${[...equals(TEXT_COLUMNS), whole].join(' OR ')})`,
  };
}

function wordsOf(value: string): string[] {
  return /^[\x20-\x7e]*$/.test(value) ? (value.match(/[0-9a-z]+/g) ?? []).slice(0, MAX_WORDS) : [];
}

/** `value`, not as part of a longer word. */
function wholePattern(value: string): string {
  const escaped = value.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
  const before = /^[0-9a-z]/.test(value) ? '(^|[^0-9a-z])' : '';
  const after = /[0-9a-z]$/.test(value) ? '($|[^0-9a-z])' : '';
  return before + escaped + after;
}
