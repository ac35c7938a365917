/**
 * Users and keys of a data folder, changed directly in its state database: it works with the server running or stopped,
 * and whoever may write the folder may do it. Every change is in the audit log under the name of the system's user.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { userInfo } from 'node:os';
import { loadConfig } from '@vedette/server/config.ts';
import { createAccess, type Access } from '@vedette/server/access/access.ts';
import type { Actor } from '@vedette/server/store/state/audit.ts';
import { openStateStore, type StateStore } from '@vedette/server/store/state/state-store.ts';
import { CommandError, reasonOf } from '../output/command-error.ts';

export interface LocalAccess {
  state: StateStore;
  access: Access;
  actor: Actor;
}

export interface DataOptions {
  data?: string;
  config?: string;
}

/** Options of every command that works on a data folder. */
export const DATA_OPTION = ['--data <folder>', 'data folder of the server (default: ./data)'] as const;
export const CONFIG_OPTION = ['--config <file>', 'settings file (default: ./vedette.yaml where there is one)'] as const;

/**
 * Opens the state of the data folder for `work`. With `create` the folder is made where it does not exist yet, otherwise
 * a missing one is a `CommandError`.
 */
export async function withAccess<T>(
  { data, config: file }: DataOptions,
  { create }: { create: boolean },
  work: (local: LocalAccess) => Promise<T>,
): Promise<T> {
  const config = readConfig({ data, config: file });
  const database = join(config.data, 'state.db');
  if (!create && !existsSync(database)) {
    throw new CommandError(`${config.data} is no data folder of Vedette; name it with --data`);
  }
  const state = openState(database);
  try {
    const access = await createAccess({ state, sessionHours: config.sessionHours });
    return await work({ state, access, actor: { kind: 'system', id: '', name: `cli:${userName()}`, ip: '' } });
  } finally {
    state.close();
  }
}

/** The server's settings as this command line sees them. */
export function readConfig({ data, config }: DataOptions, flags: Record<string, unknown> = {}) {
  try {
    return loadConfig({ flags: { ...flags, data }, env: process.env, file: config });
  } catch (error) {
    throw new CommandError(reasonOf(error), 2);
  }
}

function openState(file: string): StateStore {
  try {
    return openStateStore({ file, now: Date.now });
  } catch (error) {
    throw new CommandError(`${file} cannot be opened: ${reasonOf(error)}`);
  }
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user id without a name, as in containers.
    return String(process.getuid?.() ?? '');
  }
}
