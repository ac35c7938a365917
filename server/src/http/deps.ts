import type { Health } from '@vedette/contracts';
import type { FastifyBaseLogger } from 'fastify';
import type { Registry } from 'prom-client';
import type { Access } from '../access/access.ts';
import type { Config } from '../config.ts';
import type { StateStore } from '../store/state/state-store.ts';
import type { Services } from './services.ts';

/** What routes are given. Built in the composition root, so that a test builds the same with other parts. */
export interface RouteDeps extends Services {
  state: StateStore;
  access: Access;
  config: Config;
  logger: FastifyBaseLogger;
  registry: Registry;
  /** State of every part, now. */
  health: () => Health;
  /** Server clock, ms since the epoch. */
  now: () => number;
}
