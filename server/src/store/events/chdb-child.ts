/**
 * The process that holds the embedded ClickHouse. It owns the engine and nothing else: the parent may kill it at any
 * moment, and starts a new one when it dies. One session writes, a few read-only ones read, one cancels: a session runs
 * one query at a time, and a query is cancelled from outside only, by KILL QUERY (aborting frees the promise alone).
 *
 * Rules of this engine, each learnt by a failure: no untrusted bytes inside an INSERT statement (blocks come by file();
 * what follows a blank line would be run as SQL), settings of a read session are set before it becomes read-only, and
 * the engine is never loaded into a worker thread.
 */
import { createRequire } from 'node:module';
import type { Session } from 'chdb';
import type { ChildSettings, FromChild, ToChild } from './chdb-messages.ts';

interface Reader {
  session: Session;
  name: string;
  /** Query that runs on it now; 0 when free. */
  running: number;
  /** Settles when the engine is done with that query. */
  settled: Promise<void>;
}
type Read = Extract<ToChild, { kind: 'read' }>;

let writer: Session;
let killer: Session;
const readers: Reader[] = [];
const waiting: Read[] = [];
let writes: Promise<void> = Promise.resolve();

const send = (message: FromChild) => process.send!(message);

/** Sizes for a machine that has other things to do: the engine's defaults are a server's. */
function engineArguments({ maxMemory }: ChildSettings): string[] {
  const MiB = 1024 * 1024;
  const sizes = {
    max_server_memory_usage: maxMemory,
    mark_cache_size: 64 * MiB,
    primary_index_cache_size: 64 * MiB,
    index_mark_cache_size: 32 * MiB,
    text_index_tokens_cache_size: 32 * MiB,
    text_index_header_cache_size: 16 * MiB,
    text_index_postings_cache_size: 32 * MiB,
    query_condition_cache_size: 16 * MiB,
    compiled_expression_cache_size: 16 * MiB,
    vector_similarity_index_cache_size: MiB,
    iceberg_metadata_files_cache_size: MiB,
    parquet_metadata_cache_size: MiB,
    max_thread_pool_size: 256,
    max_thread_pool_free_size: 16,
    max_io_thread_pool_size: 16,
    background_schedule_pool_initial_size: 2,
  };
  return Object.entries(sizes).map(([name, value]) => `--${name}=${value}`);
}

async function open(settings: ChildSettings): Promise<void> {
  const { Session: EngineSession } = createRequire(import.meta.url)('chdb') as { Session: typeof Session };
  writer = new EngineSession(settings.directory, { connectionArgs: engineArguments(settings) });
  killer = new EngineSession(settings.directory);
  await writer.queryAsync('SET output_format_json_quote_64bit_integers = 1');
  for (let i = 0; i < settings.readSessions; i++) {
    const name = `reader-${i}`;
    const session = new EngineSession(settings.directory);
    await session.queryAsync(
      `SET log_comment = '${name}', output_format_json_quote_64bit_integers = 1, ` +
        `max_execution_time = ${settings.readSeconds}, timeout_overflow_mode = 'throw', ` +
        `max_memory_usage = ${settings.readMemory}, max_result_bytes = ${settings.readResultBytes}, ` +
        `result_overflow_mode = 'throw', max_ast_depth = 2000, read_in_order_use_virtual_row = 1`,
    );
    await session.queryAsync('SET readonly = 1');
    readers.push({ session, name, running: 0, settled: Promise.resolve() });
  }
}

async function answer(id: number, work: () => Promise<{ text(): string }>): Promise<void> {
  try {
    const rows = (await work()).text();
    send({ kind: 'done', id, rows });
  } catch (error) {
    const { message, clickhouseCode } = error as Error & { clickhouseCode?: number };
    send({ kind: 'failed', id, code: clickhouseCode ?? codeIn(message), message });
  }
}

function codeIn(message: string): number {
  return Number(/^Code: (\d+)/.exec(message)?.[1] ?? 0);
}

/** Gives waiting reads to free sessions. */
function dispatch(): void {
  for (const reader of readers) {
    if (reader.running !== 0) continue;
    const read = waiting.shift();
    if (read === undefined) return;
    reader.running = read.id;
    reader.settled = answer(read.id, () => reader.session.queryAsync(read.sql, { format: 'JSONEachRow' }));
    void reader.settled.then(() => {
      if (reader.running !== read.id) return; // being cancelled: `cancel` frees it
      reader.running = 0;
      dispatch();
    });
  }
}

/** The session is free again when the query has ended and the kill has been carried out, so that it hits no later one. */
async function cancel(id: number): Promise<void> {
  const queued = waiting.findIndex((read) => read.id === id);
  if (queued >= 0) {
    waiting.splice(queued, 1);
    send({ kind: 'failed', id, code: 394, message: 'cancelled' });
    return;
  }
  const reader = readers.find((candidate) => candidate.running === id);
  if (!reader) return;
  reader.running = -id;
  await killer.queryAsync(`KILL QUERY WHERE Settings['log_comment'] = '${reader.name}' ASYNC`).catch(() => {});
  await reader.settled;
  reader.running = 0;
  dispatch();
}

function close(): void {
  void writes.then(() => {
    for (const { session } of readers) session.close();
    killer.close();
    writer.close();
    process.exit(0);
  });
}

process.on('message', (message: ToChild) => {
  switch (message.kind) {
    case 'open':
      open(message.settings).then(
        () => send({ kind: 'opened' }),
        (error: Error) => send({ kind: 'refused', message: error.message }),
      );
      break;
    case 'write':
      writes = writes.then(() => answer(message.id, () => writer.queryAsync(message.sql, { format: 'JSONEachRow' })));
      break;
    case 'read':
      waiting.push(message);
      dispatch();
      break;
    case 'cancel':
      void cancel(message.id);
      break;
    case 'close':
      close();
  }
});

// Ctrl-C reaches the whole process group; the parent decides when the store closes.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => process.exit(0));
