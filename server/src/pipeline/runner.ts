/** Runs stages over a batch; what each did and how long it took is counted, always. */
import type { Batch, Stage } from './step.ts';

/** Counters of one stage since start; microseconds of this thread's time. */
export interface StageCounters {
  name: string;
  events: number;
  dropped: number;
  microseconds: number;
}

export interface Runner {
  run(batch: Batch): void;
  /** Counters since the last call. */
  takeCounters(): StageCounters[];
}

export function createRunner(stages: readonly Stage[], clock: () => number = () => performance.now()): Runner {
  let counters = stages.map(fresh);
  return {
    run(batch) {
      let before = clock();
      for (let i = 0; i < stages.length; i++) {
        const rejectedBefore = batch.rejected.length;
        const counter = counters[i]!;
        counter.events += stages[i]!.run(batch);
        counter.dropped += batch.rejected.length - rejectedBefore;
        const after = clock();
        counter.microseconds += (after - before) * 1000;
        before = after;
      }
    },
    takeCounters() {
      const taken = counters;
      counters = stages.map(fresh);
      return taken;
    },
  };
}

function fresh(stage: Stage): StageCounters {
  return { name: stage.name, events: 0, dropped: 0, microseconds: 0 };
}
