import {
  alertBulkResultSchema,
  alertBulkSchema,
  alertDetailSchema,
  alertListQuerySchema,
  alertPatchSchema,
  alertSchema,
  pageOf,
} from '@vedette/contracts';
import { z } from 'zod';
import type { AlertFilter, AlertPlace } from '../../store/state/alerts.ts';
import { ApiError } from '../errors.ts';
import { principalOf } from '../principals.ts';
import type { RouteModule } from '../types.ts';

const reading = { access: { scope: 'read' } } as const;
const writing = { access: { scope: 'write', role: 'analyst' } } as const;
const idParams = z.object({ id: z.string().max(64) });
/** Evidence events that the detail brings along. */
const MAX_EVIDENCE = 20;

/** Alerts: list, detail with evidence, status changes. Changes go out on the live stream as well. */
export const alertsRoutes: RouteModule = (deps) => async (app) => {
  app.get(
    '/alerts',
    {
      config: reading,
      schema: {
        tags: ['alerts'],
        summary: 'Alerts, latest first',
        description: '`rule` is an id or part of a title; `from` and `to` select alerts that were seen in between.',
        querystring: alertListQuerySchema,
        response: { 200: pageOf(alertSchema) },
      },
    },
    async (request) => {
      const { limit, cursor, ...query } = request.query;
      const { items, next } = await deps.alerts.list(filterOf(query), limit, parseCursor(cursor));
      return { items, nextCursor: next === null ? null : printCursor(next) };
    },
  );

  app.get(
    '/alerts/:id',
    {
      config: reading,
      schema: {
        tags: ['alerts'],
        summary: 'One alert with its history and its newest evidence',
        params: idParams,
        response: { 200: alertDetailSchema },
      },
    },
    async (request, reply) => {
      const alert = await deps.alerts.get(request.params.id);
      if (alert === undefined) throw new ApiError('not_found', { message: 'There is no alert with this id.' });
      const around = { from: alert.firstSeen, to: justBehind(alert.lastSeen) };
      const ids = alert.eventIds.slice(-MAX_EVIDENCE);
      const events = await deps.events.get(ids, around, { signal: request.signal });
      const matched = new Map(alert.evidence.map((evidence) => [evidence.eventId, evidence.matched]));
      const evidence = events.map((event) => ({ event, matched: matched.get(event._id) ?? [] }));
      return reply
        .serializer(JSON.stringify)
        .type('application/json; charset=utf-8')
        .send({ ...alert, evidence });
    },
  );

  app.patch(
    '/alerts/:id',
    {
      config: writing,
      bodyLimit: 64 * 1024,
      schema: {
        tags: ['alerts'],
        summary: 'Change status or assignee, or add a comment; closing needs a reason',
        params: idParams,
        body: alertPatchSchema,
        response: { 200: alertSchema },
      },
    },
    async (request) => {
      const changed = await deps.alerts.change(request.params.id, request.body, principalOf(request).name);
      if ('code' in changed) throw new ApiError(changed.code, { message: changed.message });
      deps.live.publish({ event: 'alert', data: { change: 'updated', alert: changed } });
      return changed;
    },
  );

  app.post(
    '/alerts/bulk',
    {
      config: writing,
      bodyLimit: 256 * 1024,
      schema: {
        tags: ['alerts'],
        summary: 'One change for many alerts; says which took it',
        body: alertBulkSchema,
        response: { 200: alertBulkResultSchema },
      },
    },
    async (request) => {
      const { ids, ...patch } = request.body;
      const by = principalOf(request).name;
      const updated: string[] = [];
      const refused: { id: string; code: string; message: string }[] = [];
      for (const id of new Set(ids)) {
        const changed = await deps.alerts.change(id, patch, by);
        if ('code' in changed) refused.push({ id, ...changed });
        else {
          updated.push(id);
          deps.live.publish({ event: 'alert', data: { change: 'updated', alert: changed } });
        }
        // Each change is a durable write: other requests take their turn between them.
        await new Promise((resolve) => setImmediate(resolve));
      }
      return { updated, refused };
    },
  );
};

/** Wire times to ms. */
export function filterOf<T extends { from?: string | undefined; to?: string | undefined }>(
  query: T & Omit<AlertFilter, 'from' | 'to'>,
): AlertFilter {
  const { from, to, ...rest } = query;
  return { ...rest, ...(from && { from: Date.parse(from) }), ...(to && { to: Date.parse(to) }) };
}

function printCursor({ lastSeen, id }: AlertPlace): string {
  return Buffer.from(`${lastSeen}.${id}`).toString('base64url');
}

function parseCursor(cursor: string | undefined): AlertPlace | undefined {
  if (cursor === undefined) return undefined;
  const match = /^(-?\d{1,16})\.(.{1,64})$/s.exec(Buffer.from(cursor, 'base64url').toString());
  if (match === null) throw new ApiError('bad_cursor');
  return { lastSeen: Number(match[1]), id: match[2]! };
}

/** Ranges end before `to`. */
function justBehind(time: string): string {
  return new Date(Date.parse(time) + 1).toISOString();
}
