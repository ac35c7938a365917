/**
 * The pipeline as main sees it: dispatcher, correlations, alerts, live feed and snapshots put together. Everything here
 * runs on the main thread and stays short; the work is done by the workers and the store's process.
 */
import type { PipelineState, Source } from '@vedette/contracts';
import type { Logger } from 'pino';
import type { AlertBook } from '../alerts/alert-book.ts';
import type { Correlations } from '../detectors/correlations.ts';
import type { CutLog } from '../journal/cuts.ts';
import type { Journal } from '../journal/journal.ts';
import type { LiveHub } from '../live/live-hub.ts';
import type { EventStore } from '../store/events/event-store.ts';
import { startDispatcher } from './dispatcher.ts';
import type { CutResult } from './messages.ts';
import type { StageCounters } from './runner.ts';
import { writeSnapshot, type Snapshot } from './snapshot.ts';
import { sourceKey } from './source-readers.ts';
import type { SourceMemory } from '../parsers/source-parsers.ts';
import { createSourceBook } from './source-book.ts';
import { createSourceMemories } from './source-memories.ts';
import type { WorkerPool } from './worker-pool.ts';

export interface PipelineOptions {
  journal: Journal;
  cuts: CutLog;
  pool: WorkerPool;
  store: EventStore;
  alerts: AlertBook;
  correlations: Correlations;
  live: LiveHub;
  snapshot: Snapshot | null;
  snapshotFile: string;
  /** What must be durable before journal records are given up. */
  beforeRelease(): Promise<void>;
  /** Told how long each cut took, in seconds. */
  latency: { observe(seconds: number): void };
  now: () => number;
  logger: Logger;
}

export interface Pipeline {
  /** Input status is not known here: the caller adds it. */
  state(): Omit<PipelineState, 'inputs'>;
  sources(): Source[];
  totals(): { events: number; rejected: number; signals: number };
  /** Resolves when everything before `position` is committed, or after `timeoutMs`. */
  settled(position: number, timeoutMs: number): Promise<void>;
  /** What keeps it from going on, for people; '' while all goes well. */
  trouble(): string;
  drain(timeoutMs: number): Promise<void>;
  stop(): Promise<void>;
}

const SNAPSHOT_MS = 10_000;
const HEALTH_MS = 2_000;

export function startPipeline(options: PipelineOptions): Pipeline {
  const { journal, cuts, pool, store, alerts, correlations, live, snapshot, now, logger } = options;
  const sources = createSourceBook(snapshot?.sources ?? []);
  if (snapshot) correlations.restore(snapshot.correlations);
  const stages = new Map<string, StageCounters>();
  const totals = { events: 0, rejected: 0, signals: 0 };
  /** As of `position`; the dispatcher's own are ahead by the cuts under way. */
  let memories: SourceMemory[] = snapshot?.memories ?? [];
  let position = snapshot?.position ?? journal.start;
  let saved = position;
  let lagMs = 0;
  let ticked = 0;
  let waiting: { position: number; done: () => void }[] = [];

  const dispatcher = startDispatcher({
    journal,
    cuts,
    pool,
    memories: createSourceMemories(snapshot?.memories ?? []),
    store,
    from: position,
    commit,
    watched: () => live.clients() > 0,
    logger,
  });

  function commit(result: CutResult, receivedAt: number): void {
    const signals = [...result.signals, ...correlations.observeBlock(result.observations)];
    const changes = signals.length > 0 ? alerts.apply(result.cut, signals) : [];
    for (const { change, alert } of changes) {
      live.publish({ event: 'alert', data: { change, alert } });
    }
    if (result.sample.length > 0)
      live.publish({ event: 'events', data: { count: result.events, items: result.sample } });
    sources.add(result.sources);
    const read = new Set(result.sources.map(sourceKey));
    memories = [...memories.filter(({ source }) => !read.has(source)), ...result.memories];
    result.counters.forEach(count);
    totals.events += result.events;
    totals.rejected += result.rejected;
    totals.signals += signals.length;
    lagMs = now() - receivedAt;
    options.latency.observe(lagMs / 1000);
    position = result.cut.end;
    waiting = waiting.filter((waiter) => waiter.position > position || void waiter.done());
  }

  function count(counters: StageCounters): void {
    const stage = stages.get(counters.name);
    if (stage === undefined) {
      stages.set(counters.name, { ...counters });
      return;
    }
    stage.events += counters.events;
    stage.dropped += counters.dropped;
    stage.microseconds += counters.microseconds;
  }

  async function save(): Promise<void> {
    if (position === saved) return;
    const at = position;
    await writeSnapshot(options.snapshotFile, {
      position: at,
      correlations: correlations.snapshot(),
      sources: sources.totals(),
      memories,
    });
    saved = at;
    await options.beforeRelease();
    await journal.release(at);
    await cuts.release(at);
  }

  function currentLag(): number {
    const oldest = dispatcher.oldest();
    return oldest === null ? (position === journal.stats().end ? 0 : lagMs) : Math.max(lagMs, now() - oldest);
  }

  function tick(): void {
    const seconds = HEALTH_MS / 1000;
    sources.tick(seconds);
    const eventsPerSecond = (totals.events - ticked) / seconds;
    ticked = totals.events;
    const { backlogBytes } = journal.stats();
    live.publish({ event: 'health', data: { eventsPerSecond, lagMs: currentLag(), backlogBytes } });
  }

  const health = setInterval(tick, HEALTH_MS);
  let saving: Promise<void> = Promise.resolve();
  const saver = setInterval(() => {
    saving = saving.then(save).catch((error: unknown) => logger.error({ err: error }, 'no pipeline snapshot'));
  }, SNAPSHOT_MS);

  return {
    state: () => ({
      stages: [...stages.values()],
      journal: journal.stats(),
      lagMs: currentLag(),
    }),
    sources: () => sources.list(),
    totals: () => totals,
    async settled(until, timeoutMs) {
      if (position < until) {
        let timer: NodeJS.Timeout | undefined;
        await new Promise<void>((done) => {
          timer = setTimeout(done, timeoutMs);
          waiting.push({ position: until, done });
        });
        clearTimeout(timer);
      }
    },
    trouble: () => dispatcher.trouble(),
    drain: (timeoutMs) => dispatcher.drain(timeoutMs),
    async stop() {
      clearInterval(health);
      clearInterval(saver);
      await dispatcher.stop();
      await saving;
      await save();
    },
  };
}
