/**
 * The pipeline's worker threads. Each holds its own parsers, rules and intel table and works on one cut at a time. A
 * worker that dies or hangs is replaced and its cut fails with `WorkerLostError`: the dispatcher decides what then.
 */
import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { CorrelationSpec } from '../detectors/correlations.ts';
import type { IpsumBuffers } from '../intel/table.ts';
import type { JournalRecord } from '../journal/journal.ts';
import type { SourceMemory } from '../parsers/source-parsers.ts';
import type {
  Cut,
  CutResult,
  FromWorker,
  RuleSummary,
  ToWorker,
  TransferredRecord,
  WorkerSettings,
} from './messages.ts';

export class WorkerLostError extends Error {
  override name = 'WorkerLostError';
}

export interface PoolOptions {
  size: number;
  settings: WorkerSettings;
  logger: Logger;
  /** A cut that takes longer than this is taken for hanging. */
  timeoutMs?: number;
}

export interface WorkerPool {
  readonly size: number;
  /** What the workers loaded: the same for all. */
  readonly rules: RuleSummary[];
  readonly correlations: CorrelationSpec[];
  readonly ruleErrors: string[];
  run(cut: Cut, records: readonly JournalRecord[], options: RunOptions): Promise<CutResult>;
  updateIntel(table: IpsumBuffers): void;
  close(): Promise<void>;
}

export interface RunOptions {
  memories: SourceMemory[];
  /** Somebody watches: send a sample of the events along. */
  live: boolean;
  /** The cut has taken workers with it: keep it unparsed. */
  poison: boolean;
}

interface Slot {
  worker: Worker;
  /** Cuts handed over and not answered yet, oldest first. */
  jobs: { cut: Cut; resolve(result: CutResult): void; reject(error: Error): void; timer: NodeJS.Timeout | null }[];
}

const TIMEOUT_MS = 60_000;
const HEAP_MB = 1024;

export async function openWorkerPool(options: PoolOptions): Promise<WorkerPool> {
  const { settings, logger, timeoutMs = TIMEOUT_MS } = options;
  const slots: Slot[] = [];
  let closed = false;
  let intel: IpsumBuffers | null = null;
  let rules: RuleSummary[] = [];
  let correlations: CorrelationSpec[] = [];
  let ruleErrors: string[] = [];

  function startTimer(slot: Slot): void {
    const job = slot.jobs[0];
    if (!job || job.timer) return;
    job.timer = setTimeout(() => {
      logger.error({ cut: job.cut }, 'a pipeline worker hangs; it is replaced');
      void slot.worker.terminate();
    }, timeoutMs);
  }

  function spawn(slot: Slot): Promise<void> {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: settings,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    slot.worker = worker;
    return new Promise((ready, failed) => {
      worker.on('message', (message: FromWorker) => {
        if (message.kind === 'ready') {
          ({ rules, correlations, ruleErrors } = message);
          if (intel !== null) worker.postMessage({ kind: 'intel', table: intel } satisfies ToWorker);
          ready();
          return;
        }
        const job = slot.jobs.shift();
        if (job?.timer) clearTimeout(job.timer);
        startTimer(slot);
        job?.resolve(message);
      });
      worker.on('error', (error) => {
        logger.error({ err: error }, 'a pipeline worker failed');
        failed(error);
      });
      worker.on('exit', () => {
        const lost = slot.jobs.splice(0);
        for (const job of lost) {
          if (job.timer) clearTimeout(job.timer);
          job.reject(new WorkerLostError('the pipeline worker was lost while it worked on this cut'));
        }
        failed(new WorkerLostError('the pipeline worker ended before it was ready'));
        if (!closed) spawn(slot).catch((error: unknown) => logger.error({ err: error }, 'no new pipeline worker'));
      });
    });
  }

  await Promise.all(
    Array.from({ length: options.size }, () => {
      const slot = { jobs: [] } as unknown as Slot;
      slots.push(slot);
      return spawn(slot);
    }),
  );

  return {
    size: options.size,
    get rules() {
      return rules;
    },
    get correlations() {
      return correlations;
    },
    get ruleErrors() {
      return ruleErrors;
    },
    run(cut, records, options) {
      const slot = slots.reduce((least, other) => (other.jobs.length < least.jobs.length ? other : least));
      const { transferred, buffers } = moveable(records);
      return new Promise((resolve, reject) => {
        slot.jobs.push({ cut, resolve, reject, timer: null });
        startTimer(slot);
        slot.worker.postMessage({ kind: 'cut', cut, records: transferred, ...options } satisfies ToWorker, buffers);
      });
    },
    updateIntel(table) {
      intel = table;
      for (const { worker } of slots) worker.postMessage({ kind: 'intel', table } satisfies ToWorker);
    },
    async close() {
      closed = true;
      await Promise.all(slots.map(({ worker }) => worker.terminate()));
    },
  };
}

/** Copies the payloads (the journal keeps its own) into one buffer that moves to the worker without another copy. */
function moveable(records: readonly JournalRecord[]): { transferred: TransferredRecord[]; buffers: ArrayBuffer[] } {
  const bytes = records.reduce((sum, record) => sum + record.payload.length, 0);
  const all = new Uint8Array(bytes);
  let at = 0;
  const transferred = records.map((record) => {
    all.set(record.payload, at);
    const payload = all.subarray(at, at + record.payload.length);
    at += record.payload.length;
    return { position: record.position, next: record.next, meta: record.meta, payload };
  });
  return { transferred, buffers: [all.buffer] };
}
