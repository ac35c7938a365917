import { access } from './0001-access.ts';
import { alerts } from './0002-alerts.ts';
import type { Migration } from './migrate.ts';

/** Every schema change, oldest first. A released migration never changes: append the next one. */
export const migrations: readonly Migration[] = [access, alerts];
