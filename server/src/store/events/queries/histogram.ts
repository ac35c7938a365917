/** Events over time: counts per round interval and severity. */
import { SEVERITIES, type Histogram, type SeverityCounts } from '@vedette/contracts';
import type { QueryOptions, StatsFilter } from '../event-store.ts';
import { isoTime } from '../documents.ts';
import { filterSql, SEVERITY_INDEX } from './filter-sql.ts';
import { roundBuckets, type Buckets } from './intervals.ts';
import type { Run } from './reader.ts';
import { Parameters } from './sql.ts';

export interface Range {
  from: number;
  to: number;
}

/** The filter's range (ms); what it leaves open is taken from the matching events, and from the clock where there are none. */
export async function resolveRange(
  run: Run,
  now: () => number,
  filter: StatsFilter,
  options?: QueryOptions,
): Promise<Range> {
  let from = filter.from === undefined ? NaN : Date.parse(filter.from);
  let to = filter.to === undefined ? NaN : Date.parse(filter.to);
  if (Number.isNaN(from) || Number.isNaN(to)) {
    const params = new Parameters();
    const text = `SELECT count() AS n, min(timestamp) AS first, max(timestamp) AS last FROM events WHERE ${filterSql(filter, params)}`;
    const [row] = await run({ text, params: params.values }, options);
    const isEmpty = Number(row!['n']) === 0;
    const clock = now();
    if (Number.isNaN(from))
      from = isEmpty ? Math.min(clock, to || clock) : Date.parse(isoTime(row!['first'] as string));
    if (Number.isNaN(to)) to = isEmpty ? Math.max(clock, from) : Date.parse(isoTime(row!['last'] as string)) + 1;
  }
  return { from, to: Math.max(from, to) };
}

export async function histogram(
  run: Run,
  now: () => number,
  filter: StatsFilter,
  wanted: number,
  options?: QueryOptions,
): Promise<Histogram> {
  const range = await resolveRange(run, now, filter, options);
  const buckets = roundBuckets(range.from, range.to, wanted);
  const params = new Parameters();
  const text =
    `SELECT ${bucketSql(buckets, params)} AS bucket, ${SEVERITY_INDEX} AS step, count() AS n FROM events ` +
    `WHERE ${filterSql(filter, params)} GROUP BY bucket, step`;
  const rows = await run({ text, params: params.values }, options);
  const counts: SeverityCounts[] = Array.from({ length: buckets.count }, noSeverities);
  for (const row of rows) {
    const bucket = counts[Number(row['bucket'])];
    if (bucket) bucket[SEVERITIES[Number(row['step'])]!] += Number(row['n']);
  }
  return {
    from: new Date(range.from).toISOString(),
    to: new Date(range.to).toISOString(),
    intervalMs: buckets.intervalMs,
    buckets: counts.map((item, i) => ({ ts: bucketTime(buckets, i), counts: item })),
  };
}

/** Number of the bucket that an event falls into, from 0. */
export function bucketSql({ start, intervalMs }: Buckets, params: Parameters): string {
  return `intDiv(toUnixTimestamp64Milli(timestamp) - ${params.bind('Int64', start)}, ${params.bind('Int64', intervalMs)})`;
}

export function bucketTime({ start, intervalMs }: Buckets, index: number): string {
  return new Date(start + index * intervalMs).toISOString();
}

export function noSeverities(): SeverityCounts {
  return { info: 0, low: 0, medium: 0, high: 0, critical: 0 };
}
