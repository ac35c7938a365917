/**
 * Everything about one value: an address, a user, a host, a hash, a domain, a path — wherever it stands as a whole in a
 * promoted field or in the line as received. Counted by source type, with the newest events of each.
 */
import type { Pivot } from '@vedette/contracts';
import { addressRange, isAddress } from '../../../search/address-range.ts';
import { fold } from '../../../search/glob.ts';
import { DOCUMENT_COLUMNS, isoTime, rowDocument } from '../documents.ts';
import type { EventFilter, QueryOptions } from '../event-store.ts';
import { COLUMNS } from '../schema/columns.ts';
import { filterSql } from './filter-sql.ts';
import { predicateSql } from './predicate-sql.ts';
import type { Run } from './reader.ts';
import { Parameters } from './sql.ts';

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
  const where = `${filterSql(filter, params)} AND ${valueSql(wanted, params)}`;
  const text =
    `SELECT source_type, count() AS n, min(timestamp) AS first, max(timestamp) AS last FROM events WHERE ${where} ` +
    `GROUP BY source_type ORDER BY n DESC, source_type LIMIT ${MAX_GROUPS}`;
  const counts = await run({ text, params: params.values }, options);
  const groups = await Promise.all(
    counts.map(async (row) => {
      const sourceType = String(row['source_type']);
      const itemParams = new Parameters();
      const conditions = `${filterSql({ ...filter, sourceType }, itemParams)} AND ${valueSql(wanted, itemParams)}`;
      const items = await run(
        {
          text: `SELECT ${DOCUMENT_COLUMNS} FROM events WHERE ${conditions} ORDER BY timestamp DESC, id DESC LIMIT ${itemParams.bind('UInt32', newest)}`,
          params: itemParams.values,
        },
        options,
      );
      return {
        sourceType,
        count: Number(row['n']),
        firstSeen: isoTime(row['first'] as string),
        lastSeen: isoTime(row['last'] as string),
        items: items.map(rowDocument),
      };
    }),
  );
  return { value, total: groups.reduce((sum, { count }) => sum + count, 0), groups };
}

const TEXT_COLUMNS = COLUMNS.filter(
  ({ kind, ecs }) => (kind === 'tag' || kind === 'text') && !ecs.startsWith('vedette.'),
).map(({ name }) => name);

function valueSql(value: string, params: Parameters): string {
  if (isAddress(value)) {
    const { from } = addressRange(value)!;
    const columns = COLUMNS.filter(({ kind }) => kind === 'ip').map(({ ecs }) =>
      predicateSql({ op: 'address', field: ecs, from, to: from }, params),
    );
    const inRaw = predicateSql({ op: 'raw-address', text: fold(value) }, params);
    return `(${[...columns, inRaw].join(' OR ')})`;
  }
  const folded = fold(value);
  const bound = params.text(folded);
  const columns = TEXT_COLUMNS.map((name) => `lower(${name}) = ${bound}`);
  return `(${[...columns, wholeInRawSql(folded, params)].join(' OR ')})`;
}

/** `value` in the line, not as part of a longer word. The text index finds the lines that hold all its words. */
function wholeInRawSql(value: string, params: Parameters): string {
  const words = /^[\x20-\x7e]*$/.test(value) ? (value.match(/[0-9a-z]+/g) ?? []).slice(0, MAX_WORDS) : [];
  const escaped = value.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
  const before = /^[0-9a-z]/.test(value) ? '(^|[^0-9a-z])' : '';
  const after = /[0-9a-z]$/.test(value) ? '($|[^0-9a-z])' : '';
  const hint = words.length > 0 ? `hasAllTokens(lower(raw), ${params.bind('Array(String)', words)}) AND ` : '';
  return `(${hint}match(lower(raw), ${params.text(before + escaped + after)}))`;
}
