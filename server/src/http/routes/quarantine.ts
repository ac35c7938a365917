import { pageOf, pagingSchema, quarantinedSchema, rangeSchema } from '@vedette/contracts';
import { z } from 'zod';
import type { RouteModule } from '../types.ts';

const querySchema = rangeSchema.extend(pagingSchema.shape).extend({ source: z.string().max(256).optional() });

/** `GET /quarantine`: input that nothing could read, with reason and bytes. */
export const quarantineRoutes: RouteModule = (deps) => async (app) => {
  app.get(
    '/quarantine',
    {
      config: { access: { scope: 'read' } },
      schema: {
        tags: ['quarantine'],
        summary: 'Input that could not be read, newest first',
        querystring: querySchema,
        response: { 200: pageOf(quarantinedSchema) },
      },
    },
    async (request) => {
      const { limit, cursor, ...filter } = request.query;
      return deps.events.quarantine(filter, { limit, cursor });
    },
  );
};
