/**
 * The embedded event store: ClickHouse in a child process of its own. One file of Native bytes becomes one block, stored
 * once for its token whatever dies in between; the block's file is removed when it is stored (and kept when the insert
 * is to be repeated). Only one process may open a data folder.
 */
import { rm, rmdir } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import type { Logger } from 'pino';
import { blockDirectory, removeStaleBlockFiles, spareBlockDirectory, writeBlockFile } from './block-file.ts';
import { startChdb } from './chdb-process.ts';
import type { EventStore } from './event-store.ts';
import { createEventReader } from './queries/reader.ts';
import { dropOldDays } from './retention.ts';
import { openSchema } from './schema/tables.ts';
import { insertFromFile } from './statements.ts';

export interface ChdbOptions {
  /** The data folder; the store uses `events/` in it. */
  directory: string;
  now(): number;
  logger?: Logger;
  /** Reads that run beside each other; further ones wait. */
  readSessions?: number;
  /** Bytes that the engine may use. */
  maxMemory?: number;
}

export interface ChdbStore extends EventStore {
  /** Process id of the engine, 0 while it restarts. */
  readonly pid: number;
}

const GIB = 1024 ** 3;
const READ_SECONDS = 30;
const RESULT_BYTES = 128 * 1024 * 1024;

/** Rejects when the folder is in use by another process or was written by a newer version. */
export async function openChdbStore(options: ChdbOptions): Promise<ChdbStore> {
  const { directory, now, logger, readSessions = 3 } = options;
  const maxMemory = options.maxMemory ?? Math.min(4 * GIB, Math.max(GIB, Math.floor(totalmem() / 4)));
  const path = join(directory, 'events');
  mkdirSync(path, { recursive: true });
  const files = blockDirectory(directory);
  const engine = await startChdb(
    {
      directory: path,
      readSessions,
      maxMemory,
      readMemory: Math.floor(maxMemory / 2),
      readSeconds: READ_SECONDS,
      readResultBytes: RESULT_BYTES,
    },
    openSchema,
    logger,
  );
  for (const folder of new Set([files, spareBlockDirectory(directory)])) removeStaleBlockFiles(folder);
  const reader = createEventReader((sql, query) => engine.read(sql, query), now);

  return {
    ...reader,
    async insert({ table, data, token }) {
      const file = data instanceof Uint8Array ? writeBlockFile(files, data) : data.file;
      try {
        await engine.write(insertFromFile(table, file, token));
      } catch (error) {
        // A file that was handed over stays until its block is stored: the insert is repeated.
        if (data instanceof Uint8Array) await rm(file, { force: true });
        throw error;
      }
      await rm(file, { force: true });
    },
    retain: (days) => dropOldDays((sql) => engine.write(sql), days, now()),
    ready: () => engine.ready(),
    get pid() {
      return engine.pid;
    },
    async close() {
      await engine.close();
      // Empty unless blocks are still to be stored; those are found again at the next start.
      await rmdir(files).catch(() => undefined);
    },
  };
}
