import { healthSchema } from '@vedette/contracts';
import type { RouteModule } from '../types.ts';

/** Public, so that load balancers and `vedette doctor` can ask: names and readiness of the parts, no more. */
export const healthRoutes: RouteModule = (deps) => async (app) => {
  app.get(
    '/health',
    {
      config: { access: 'public', limit: 'none' },
      schema: {
        tags: ['health'],
        summary: 'Whether every part is ready; 503 when one is not',
        response: { 200: healthSchema, 503: healthSchema },
      },
    },
    async (request, reply) => {
      const health = deps.health();
      // Messages may name paths and hosts: for those who may read.
      const parts = request.principal ? health.parts : health.parts.map((part) => ({ ...part, message: '' }));
      reply.header('cache-control', 'no-store');
      return reply.code(health.status === 'ok' ? 200 : 503).send({ ...health, parts });
    },
  );
};
