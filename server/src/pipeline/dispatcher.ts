/**
 * The dispatcher moves input from the journal through the workers into the store, and commits what was found.
 *
 * Order: the journal is cut into runs of records; where each cut ends is recorded durably before the cut is worked on, so
 * that after a crash the same cuts are made again and the store, which knows a cut by its position, keeps each once. Cuts
 * are worked on and stored concurrently but committed strictly in journal order.
 * Failure: a lost worker has its cut tried again, then quarantined whole; a store that is away is waited for while the
 * journal covers the gap. Nothing is given up.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { CutLog } from '../journal/cuts.ts';
import type { Journal, JournalRecord } from '../journal/journal.ts';
import type { SourceMemory } from '../parsers/source-parsers.ts';
import { StoreUnavailableError, type Block, type EventStore } from '../store/events/event-store.ts';
import { createGate } from './gate.ts';
import type { Cut, CutResult } from './messages.ts';
import type { SourceMemories } from './source-memories.ts';
import { WorkerLostError, type WorkerPool } from './worker-pool.ts';

export interface DispatcherOptions {
  journal: Journal;
  cuts: CutLog;
  pool: WorkerPool;
  memories: SourceMemories;
  store: Pick<EventStore, 'insert'>;
  /** Where to begin: the end of the last cut that needs no replay. */
  from: number;
  /** Called once for each cut, in order, when its events are stored. `receivedAt` is that of its oldest record. */
  commit(result: CutResult, receivedAt: number): void;
  /** True while somebody watches the live feed. */
  watched(): boolean;
  logger: Logger;
}

export interface Dispatcher {
  /** Resolves when everything that is durable now has been committed, or after `timeoutMs`. */
  drain(timeoutMs: number): Promise<void>;
  /** Stops taking cuts; resolves when those under way are committed. */
  stop(): Promise<void>;
  /** Receipt time of the oldest record under way; null when idle. */
  oldest(): number | null;
  /** What it is trying again, and why; '' while all goes well. */
  trouble(): string;
}

const MAX_CUT_BYTES = 16 << 20;
/** Rows that ClickHouse likes in one block; a cut aims at them by the bytes per event seen lately. */
const TARGET_ROWS = 32_768;
/** The attempt at a cut from which on it is no longer parsed but kept whole in quarantine. */
const KEEP_UNPARSED = 2;
/** Shortest time between two cuts: input that trickles in is gathered this long. */
const GATHER_MS = 100;
const RETRY_MS = [100, 200, 500, 1000, 2000, 5000];

export function startDispatcher(options: DispatcherOptions): Dispatcher {
  const { journal, cuts, pool, memories, store, logger } = options;
  const gate = createGate(pool.size * 2);
  const recorded = cuts.load().filter((cut) => cut.start >= options.from);
  let cursor = options.from;
  let committed = options.from;
  let bytesPerEvent = 200;
  let lastCutAt = 0;
  let stopped = false;
  let trouble = '';
  const stopping = Promise.withResolvers<void>();
  let tail: Promise<void> = Promise.resolve();
  const underWay: { end: number; receivedAt: number }[] = [];

  async function run(): Promise<void> {
    for (;;) {
      await Promise.race([journal.available(cursor), stopping.promise]);
      await gate.enter();
      await sleep(Math.max(0, lastCutAt + GATHER_MS - performance.now()));
      if (stopped) break;
      lastCutAt = performance.now();
      const records = await take();
      if (records.length === 0) {
        gate.leave();
        continue;
      }
      const cut = { start: records[0]!.position, end: records.at(-1)!.next };
      cursor = cut.end;
      underWay.push({ end: cut.end, receivedAt: records[0]!.meta.receivedAt });
      const stored = process(cut, records);
      tail = tail.then(async () => finish(await stored));
    }
  }

  /** The records of the next cut: as recorded before a crash, else as many as make a good block. */
  async function take(): Promise<JournalRecord[]> {
    const known = recorded.shift();
    if (known) {
      const records: JournalRecord[] = [];
      for (let at = known.start; at < known.end; at = records.at(-1)!.next) {
        const more = await journal.read(at, known.end - at);
        if (more.length === 0) return records;
        records.push(...more.filter((record) => record.position < known.end));
      }
      return records;
    }
    const records = await journal.read(cursor, Math.min(MAX_CUT_BYTES, TARGET_ROWS * bytesPerEvent));
    const last = records.at(-1);
    if (last) await cuts.append(records[0]!.position, last.next);
    return records;
  }

  async function process(cut: Cut, records: readonly JournalRecord[]): Promise<CutResult> {
    const claimed = await memories.claim(records);
    const result = await work(cut, records, claimed, 0);
    memories.settle(records, result.memories);
    try {
      for (const block of result.blocks) await insert(block);
      return result;
    } catch (error) {
      logger.error({ err: error, cut }, 'the store refuses what came of a cut; it is kept unparsed');
      const kept = await work(cut, records, claimed, KEEP_UNPARSED);
      for (const block of kept.blocks) await insert(block);
      return kept;
    }
  }

  async function work(
    cut: Cut,
    records: readonly JournalRecord[],
    claimed: SourceMemory[],
    first: number,
  ): Promise<CutResult> {
    for (let attempt = first; ; attempt++) {
      try {
        const poison = attempt >= KEEP_UNPARSED;
        return await pool.run(cut, records, { memories: claimed, live: options.watched(), poison });
      } catch (error) {
        if (!(error instanceof WorkerLostError)) throw error;
        logger.error({ cut, attempt }, 'a cut took its worker with it');
        if (attempt > KEEP_UNPARSED) trouble = 'the workers fail on input again and again';
        await sleep(RETRY_MS[0]!);
      }
    }
  }

  async function insert(block: Block): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await store.insert(block);
      } catch (error) {
        if (!(error instanceof StoreUnavailableError)) throw error;
        logger.warn({ err: error, token: block.token }, 'the store did not take a block; trying again');
        if (attempt > 2) trouble = 'the event store does not take blocks';
        await sleep(RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]!);
      }
    }
  }

  /** Committing is one transaction: it may be tried until the disk has room again. */
  async function finish(result: CutResult): Promise<void> {
    const { receivedAt } = underWay[0]!;
    for (let attempt = 0; ; attempt++) {
      try {
        options.commit(result, receivedAt);
        break;
      } catch (error) {
        logger.error({ err: error, cut: result.cut }, 'what was found could not be committed; trying again');
        trouble = 'alerts cannot be written';
        await sleep(RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]!);
      }
    }
    trouble = '';
    underWay.shift();
    if (result.events > 0) bytesPerEvent = (result.cut.end - result.cut.start) / result.events;
    committed = result.cut.end;
    gate.leave();
  }

  const running = run().catch((error: unknown) => {
    logger.fatal({ err: error }, 'the pipeline stopped');
    throw error;
  });

  return {
    async drain(timeoutMs) {
      const end = journal.stats().end;
      const until = performance.now() + timeoutMs;
      while (committed < end && performance.now() < until) await sleep(10);
    },
    async stop() {
      stopped = true;
      stopping.resolve();
      gate.open();
      await running;
      await tail;
    },
    oldest: () => underWay[0]?.receivedAt ?? null,
    trouble: () => trouble,
  };
}
