/**
 * Top values of fields among the newest matching events. Counts are of the sample; up to `EXACT_VALUES` different values
 * of a field they are exact, beyond that the top ones are close.
 */
import type { FieldSummaries } from '@vedette/contracts';
import { addressText, isoTime } from '../documents.ts';
import type { EventFilter, QueryOptions } from '../event-store.ts';
import { TRUNCATED_KEY } from '../extra-column.ts';
import { decodeExtra } from '../extra-values.ts';
import { TWINS_KEY } from '../record-twins.ts';
import { COLUMNS, columnByEcs } from '../schema/columns.ts';
import { filterSql } from './filter-sql.ts';
import { countEvents, type Run } from './reader.ts';
import { Parameters } from './sql.ts';

const SAMPLE = 100_000;
const EXACT_VALUES = 1000;
const MAX_FIELDS = 200;
/** Further fields listed beside the promoted ones when no field is named. */
const LISTED_EXTRA = 100;
/** Characters of a value that are kept. */
const VALUE_LENGTH = 256;

interface Asked {
  field: string;
  kind: string;
  /** SQL of its value as text; '' is absent. */
  value: string;
  read(text: string): string;
}

/** `fields` empty: all that occur. */
export async function fieldSummaries(
  run: Run,
  filter: EventFilter,
  fields: string[],
  top: number,
  options?: QueryOptions,
): Promise<FieldSummaries> {
  const total = await countEvents(run, filter, options);
  const params = new Parameters();
  const names = fields.length > 0 ? fields.slice(0, MAX_FIELDS) : await occurringFields(run, filter, options);
  const asked = names.map((field) => describe(field, params));
  const columns = new Set(asked.map(({ field }) => columnByEcs.get(field)?.name ?? 'extra'));
  if (total === 0 || asked.length === 0) return { total, sampled: false, fields: [] };
  const cells = Math.max(1, Math.ceil(EXACT_VALUES / top));
  const aggregates = asked.map(
    ({ value }, i) =>
      `countIf(${value} != '') AS present_${i}, ` +
      `topKIf(${top}, ${cells}, 'counts')(substringUTF8(${value}, 1, ${VALUE_LENGTH}), ${value} != '') AS top_${i}`,
  );
  const text =
    `SELECT ${aggregates.join(', ')} FROM (SELECT ${[...columns].join(', ')} FROM events ` +
    `WHERE ${filterSql(filter, params)} ORDER BY timestamp DESC, id DESC LIMIT ${SAMPLE})`;
  const [row] = await run({ text, params: params.values }, options);
  const summaries = asked.map(({ field, kind, read }, i) => ({
    field,
    kind,
    present: Number(row![`present_${i}`]),
    values: (row![`top_${i}`] as unknown[]).map((entry) => {
      const [value, count] = Array.isArray(entry) ? (entry as unknown[]) : Object.values(entry as object);
      return { value: read(String(value)), count: Number(count) };
    }),
  }));
  const kept = fields.length > 0 ? summaries : summaries.filter(({ present }) => present > 0);
  return { total, sampled: total > SAMPLE, fields: kept };
}

function describe(field: string, params: Parameters): Asked {
  const column = columnByEcs.get(field);
  if (!column) {
    const read = (text: string) => {
      const value = decodeExtra(text);
      return typeof value === 'string' ? value : JSON.stringify(value);
    };
    return { field, kind: 'extra', value: `extra[${params.text(field)}]`, read };
  }
  const { name, kind } = column;
  const same = (text: string) => text;
  if (kind === 'ip')
    return { field, kind, value: `if(${name} = toIPv6('::'), '', toString(${name}))`, read: addressText };
  if (kind === 'time') return { field, kind, value: `toString(${name})`, read: isoTime };
  if (kind === 'tag' || kind === 'text') return { field, kind, value: name, read: same };
  return { field, kind, value: `if(${name} = 0, '', toString(${name}))`, read: same };
}

/** The promoted fields, and the further ones that the newest matching events have most. */
async function occurringFields(run: Run, filter: EventFilter, options?: QueryOptions): Promise<string[]> {
  const params = new Parameters();
  const text =
    `SELECT arrayJoin(mapKeys(extra)) AS key, count() AS n FROM (SELECT extra FROM events ` +
    `WHERE ${filterSql(filter, params)} ORDER BY timestamp DESC, id DESC LIMIT 10000) ` +
    `GROUP BY key ORDER BY n DESC, key LIMIT ${LISTED_EXTRA}`;
  const rows = await run({ text, params: params.values }, options);
  const further = rows.map((row) => String(row['key'])).filter((key) => !HIDDEN.has(key) && !columnByEcs.has(key));
  return [...COLUMNS.filter(({ kind }) => kind !== 'time').map(({ ecs }) => ecs), ...further];
}

const HIDDEN = new Set([TWINS_KEY, TRUNCATED_KEY, 'message']);
