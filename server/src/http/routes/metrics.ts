import type { RouteModule } from '../types.ts';

/** Prometheus metrics. Needs a key with the scope read (Prometheus: `authorization: { credentials: … }`). */
export const metricsRoutes: RouteModule = (deps) => async (app) => {
  app.get(
    '/metrics',
    { config: { access: deps.config.metricsPublic ? 'public' : { scope: 'read' }, limit: 'none' } },
    async (_request, reply) => {
      const text = await deps.registry.metrics();
      return reply.type(deps.registry.contentType).send(text);
    },
  );
};
