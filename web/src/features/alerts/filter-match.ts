/** Whether an alert that arrives live belongs to the list on screen; the same rules as the server's filter. Pure. */
import type { Alert, LaneFilter } from '@vedette/contracts';
import type { AlertFilters } from './search.ts';

const includes = (text: string, part: string) => text.toLowerCase().includes(part.toLowerCase());

export interface ListScope {
  filters: AlertFilters;
  lane: LaneFilter;
  /** ISO times; inclusive, exclusive. */
  from?: string;
  to?: string;
}

export function belongsToList(alert: Alert, { filters, lane, from, to }: ListScope): boolean {
  if (lane !== 'all' && alert.lane !== lane) return false;
  if (from !== undefined && Date.parse(alert.lastSeen) < Date.parse(from)) return false;
  if (to !== undefined && Date.parse(alert.firstSeen) >= Date.parse(to)) return false;
  const { minLevel, status, rule, user, ip, host, q } = filters;
  if (minLevel !== undefined && alert.level < minLevel) return false;
  if (status !== undefined && alert.status !== status) return false;
  if (rule !== undefined && alert.rule.id !== rule && !includes(alert.rule.title, rule)) return false;
  if (user !== undefined && !hasEntity(alert, 'user', user)) return false;
  if (ip !== undefined && !hasEntity(alert, 'ip', ip)) return false;
  if (host !== undefined && !hasEntity(alert, 'host', host)) return false;
  return q === undefined || mentions(alert, q);
}

function hasEntity(alert: Alert, type: string, value: string): boolean {
  return alert.entities.some((entity) => entity.type === type && entity.value === value);
}

function mentions(alert: Alert, text: string): boolean {
  return (
    includes(alert.rule.title, text) ||
    includes(alert.summary, text) ||
    alert.entities.some((entity) => includes(entity.value, text))
  );
}
