/**
 * Keeps the store's child process running: starts it, restarts it with growing pauses when it dies, and turns its death
 * into `StoreUnavailableError` for everything that was under way. Callers repeat inserts (the token makes that safe)
 * and may repeat reads.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { ChildSettings, FromChild, ToChild } from './chdb-messages.ts';
import { QueryLimitError, StoreUnavailableError, type QueryOptions } from './event-store.ts';
import { isLimit, isTransient } from './engine-errors.ts';
import { inlineParameters } from './queries/literals.ts';
import type { Sql } from './queries/sql.ts';

export interface ChdbProcess {
  write(sql: string): Promise<Record<string, unknown>[]>;
  read(sql: Sql, options?: QueryOptions): Promise<Record<string, unknown>[]>;
  ready(): boolean;
  /** Process id of the child, 0 while there is none. */
  readonly pid: number;
  close(): Promise<void>;
}

interface Pending {
  resolve(rows: Record<string, unknown>[]): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
  isWrite: boolean;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
/** A statement that takes longer means that the engine hangs: the child is replaced. */
const HANG_MS = 120_000;
const CHILD = fileURLToPath(new URL('./chdb-child.ts', import.meta.url));

/** The engine says no more than that it could not; its own words stand on stderr. */
function whyRefused(message: string, directory: string): string {
  if (!message.startsWith('Failed to create connection')) return message;
  return `The event store in ${directory} cannot be opened: another Vedette has it open, or it is damaged.`;
}

/** Opens the engine; `prepare` runs after every (re)start, before the process counts as ready. */
export async function startChdb(
  settings: ChildSettings,
  prepare: (write: ChdbProcess['write']) => Promise<void>,
  logger?: Logger,
): Promise<ChdbProcess> {
  const pending = new Map<number, Pending>();
  let child: ChildProcess | null = null;
  let isReady = false;
  let closing = false;
  let lastId = 0;
  let pause = FIRST_PAUSE_MS;
  let restart: NodeJS.Timeout | undefined;

  function start(): Promise<void> {
    const started = fork(CHILD, {
      serialization: 'advanced',
      execArgv: ['--max-old-space-size=512', '--max-semi-space-size=1'],
      env: { ...process.env, UV_THREADPOOL_SIZE: String(settings.readSessions + 4), NODE_OPTIONS: '' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child = started;
    return new Promise((resolve, reject) => {
      started.on('message', (message: FromChild) => {
        if (message.kind === 'opened') prepare((sql) => post('write', sql)).then(opened, reject);
        else if (message.kind === 'refused') reject(new Error(whyRefused(message.message, settings.directory)));
        else settle(message);
      });
      started.on('error', reject);
      started.on('exit', (code, signal) => {
        died(started, `the event store's process ended (${signal ?? code})`);
        reject(new StoreUnavailableError(`the event store's process ended while it opened (${signal ?? code})`));
      });
      started.send({ kind: 'open', settings } satisfies ToChild, () => {});

      function opened(): void {
        isReady = true;
        pause = FIRST_PAUSE_MS;
        resolve();
      }
    });
  }

  function died(which: ChildProcess, why: string): void {
    if (child !== which) return;
    const wasReady = isReady;
    isReady = false;
    child = null;
    for (const { reject, timer } of pending.values()) {
      clearTimeout(timer);
      reject(new StoreUnavailableError(why));
    }
    pending.clear();
    if (closing || !wasReady) return;
    logger?.error({ why }, 'the event store stopped; it is restarted');
    restartLater();
  }

  function restartLater(): void {
    restart = setTimeout(() => {
      start().catch((error: Error) => {
        logger?.error({ err: error }, 'the event store does not restart');
        child?.kill('SIGKILL');
        child = null;
        if (!closing) restartLater();
      });
    }, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }

  function settle(message: Extract<FromChild, { id: number }>): void {
    const waiter = pending.get(message.id);
    if (!waiter) return;
    pending.delete(message.id);
    clearTimeout(waiter.timer);
    if (message.kind === 'done') waiter.resolve(parseRows(message.rows));
    else waiter.reject(errorOf(message, waiter.isWrite));
  }

  function post(kind: 'write' | 'read', sql: string, signal?: AbortSignal): Promise<Record<string, unknown>[]> {
    const target = child;
    if (!target?.connected) return Promise.reject(new StoreUnavailableError('the event store is starting'));
    const id = ++lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        logger?.error('a statement hangs; the event store is restarted');
        target.kill('SIGKILL');
      }, HANG_MS);
      timer.unref();
      const onAbort = () => {
        if (!pending.delete(id)) return;
        clearTimeout(timer);
        if (target.connected) target.send({ kind: 'cancel', id } satisfies ToChild, () => {});
        reject(signal!.reason instanceof Error ? signal!.reason : new Error('aborted'));
      };
      const done =
        <T>(then: (value: T) => void) =>
        (value: T) => {
          signal?.removeEventListener('abort', onAbort);
          then(value);
        };
      pending.set(id, { resolve: done(resolve), reject: done(reject), timer, isWrite: kind === 'write' });
      signal?.addEventListener('abort', onAbort, { once: true });
      // A send that fails is followed by `exit`, which rejects what is pending.
      target.send({ kind, id, sql } satisfies ToChild, () => {});
    });
  }

  const unlessReady = () =>
    isReady ? undefined : Promise.reject(new StoreUnavailableError('the event store is starting; try again shortly'));

  try {
    await start();
  } catch (error) {
    closing = true;
    (child as ChildProcess | null)?.kill('SIGKILL');
    throw error;
  }

  return {
    write: (sql) => unlessReady() ?? post('write', sql),
    async read(sql, options) {
      options?.signal?.throwIfAborted();
      return unlessReady() ?? post('read', inlineParameters(sql), options?.signal);
    },
    ready: () => isReady,
    get pid() {
      return child?.pid ?? 0;
    },
    close() {
      closing = true;
      isReady = false;
      clearTimeout(restart);
      const last = child;
      if (!last) return Promise.resolve();
      return new Promise((resolve) => {
        const force = setTimeout(() => last.kill('SIGKILL'), 15_000);
        last.once('exit', () => {
          clearTimeout(force);
          resolve();
        });
        if (last.connected) last.send({ kind: 'close' } satisfies ToChild, () => {});
        else last.kill('SIGKILL');
      });
    },
  };
}

function errorOf({ code, message }: { code: number; message: string }, isWrite: boolean): Error {
  if (isWrite) return isTransient(code) ? new StoreUnavailableError(message) : new Error(message);
  return isLimit(code) ? new QueryLimitError(message) : new Error(message);
}

/** JSONEachRow text → rows. Line ends stand between rows only: inside JSON strings they are escaped. */
function parseRows(text: string): Record<string, unknown>[] {
  const trimmed = text.trimEnd();
  return trimmed === '' ? [] : (JSON.parse(`[${trimmed.replaceAll('\n', ',')}]`) as Record<string, unknown>[]);
}
