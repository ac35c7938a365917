import { SEVERITY_FLOOR, statsQuerySchema, statsSchema, type Severity } from '@vedette/contracts';
import type { AlertFilter } from '../../store/state/alerts.ts';
import type { Services } from '../services.ts';
import type { RouteModule } from '../types.ts';
import { filterOf } from './alerts.ts';

const TOP = 10;
/** Entities with the most alerts join the list even when few events name them. */
const TOP_BY_ALERTS = 5;
const NEWEST = 10;
const LEVELS_END = 16;

type EventFilter = Parameters<Services['events']['count']>[0];
interface Ranked {
  value: string;
  events: number;
  alerts: number;
  incidents: number;
}

/** `GET /stats`: the overview's figures, from events and alerts over the same range. */
export const statsRoutes: RouteModule = (deps) => async (app) => {
  app.get(
    '/stats',
    {
      config: { access: { scope: 'read' } },
      schema: {
        tags: ['stats'],
        summary: 'Every figure of the overview',
        description: '`q`, `protocol` and `sourceType` filter events; range, lane and severity filter alerts as well.',
        querystring: statsQuerySchema,
        response: { 200: statsSchema },
      },
    },
    async (request) => {
      const { query, signal } = request;
      const { from, to, lane, severity } = query;
      const filter: AlertFilter = { ...filterOf({ from, to, lane }), ...(severity && levelsOf(severity)) };
      const [figures, alerts, newest] = await Promise.all([
        deps.events.figures(query, { signal }),
        deps.alerts.figures(filter, TOP),
        deps.alerts.list(filter, NEWEST),
      ]);
      const { topUsers, topIps, ...rest } = figures;
      const eventFilter: EventFilter = { lane, ...(from && { from }), ...(to && { to }) };
      const rank = (type: 'user' | 'ip', top: { value: string; count: number }[]) =>
        ranked(deps, type, top, filter, eventFilter, signal);
      return {
        ...rest,
        alerts,
        incidents: { total: 0 },
        topUsers: await rank('user', topUsers),
        topIps: await rank('ip', topIps),
        newestAlerts: newest.items,
      };
    },
  );
};

/** Those with the most events and those with the most alerts, by alerts, then events. */
async function ranked(
  { alerts, events }: Services,
  type: 'user' | 'ip',
  top: { value: string; count: number }[],
  filter: AlertFilter,
  eventFilter: EventFilter,
  signal: AbortSignal,
): Promise<Ranked[]> {
  const byAlerts = await alerts.countByEntity(type, filter, { top: TOP_BY_ALERTS });
  const known = new Set(top.map(({ value }) => value));
  const joined = await Promise.all(
    byAlerts
      .filter(({ value }) => !known.has(value))
      .map(async ({ value }) => ({
        value,
        count: await events.count({ ...eventFilter, q: queryFor(type, value) }, { signal }),
      })),
  );
  const all = [...top, ...joined];
  const counts = await alerts.countByEntity(type, filter, { values: all.map(({ value }) => value) });
  const alertsOf = new Map(counts.map(({ value, count }) => [value.toLowerCase(), count]));
  return all
    .map(({ value, count }) => ({ value, events: count, alerts: alertsOf.get(value.toLowerCase()) ?? 0, incidents: 0 }))
    .sort((a, b) => b.alerts - a.alerts || b.events - a.events)
    .slice(0, TOP);
}

function queryFor(type: 'user' | 'ip', value: string): string {
  const quoted = `"${value.replace(/["\\]/g, '\\$&')}"`;
  return type === 'user' ? `user.name:${quoted}` : `source.ip:${quoted} OR destination.ip:${quoted}`;
}

function levelsOf(severity: Severity): { minLevel: number; maxLevel: number } {
  const minLevel = SEVERITY_FLOOR[severity];
  const next = Math.min(...Object.values(SEVERITY_FLOOR).filter((floor) => floor > minLevel), LEVELS_END);
  return { minLevel, maxLevel: next - 1 };
}
