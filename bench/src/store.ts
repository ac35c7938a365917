/**
 * The event store alone: bytes an event takes on disk, how fast blocks are encoded and inserted, how long questions take
 * at full size, and what the engine's process takes of memory. Blocks are made and inserted one after the other; parsing
 * and detection are not part of it. Queries run one at a time, with other values each time, so that no cache lies.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { createEventBlock } from '@vedette/server/store/events/block.ts';
import { openChdbStore, type ChdbStore } from '@vedette/server/store/events/chdb.ts';
import { createRandom } from './engine-events.ts';
import { sshdEvents, windowsEvents, type MakeEvent } from './store-events.ts';

export interface StoreFill {
  name: string;
  events: number;
  /** Of the raw lines. */
  rawBytesPerEvent: number;
  storedBytesPerEvent: number;
  /** By the CPU time of the thread. */
  encodeMicrosecondsPerEvent: number;
  insertEventsPerSecond: number;
}

export interface StoreQuery {
  name: string;
  p50Ms: number;
  p99Ms: number;
}

export interface StoreBench {
  fills: StoreFill[];
  queries: StoreQuery[];
  /** Proportional set size of the engine's process, MB; null where /proc does not tell. */
  memoryMb: { empty: number | null; filled: number | null; idle: number | null };
}

const BLOCK_ROWS = 16_384;
const ROUNDS = 30;
const IDLE_MS = 15_000;

/** Fills `directory` with `events` sshd events and a tenth as many Windows events. The folder is the caller's to remove. */
export async function benchStore(directory: string, events: number): Promise<StoreBench> {
  const store = await openChdbStore({ directory, now: Date.now });
  try {
    const empty = memoryMb(store.pid);
    const fills = [
      await fill(store, 'sshd', sshdEvents(1), 1, events),
      await fill(store, 'windows', windowsEvents(2), events + 1, Math.ceil(events / 10)),
    ];
    const queries = await askAll(store);
    const filled = memoryMb(store.pid);
    await pause(IDLE_MS);
    return { fills, queries, memoryMb: { empty, filled, idle: memoryMb(store.pid) } };
  } finally {
    await store.close();
  }
}

async function fill(
  store: ChdbStore,
  name: string,
  make: MakeEvent,
  firstId: number,
  events: number,
): Promise<StoreFill> {
  const before = await store.size();
  const block = createEventBlock();
  let rawBytes = 0;
  let encodeMs = 0;
  let insertMs = 0;
  for (let done = 0; done < events;) {
    const rows = Math.min(BLOCK_ROWS, events - done);
    const made = Array.from({ length: rows }, (_, i) => make(firstId + done + i));
    const lines = made.map(({ raw }) => Buffer.from(raw));
    const cpuBefore = process.threadCpuUsage().user;
    made.forEach((event, i) => block.append(event, lines[i]!, 0, lines[i]!.length));
    const data = block.finish();
    encodeMs += (process.threadCpuUsage().user - cpuBefore) / 1000;
    const encoded = performance.now();
    await store.insert({ table: 'events', rows, data, token: `${name}-${done}` });
    insertMs += performance.now() - encoded;
    for (const line of lines) rawBytes += line.length;
    done += rows;
  }
  const after = await settledSize(store);
  return {
    name,
    events,
    rawBytesPerEvent: rawBytes / events,
    storedBytesPerEvent: (after - before.bytes) / events,
    encodeMicrosecondsPerEvent: (encodeMs * 1000) / events,
    insertEventsPerSecond: events / (insertMs / 1000),
  };
}

/** Bytes on disk once merging has calmed down. */
async function settledSize(store: ChdbStore): Promise<number> {
  let last = 0;
  for (let round = 0; round < 30; round++) {
    const { bytes } = await store.size();
    if (bytes === last) return bytes;
    last = bytes;
    await pause(2000);
  }
  return last;
}

async function askAll(store: ChdbStore): Promise<StoreQuery[]> {
  const random = createRandom(7);
  const address = () => `${1 + (random() % 220)}.${random() % 40}.${random() % 40}.${1 + (random() % 250)}`;
  const all = { lane: 'live' } as const;
  const newest = (q: string) => store.search({ ...all, q }, { limit: 100 });
  const from = (minutes: number) => new Date(Date.UTC(2026, 1, 6) + (random() % minutes) * 60_000).toISOString();
  const asked: [string, () => Promise<unknown>][] = [
    ['100 newest', () => store.search(all, { limit: 100 })],
    ['100 newest of a user and outcome', () => newest(`user.name:user${random() % 2000} AND event.outcome:failure`)],
    ['100 newest of a /16', () => newest(`source.ip:${1 + (random() % 220)}.${random() % 40}.0.0/16`)],
    [
      '100 newest with a severity, a host and a program',
      () => newest(`event.severity:>=4 host.name:web${random() % 40} process.name:sshd`),
    ],
    [
      '100 newest from a time on',
      () => store.search({ ...all, from: from(900), q: 'event.outcome:success' }, { limit: 100 }),
    ],
    ['100 newest with a word in the line', () => newest(`user${random() % 2000}`)],
    ['100 newest with an address in the line', () => newest(address())],
    ['100 newest with a phrase in the line', () => newest(`"for user${random() % 2000} from"`)],
    [
      '100 newest of a further field',
      () => newest(`winlog.event_data.IntegrityLevel:high host.name:WKS${random() % 200}*`),
    ],
    ['pivot on an address', () => store.pivot(address(), all, 5)],
    ['pivot on a user', () => store.pivot(`user${random() % 2000}`, all, 5)],
    ['count of a user', () => store.count({ ...all, q: `user.name:user${random() % 2000}` })],
    ['histogram of a user', () => store.histogram({ ...all, q: `user.name:user${random() % 2000}` }, 96)],
    ['histogram of everything', () => store.histogram(all, 96)],
    [
      'top values of four fields',
      () =>
        store.fields(
          { ...all, q: `host.name:web${random() % 40}` },
          ['user.name', 'source.ip', 'event.outcome', 'sshd.method'],
          5,
        ),
    ],
    ['figures of the overview', () => store.figures(all)],
    ['event by id', () => store.get([String(1 + (random() % 1_000_000))])],
  ];
  const results: StoreQuery[] = [];
  for (const [name, ask] of asked) {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const started = performance.now();
      await ask();
      times.push(performance.now() - started);
    }
    times.sort((a, b) => a - b);
    results.push({ name, p50Ms: times[Math.floor(ROUNDS / 2)]!, p99Ms: times.at(-1)! });
  }
  return results;
}

function memoryMb(pid: number): number | null {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))![1]) / 1024;
  } catch {
    return null;
  }
}
