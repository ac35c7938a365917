/** Filters of lists and figures → WHERE conditions over `events`. */
import { SEVERITIES, SEVERITY_FLOOR, type LaneFilter, type Severity } from '@vedette/contracts';
import { resolveQuery } from '../../../search/predicate.ts';
import { parseQuery } from '../../../search/parser.ts';
import type { StatsFilter } from '../event-store.ts';
import { predicateSql } from './predicate-sql.ts';
import { timeSql } from './time-sql.ts';
import type { Parameters } from './sql.ts';

/** Throws `QueryError` for a query text that cannot be read. */
export function filterSql(filter: StatsFilter, params: Parameters): string {
  const conditions = rangeConditions('timestamp', filter, params);
  conditions.push(...laneConditions(filter.lane, params));
  if (filter.severity !== undefined) conditions.push(severityCondition(filter.severity));
  if (filter.protocol !== undefined) conditions.push(`${PROTOCOL} = ${params.text(filter.protocol)}`);
  if (filter.sourceType !== undefined) conditions.push(`source_type = ${params.text(filter.sourceType)}`);
  if (filter.q !== undefined) {
    const condition = predicateSql(resolveQuery(parseQuery(filter.q)), params);
    if (condition !== '1') conditions.push(condition);
  }
  return conditions.length === 0 ? '1' : conditions.join(' AND ');
}

/** Application protocol where it is known, else the transport: what "protocol usage" counts. */
export const PROTOCOL = "if(protocol != '', protocol, transport)";

export function laneConditions(lane: LaneFilter, params: Parameters): string[] {
  return lane === 'all' ? [] : [`lane = ${params.text(lane)}`];
}

export function rangeConditions(
  column: 'timestamp' | 'at',
  range: { from?: string; to?: string },
  params: Parameters,
): string[] {
  const conditions: string[] = [];
  if (range.from !== undefined) conditions.push(`${column} >= ${timeSql(Date.parse(range.from), params)}`);
  if (range.to !== undefined) conditions.push(`${column} < ${timeSql(Date.parse(range.to), params)}`);
  return conditions;
}

function severityCondition(severity: Severity): string {
  const next = SEVERITIES[SEVERITIES.indexOf(severity) + 1];
  const floor = `severity >= ${SEVERITY_FLOOR[severity]}`;
  return next === undefined ? floor : `(${floor} AND severity < ${SEVERITY_FLOOR[next]})`;
}

/** Expression that gives a severity's index in `SEVERITIES`. */
export const SEVERITY_INDEX = `multiIf(${SEVERITIES.map((severity, i) => ({ floor: SEVERITY_FLOOR[severity], i }))
  .reverse()
  .map(({ floor, i }) => (i === 0 ? String(i) : `severity >= ${floor}, ${i}`))
  .join(', ')})`;
