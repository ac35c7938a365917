import type { RouteModule } from '../types.ts';
import { authRoutes } from './auth.ts';
import { healthRoutes } from './health.ts';
import { keysRoutes } from './keys.ts';
import { metricsRoutes } from './metrics.ts';
import { setupRoutes } from './setup.ts';
import { usersRoutes } from './users.ts';
import { alertsRoutes } from './alerts.ts';
import { elasticBulkRoutes } from './elastic-bulk.ts';
import { elasticHandshakeRoutes, elasticRootRoutes } from './elastic-handshake.ts';
import { eventIngestRoutes } from './event-ingest.ts';
import { eventsRoutes } from './events.ts';
import { intelRoutes } from './intel.ts';
import { liveRoutes } from './live.ts';
import { pivotRoutes } from './pivot.ts';
import { quarantineRoutes } from './quarantine.ts';
import { rulesRoutes } from './rules.ts';
import { sourcesRoutes } from './sources.ts';
import { statsRoutes } from './stats.ts';

/** Registered below `/api/v1`. */
export const apiRoutes: readonly RouteModule[] = [
  healthRoutes,
  setupRoutes,
  authRoutes,
  usersRoutes,
  keysRoutes,
  eventIngestRoutes,
  eventsRoutes,
  pivotRoutes,
  statsRoutes,
  alertsRoutes,
  liveRoutes,
  sourcesRoutes,
  quarantineRoutes,
  rulesRoutes,
  intelRoutes,
];

/** Registered at `/`: what other programs expect at a fixed place. */
export const rootRoutes: readonly RouteModule[] = [
  metricsRoutes,
  elasticRootRoutes,
  elasticBulkRoutes,
  elasticHandshakeRoutes,
];
