import type { FastifyInstance } from 'fastify';

/** Declares every route that is registered below `scope` as public and uncounted: files of the console and the docs. */
export function publicRoutes(scope: Pick<FastifyInstance, 'addHook'>): void {
  scope.addHook('onRoute', (route) => {
    route.config = { ...route.config, access: 'public', limit: 'none' };
  });
}
