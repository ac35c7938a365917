/** A whole HTTP application over a real state database in a temporary folder, for tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Health, Role, Scope } from '@vedette/contracts';
import pino from 'pino';
import { Registry } from 'prom-client';
import { createAccess } from '../access/access.ts';
import { configSchema, type Config } from '../config.ts';
import type { Actor } from '../store/state/audit.ts';
import { openStateStore, type StateStore } from '../store/state/state-store.ts';
import { createHttpApp, type HttpOptions } from './app.ts';
import type { RouteDeps } from './deps.ts';
import type { Services } from './services.ts';
import type { RouteModule } from './types.ts';

export const PASSWORD = 'correct horse battery';
const SYSTEM: Actor = { kind: 'system', id: '', name: 'test', ip: '' };

export type TestApp = Awaited<ReturnType<typeof createTestApp>>;

/** `routes` are added below `/api/v1`. */
export async function createTestApp(
  options: {
    config?: Partial<Config>;
    health?: () => Health;
    routes?: RouteModule[];
    http?: Partial<HttpOptions>;
    /** The parts that the routes under test ask; others may be missing. */
    services?: (base: { state: StateStore; folder: string; now: () => number }) => Promise<Partial<Services>>;
  } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-http-'));
  const clock = { now: Date.UTC(2026, 1, 6, 12) };
  const now = () => clock.now;
  const state = openStateStore({ file: join(folder, 'state.db'), now });
  const config = { ...configSchema.parse({ data: folder }), ...options.config };
  const access = await createAccess({ state, sessionHours: config.sessionHours });
  const log: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line) => void log.push(line) });
  const health = options.health ?? (() => ({ status: 'ok' as const, version: '0', parts: [] }));
  const services = (await options.services?.({ state, folder, now })) as Services;
  const deps: RouteDeps = { state, access, config, logger, registry: new Registry(), health, now, ...services };
  const app = await createHttpApp(deps, { version: '0.0.0', consoleFolder: join(folder, 'dist'), ...options.http });
  for (const module of options.routes ?? []) await app.register(module(deps), { prefix: '/api/v1' });

  return {
    app,
    deps,
    state,
    access,
    clock,
    folder,
    log,
    async addUser(username: string, role: Role) {
      const user = await access.accounts.create({ username, password: PASSWORD, role }, SYSTEM);
      if (typeof user === 'string') throw new Error(user);
      return user;
    },
    /** Bearer token of a new session. */
    async tokenOf(userId: string) {
      return (await access.sessions.open(userId)).accessToken;
    },
    async addKey(...scopes: Scope[]) {
      return access.keys.create({ name: scopes.join('+'), scopes }, SYSTEM);
    },
    async close() {
      await app.close();
      state.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
