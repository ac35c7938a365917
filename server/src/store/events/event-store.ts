/**
 * The event store keeps every normalised event and all quarantined input, and answers every question about them. SQL
 * stays below this interface. Implementations: `chdb.ts` (embedded ClickHouse in a child process), `clickhouse.ts`
 * (a ClickHouse server); both pass `event-store.contract.ts`.
 */
import type {
  EcsDocument,
  FieldSummaries,
  Histogram,
  Page,
  Pivot,
  Quarantined,
  Stats,
  LaneFilter,
  Severity,
} from '@vedette/contracts';

/** A filled block: rows in ClickHouse's Native format. */
export interface Block {
  table: 'events' | 'quarantine';
  rows: number;
  /** The Native bytes, or the path of a file that holds them (a worker may write it to shared memory); `insert` removes the file. */
  data: Uint8Array | { file: string };
  /** Deduplication token: the same token is stored once, whatever happens in between. */
  token: string;
}

export interface EventFilter {
  /** Query text, see `search/`. */
  q?: string;
  /** ISO times; inclusive, exclusive. */
  from?: string;
  to?: string;
  lane: LaneFilter;
}

export interface QueryOptions {
  /** Aborting cancels the query in the store, not only its promise. */
  signal?: AbortSignal;
}

/** A query ran out of its time, memory or row limit: ask for less. */
export class QueryLimitError extends Error {
  override name = 'QueryLimitError';
}

/** The store is (re)starting or unreachable; the journal covers the gap. */
export class StoreUnavailableError extends Error {
  override name = 'StoreUnavailableError';
}

export interface StatsFilter extends EventFilter {
  severity?: Severity;
  protocol?: string;
  sourceType?: string;
}

/** The part of the overview that events answer; alerts answer the rest. */
export type EventFigures = Pick<
  Stats,
  | 'from'
  | 'to'
  | 'totals'
  | 'bySeverity'
  | 'byProtocol'
  | 'bySourceType'
  | 'timeline'
  | 'intervalMs'
  | 'topDestinations'
  | 'topSources'
  | 'topMaliciousIps'
  | 'heatmap'
> & { topUsers: { value: string; count: number }[]; topIps: { value: string; count: number }[] };

export interface EventStore {
  /** Stores a block exactly once per token. Rejects with `StoreUnavailableError` when it should be tried again. */
  insert(block: Block): Promise<void>;
  /** Newest first, by (time, id). */
  search(
    filter: EventFilter,
    page: { limit: number; cursor?: string },
    options?: QueryOptions,
  ): Promise<Page<EcsDocument>>;
  /** Documents by id, in the order asked; unknown ids are left out. `around` (event times, ISO) narrows the look-up. */
  get(ids: string[], around?: { from: string; to: string }, options?: QueryOptions): Promise<EcsDocument[]>;
  count(filter: EventFilter, options?: QueryOptions): Promise<number>;
  histogram(filter: EventFilter, buckets: number, options?: QueryOptions): Promise<Histogram>;
  fields(filter: EventFilter, fields: string[], top: number, options?: QueryOptions): Promise<FieldSummaries>;
  pivot(value: string, filter: Omit<EventFilter, 'q'>, newest: number, options?: QueryOptions): Promise<Pivot>;
  figures(filter: StatsFilter, options?: QueryOptions): Promise<EventFigures>;
  quarantine(
    filter: { source?: string; from?: string; to?: string },
    page: { limit: number; cursor?: string },
  ): Promise<Page<Quarantined>>;
  /** Drops ingest days older than `days`. Returns the partitions dropped. */
  retain(days: number): Promise<string[]>;
  /** Bytes on disk and rows, for health and benchmarks. */
  size(): Promise<{ events: number; quarantined: number; bytes: number }>;
  ready(): boolean;
  close(): Promise<void>;
}
