import { pageOf, pagingSchema, ruleSchema, type RuleInfo } from '@vedette/contracts';
import { z } from 'zod';
import type { RuleSummary } from '../../pipeline/messages.ts';
import { ApiError } from '../errors.ts';
import type { RouteModule } from '../types.ts';

const config = { access: { scope: 'read' } } as const;
const querySchema = pagingSchema.extend({
  q: z.string().max(256).optional(),
  minLevel: z.coerce.number().int().min(0).max(15).optional(),
});

/** The rules that run, in the order in which they were loaded. */
export const rulesRoutes: RouteModule = (deps) => async (app) => {
  app.get(
    '/rules',
    {
      config,
      schema: {
        tags: ['rules'],
        summary: 'Loaded rules; `q` is part of a title, id or tag',
        querystring: querySchema,
        response: { 200: pageOf(ruleSchema) },
      },
    },
    async (request) => {
      const { limit, cursor, q, minLevel = 0 } = request.query;
      const text = q?.toLowerCase() ?? '';
      const found = deps.rules.filter(
        ({ id, title, level, tags }) =>
          level >= minLevel && [id, title, ...tags].some((each) => each.toLowerCase().includes(text)),
      );
      const start = cursor === undefined ? 0 : parseCursor(cursor);
      const end = start + limit;
      return {
        items: found.slice(start, end).map(infoOf),
        nextCursor: end < found.length ? String(end) : null,
        total: found.length,
      };
    },
  );

  app.get(
    '/rules/:id',
    {
      config,
      schema: {
        tags: ['rules'],
        summary: 'One rule',
        params: z.object({ id: z.string().max(256) }),
        response: { 200: ruleSchema },
      },
    },
    async (request) => {
      const rule = deps.rules.find(({ id }) => id === request.params.id);
      if (rule === undefined) throw new ApiError('not_found', { message: 'There is no rule with this id.' });
      return infoOf(rule);
    },
  );
};

function infoOf(rule: RuleSummary): RuleInfo {
  const { id, title, level, status, kind, description, tags, logsource, yaml } = rule;
  return { id, title, level, status, kind, description, tags: [...tags], logsource, yaml };
}

function parseCursor(cursor: string): number {
  if (!/^\d{1,9}$/.test(cursor)) throw new ApiError('bad_cursor');
  return Number(cursor);
}
