/** The dispatcher over a real journal and cut log; workers and store fail as the test says. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCutLog, type CutLog } from '../journal/cuts.ts';
import { openFileJournal } from '../journal/file-journal.ts';
import type { Journal, JournalRecord } from '../journal/journal.ts';
import { StoreUnavailableError, type Block } from '../store/events/event-store.ts';
import { startDispatcher, type Dispatcher, type DispatcherOptions } from './dispatcher.ts';
import type { Cut, CutResult } from './messages.ts';
import { createSourceMemories } from './source-memories.ts';
import { WorkerLostError, type RunOptions } from './worker-pool.ts';

let directory: string;
let journal: Journal;
let dispatcher: Dispatcher | undefined;
const cutLogs: CutLog[] = [];
const logger = pino({ level: 'silent' });

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vedette-dispatcher-'));
  journal = await openFileJournal({ directory: join(directory, 'journal') });
});

afterEach(async () => {
  await dispatcher?.stop();
  await Promise.all(cutLogs.splice(0).map((cuts) => cuts.close()));
  await journal.close();
  await rm(directory, { recursive: true });
});

const meta = {
  source: 's',
  input: 'test',
  lane: 'live' as const,
  framing: 'lines' as const,
  format: '',
  receivedAt: 1,
};
const append = (text: string, source = 's') => journal.append({ ...meta, source }, Buffer.from(text));

/** What a worker would answer: one row a record, its text as the token's proof. */
function resultOf(cut: Cut, records: readonly JournalRecord[]): CutResult {
  const data = Buffer.concat(records.map(({ payload }) => payload));
  return {
    kind: 'done',
    cut,
    blocks: [{ table: 'events', rows: records.length, data, token: `events-${cut.start}` }],
    signals: [],
    observations: { groups: [], rows: new Float64Array() },
    events: records.length,
    rejected: 0,
    sample: [],
    sources: [],
    memories: [],
    counters: [],
  };
}

interface Script {
  run?: (cut: Cut, records: readonly JournalRecord[], options: RunOptions) => Promise<CutResult>;
  insert?: (block: Block) => Promise<void>;
  commit?: (result: CutResult) => void;
  from?: number;
}

async function start(script: Script): Promise<{ stored: string[]; committed: Cut[] }> {
  const cuts = await openCutLog({ directory: join(directory, 'cuts') });
  cutLogs.push(cuts);
  const stored: string[] = [];
  const committed: Cut[] = [];
  const pool = {
    size: 1,
    rules: [],
    ruleErrors: [],
    correlations: [],
    run: script.run ?? ((cut, records) => Promise.resolve(resultOf(cut, records))),
    updateIntel: () => {},
    close: () => Promise.resolve(),
  } satisfies DispatcherOptions['pool'];
  dispatcher = startDispatcher({
    journal,
    cuts,
    pool,
    memories: createSourceMemories([]),
    store: {
      insert:
        script.insert ??
        ((block) => Promise.resolve(void stored.push(Buffer.from(block.data as Uint8Array).toString()))),
    },
    from: script.from ?? journal.start,
    commit(result) {
      script.commit?.(result);
      committed.push(result.cut);
    },
    watched: () => false,
    logger,
  });
  return { stored, committed };
}

test('everything that is durable is stored and committed, in order', async () => {
  for (let i = 0; i < 20; i++) await append(`${i};`);
  const { stored, committed } = await start({});
  await dispatcher!.drain(5000);
  expect(stored.join('')).toBe(Array.from({ length: 20 }, (_, i) => `${i};`).join(''));
  expect(committed.at(-1)!.end).toBe(journal.stats().end);
});

test('commits keep journal order when a later cut is ready first', async () => {
  const delays = [80, 0, 0];
  await append('a', 'one');
  const { committed } = await start({
    run: async (cut, records) => {
      await new Promise((done) => setTimeout(done, delays.shift() ?? 0));
      return resultOf(cut, records);
    },
  });
  for (const source of ['two', 'three']) {
    await new Promise((done) => setTimeout(done, 120));
    await append('b', source);
  }
  await dispatcher!.drain(5000);
  expect(committed.map(({ start }) => start)).toEqual(committed.map(({ start }) => start).sort((a, b) => a - b));
  expect(committed.length).toBeGreaterThan(1);
});

test('a store that is away is waited for', async () => {
  await append('kept');
  let refusals = 2;
  const seen: string[] = [];
  await start({
    insert: (block) => {
      if (refusals-- > 0) return Promise.reject(new StoreUnavailableError('restarting'));
      seen.push(block.token);
      return Promise.resolve();
    },
  });
  await dispatcher!.drain(5000);
  expect(seen).toHaveLength(1);
});

test('a cut whose block the store refuses for good is kept unparsed', async () => {
  await append('strange');
  const runs: boolean[] = [];
  let refusals = 1;
  const { committed } = await start({
    run: (cut, records, { poison }) => {
      runs.push(poison);
      return Promise.resolve(resultOf(cut, records));
    },
    insert: () => (refusals-- > 0 ? Promise.reject(new Error('no such block')) : Promise.resolve()),
  });
  await dispatcher!.drain(5000);
  expect(runs).toEqual([false, true]);
  expect(committed).toHaveLength(1);
});

test('a cut that takes its worker with it is tried again, then kept unparsed', async () => {
  await append('poison');
  const attempts: boolean[] = [];
  const { committed } = await start({
    run: (cut, records, { poison }) => {
      attempts.push(poison);
      return poison ? Promise.resolve(resultOf(cut, records)) : Promise.reject(new WorkerLostError('lost'));
    },
  });
  await dispatcher!.drain(5000);
  expect(attempts).toEqual([false, false, true]);
  expect(committed).toHaveLength(1);
});

test('a commit that fails is tried again, and nothing overtakes it', async () => {
  await append('one');
  let failures = 1;
  const { committed } = await start({
    commit: () => {
      if (failures-- > 0) throw new Error('disk full');
    },
  });
  await append('two');
  await dispatcher!.drain(5000);
  expect(committed.at(-1)!.end).toBe(journal.stats().end);
});

test('after a restart the same cuts are made again, whatever has come meanwhile', async () => {
  await append('first');
  const before = await start({});
  await dispatcher!.drain(5000);
  await dispatcher!.stop();
  await append('second');
  const after = await start({});
  await dispatcher!.drain(5000);
  expect(after.committed[0]).toEqual(before.committed[0]);
  expect(after.stored).toEqual(['first', 'second']);
});
