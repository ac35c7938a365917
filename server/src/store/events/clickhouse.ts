/**
 * The event store on a ClickHouse server (26.2 or newer: the text index). The same tables, blocks and queries as the embedded engine: a block travels as
 * the body of an INSERT in Native format, with the same deduplication token. What cannot be reached now is
 * `StoreUnavailableError`: the journal covers the gap, and inserts are repeated.
 */
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import {
  ClickHouseError,
  ClickHouseLogLevel,
  createClient,
  type ClickHouseClient,
  type ClickHouseSettings,
} from '@clickhouse/client';
import { isLimit, isTransient } from './engine-errors.ts';
import { QueryLimitError, StoreUnavailableError, type EventStore, type QueryOptions } from './event-store.ts';
import { createEventReader } from './queries/reader.ts';
import type { Row, Sql } from './queries/sql.ts';
import { dropOldDays } from './retention.ts';
import { openSchema } from './schema/tables.ts';
import { columnList, insertSettings } from './statements.ts';

export interface ClickHouseOptions {
  /** `http://host:8123` */
  url: string;
  username?: string | undefined;
  password?: string | undefined;
  /** Must exist; 'default' when not given. */
  database?: string | undefined;
  now(): number;
  /** Connections at most. */
  connections?: number;
}

const REQUEST_MS = 120_000;
const PING_MS = 1000;

/** Sent with every read. A client that goes away takes its query with it. */
const READ_SETTINGS: ClickHouseSettings = {
  readonly: '2',
  output_format_json_quote_64bit_integers: 1,
  max_execution_time: 30,
  timeout_overflow_mode: 'throw',
  max_result_bytes: String(128 * 1024 * 1024),
  result_overflow_mode: 'throw',
  read_in_order_use_virtual_row: 1,
  cancel_http_readonly_queries_on_client_close: 1,
};

/** Rejects when the server cannot be reached or its tables were written by a newer version. */
export async function openClickHouseStore(options: ClickHouseOptions): Promise<EventStore> {
  const { url, username, password, database, now, connections = 10 } = options;
  const client = createClient({
    url,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(database !== undefined && { database }),
    max_open_connections: connections,
    request_timeout: REQUEST_MS,
    // Parameters in the body: no length limit, and no search text in a proxy's log.
    use_multipart_params: true,
    // Failures come back as errors; who calls logs them.
    log: { level: ClickHouseLogLevel.OFF },
  });
  let reachable = true;
  let ping: NodeJS.Timeout | undefined;

  function lost(): void {
    reachable = false;
    ping ??= setInterval(() => {
      void client.ping().then(({ success }) => {
        if (!success) return;
        reachable = true;
        clearInterval(ping);
        ping = undefined;
      });
    }, PING_MS).unref();
  }

  /** The store's error for what the client threw. */
  function translated(error: unknown, isWrite: boolean): Error {
    if (error instanceof ClickHouseError) {
      const code = Number(error.code);
      if (isWrite) return isTransient(code) ? new StoreUnavailableError(error.message) : error;
      return isLimit(code) ? new QueryLimitError(error.message) : error;
    }
    lost();
    return new StoreUnavailableError(`ClickHouse cannot be reached: ${(error as Error).message}`);
  }

  async function read({ text, params }: Sql, query: QueryOptions = {}): Promise<Row[]> {
    const { signal } = query;
    signal?.throwIfAborted();
    try {
      const result = await client.query({
        query: text,
        query_params: params,
        format: 'JSONEachRow',
        clickhouse_settings: READ_SETTINGS,
        ...(signal && { abort_signal: signal }),
      });
      return await result.json<Row>();
    } catch (error) {
      signal?.throwIfAborted();
      throw translated(error, false);
    }
  }

  async function write(sql: string): Promise<Row[]> {
    try {
      if (/^SELECT/.test(sql)) {
        const result = await client.query({ query: sql, format: 'JSONEachRow' });
        return await result.json<Row>();
      }
      await client.command({ query: sql });
      return [];
    } catch (error) {
      throw translated(error, true);
    }
  }

  try {
    await openSchema(write);
  } catch (error) {
    clearInterval(ping);
    await client.close();
    throw error;
  }

  return {
    ...createEventReader(read, now),
    async insert({ table, data, token }) {
      try {
        await insertNative(
          client,
          `INSERT INTO ${table} (${columnList(table)}) FORMAT Native`,
          data,
          insertSettings(token),
        );
      } catch (error) {
        throw translated(error, true);
      }
      if (!(data instanceof Uint8Array)) await rm(data.file, { force: true });
    },
    retain: (days) => dropOldDays(write, days, now()),
    ready: () => reachable,
    async close() {
      clearInterval(ping);
      await client.close();
    },
  };
}

type BlockData = Uint8Array | { file: string };

async function insertNative(
  client: ClickHouseClient,
  query: string,
  data: BlockData,
  settings: ClickHouseSettings,
): Promise<void> {
  const values =
    data instanceof Uint8Array ? Readable.from([data], { objectMode: false }) : createReadStream(data.file);
  const { stream } = await client.exec({ query, values, clickhouse_settings: settings });
  // The answer to an INSERT is empty; reading it to its end gives the connection back.
  for await (const chunk of stream) void chunk;
}
