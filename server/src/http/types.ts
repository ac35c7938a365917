/** What a route is made of: the typed app, its dependencies, and what it declares about access. */
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { AccessRule, Principal } from '../access/principal.ts';
import type { RouteDeps } from './deps.ts';

/** Fastify with Zod schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** A file of routes: `export const usersRoutes: RouteModule = (deps) => async (app) => { app.get(…); }`. */
export type RouteModule = (deps: RouteDeps) => (app: App) => Promise<void>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call the route. A route without it stops the start. */
    access?: AccessRule;
    /** Takes logs: not counted against rate limits, bounded by the journal instead. */
    ingest?: true;
    /** `auth`: counted as a sign-in attempt; `none`: not counted (health, the console's files). */
    limit?: 'auth' | 'none';
  }
  interface FastifyRequest {
    /** Who calls; null on public routes that were called without credentials. */
    principal: Principal | null;
  }
}
