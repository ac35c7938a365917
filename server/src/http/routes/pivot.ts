import { pivotQuerySchema, pivotSchema } from '@vedette/contracts';
import type { RouteModule } from '../types.ts';

/** `GET /pivot`: everything about one value, by source type. */
export const pivotRoutes: RouteModule = (deps) => async (app) => {
  app.get(
    '/pivot',
    {
      config: { access: { scope: 'read' } },
      schema: {
        tags: ['pivot'],
        summary: 'All events with a value, in whatever field, by source type',
        querystring: pivotQuerySchema,
        response: { 200: pivotSchema },
      },
    },
    async (request, reply) => {
      const { value, newest, ...filter } = request.query;
      const pivot = await deps.events.pivot(value, filter, newest, { signal: request.signal });
      return reply.serializer(JSON.stringify).type('application/json; charset=utf-8').send(pivot);
    },
  );
};
