/** The overview's figures: a handful of aggregations over one filter, run beside each other. */
import { SEVERITIES } from '@vedette/contracts';
import type { EventFigures, QueryOptions, StatsFilter } from '../event-store.ts';
import { addressText } from '../documents.ts';
import { filterSql, laneConditions, PROTOCOL, rangeConditions, SEVERITY_INDEX } from './filter-sql.ts';
import { bucketSql, bucketTime, noSeverities, resolveRange } from './histogram.ts';
import { roundBuckets } from './intervals.ts';
import type { Run } from './reader.ts';
import { Parameters, type Row } from './sql.ts';

const TOP = 10;
const TIMELINE_BUCKETS = 96;
const NO_ADDRESS = "toIPv6('::')";

export async function eventFigures(
  run: Run,
  now: () => number,
  filter: StatsFilter,
  options?: QueryOptions,
): Promise<EventFigures> {
  const range = await resolveRange(run, now, filter, options);
  const buckets = roundBuckets(range.from, range.to, TIMELINE_BUCKETS);

  const select = (what: (params: Parameters) => string, rest: string, ...conditions: string[]): Promise<Row[]> => {
    const params = new Parameters();
    const where = [filterSql(filter, params), ...conditions].join(' AND ');
    return run({ text: `SELECT ${what(params)} FROM events WHERE ${where} ${rest}`, params: params.values }, options);
  };
  const top = (value: string, ...conditions: string[]) =>
    select(
      () => `${value} AS value, count() AS n`,
      `GROUP BY value ORDER BY n DESC, value LIMIT ${TOP}`,
      ...conditions,
    );

  const [
    severities,
    timeline,
    protocols,
    sourceTypes,
    destinations,
    sources,
    malicious,
    users,
    addresses,
    quarantined,
  ] = await Promise.all([
    select(
      () => `${SEVERITY_INDEX} AS step, intel_level AS confidence, count() AS n`,
      'GROUP BY step, confidence ORDER BY step, confidence',
    ),
    select(
      (params) => `${bucketSql(buckets, params)} AS bucket, count() AS n, countIf(intel_level > 0) AS bad`,
      'GROUP BY bucket',
    ),
    top(PROTOCOL, `${PROTOCOL} != ''`),
    top('source_type', "source_type != ''"),
    top('destination_ip', `destination_ip != ${NO_ADDRESS}`),
    top('source_ip', `source_ip != ${NO_ADDRESS}`),
    select(
      () => 'intel_ip AS value, count() AS n, max(intel_level) AS level',
      `GROUP BY value ORDER BY n DESC, value LIMIT ${TOP}`,
      'intel_level > 0',
      `intel_ip != ${NO_ADDRESS}`,
    ),
    top('user_name', "user_name != ''"),
    select(
      () => 'arrayJoin(arrayDistinct([source_ip, destination_ip])) AS value, count() AS n',
      `GROUP BY value HAVING value != ${NO_ADDRESS} ORDER BY n DESC, value LIMIT ${TOP}`,
    ),
    countQuarantined(run, filter, options),
  ]);

  const bySeverity = noSeverities();
  let events = 0;
  let bad = 0;
  for (const row of severities) {
    const n = Number(row['n']);
    events += n;
    if (Number(row['confidence']) > 0) bad += n;
    bySeverity[SEVERITIES[Number(row['step'])]!] += n;
  }
  const points = Array.from({ length: buckets.count }, (_, i) => ({
    ts: bucketTime(buckets, i),
    total: 0,
    malicious: 0,
  }));
  for (const row of timeline) {
    const point = points[Number(row['bucket'])];
    if (point) Object.assign(point, { total: Number(row['n']), malicious: Number(row['bad']) });
  }
  return {
    from: new Date(range.from).toISOString(),
    to: new Date(range.to).toISOString(),
    totals: { events, malicious: bad, noMatch: events - bad, quarantined },
    bySeverity,
    byProtocol: protocols.map(counted),
    bySourceType: sourceTypes.map(counted),
    timeline: points,
    intervalMs: buckets.intervalMs,
    topDestinations: destinations.map(countedAddress),
    topSources: sources.map(countedAddress),
    topMaliciousIps: malicious.map((row) => ({ ...countedAddress(row), level: Number(row['level']) })),
    heatmap: severities
      .filter((row) => Number(row['confidence']) > 0)
      .map((row) => ({
        severity: SEVERITIES[Number(row['step'])]!,
        confidence: Number(row['confidence']),
        count: Number(row['n']),
      })),
    topUsers: users.map(counted),
    topIps: addresses.map(countedAddress),
  };
}

const counted = (row: Row) => ({ value: String(row['value']), count: Number(row['n']) });
const countedAddress = (row: Row) => ({ value: addressText(String(row['value'])), count: Number(row['n']) });

async function countQuarantined(run: Run, filter: StatsFilter, options?: QueryOptions): Promise<number> {
  const params = new Parameters();
  const conditions = [...rangeConditions('at', filter, params), ...laneConditions(filter.lane, params)];
  const text = `SELECT count() AS n FROM quarantine WHERE ${conditions.join(' AND ') || '1'}`;
  const [row] = await run({ text, params: params.values }, options);
  return Number(row!['n']);
}
