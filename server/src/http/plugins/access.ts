/**
 * Who may call what. Runs before the body is read, in this order: who is it (401), too often (429), from the console
 * when it comes with the console's cookie (403), allowed (403). A route says what it asks for in `config.access`; one
 * that does not, stops the start.
 */
import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest, RouteOptions } from 'fastify';
import fp from 'fastify-plugin';
import type { Access } from '../../access/access.ts';
import { allows } from '../../access/principal.ts';
import type { Config } from '../../config.ts';
import { ApiError } from '../errors.ts';
import { fromConsole } from './csrf.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route with what it declares, for checks over all of them. */
    readonly routeList: readonly RouteOptions[];
  }
}

export interface AccessOptions {
  access: Access;
  limits: Config['rateLimits'];
}

export const accessPlugin = fp<AccessOptions>(
  async (app, { access, limits }) => {
    const routes: RouteOptions[] = [];
    app.decorateRequest('principal', null);
    app.decorate('routeList', routes);
    app.addHook('onRoute', (route) => {
      routes.push(route);
    });
    app.addHook('onReady', async () => {
      const undeclared = routes
        .filter((route) => !route.config?.access)
        .map(({ method, url }) => `${String(method)} ${url}`);
      if (undeclared.length > 0)
        throw new Error(`These routes do not say who may call them (config.access): ${undeclared.join(', ')}`);
    });

    await app.register(rateLimit, { global: false });
    const minute = { timeWindow: 60_000, cache: 10_000 };
    const limiters = {
      auth: app.createRateLimit({ ...minute, max: limits.authPerMinute }),
      address: app.createRateLimit({ ...minute, max: limits.perMinute }),
      user: app.createRateLimit({ ...minute, max: limits.perMinute, keyGenerator: callerId }),
      key: app.createRateLimit({ ...minute, max: limits.keyPerMinute, keyGenerator: callerId }),
    };

    app.addHook('onRequest', async (request, reply) => {
      const count = async (kind: keyof typeof limiters) => {
        const limit = await limiters[kind](request);
        if (limit.isAllowed || !limit.isExceeded) return;
        reply.header('retry-after', String(Math.max(1, limit.ttlInSeconds)));
        throw new ApiError('rate_limited');
      };
      if (request.is404) return;
      const { access: rule, ingest, limit } = request.routeOptions.config;
      if (!rule) throw new ApiError('forbidden');

      const found = await access.authenticate(request.headers, request.cookies);
      request.principal = typeof found === 'string' ? null : found;
      if (rule === 'public') {
        if (limit !== 'none') await count(limit ?? 'address');
        return;
      }
      if (!request.principal) {
        await count('address');
        reply.header('www-authenticate', 'Bearer');
        throw new ApiError('unauthenticated');
      }
      if (!ingest) await count(request.principal.kind);
      if (request.principal.via === 'cookie' && !fromConsole(request)) throw new ApiError('csrf');
      if (!allows(rule, request.principal)) throw new ApiError('forbidden');
    });
  },
  { name: 'access', fastify: '5.x', dependencies: ['@fastify/cookie'] },
);

function callerId(request: FastifyRequest): string {
  return request.principal?.id ?? request.ip;
}
