/**
 * The store behind the API, at full size: a server is filled through a followed log folder with sshd and Windows lines,
 * left alone until merging has calmed down, and asked the console's questions one at a time, with other values each time.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { openChdbStore } from '@vedette/server/store/events/chdb.ts';
import { startBenchServer, startFeeder, type BenchServer } from './bench-server.ts';
import type { Fed } from './feed.ts';
import { logLines } from './log-lines.ts';
import { readMetrics } from './metrics.ts';
import type { LineKind } from './varied-lines.ts';

export interface SearchBench {
  events: number;
  /** `storedBytesPerEvent`: growth of the parts in use, all indexes included, merging mostly done. */
  fills: { kind: LineKind; events: number; rawBytesPerEvent: number; storedBytesPerEvent: number }[];
  queries: { name: string; p50Ms: number; p99Ms: number }[];
}

const ROUNDS = 25;
/** For merging. */
const SETTLE_MS = 15_000;
const AHEAD = 200_000;
const STALLED_MS = 60_000;

export async function benchSearch(events: number, progress: (message: string) => void): Promise<SearchBench> {
  const windows = logLines('windows').length > 0 ? Math.round(events / 4) : 0;
  const fills: SearchBench['fills'] = [];
  let server = await startBenchServer({ sigmaHq: false });
  let size = 0;
  try {
    for (const [kind, share] of [['sshd', events - windows] as const, ['windows', windows] as const]) {
      if (share === 0) continue;
      const { lines, bytes } = await fill(server, kind, share, progress);
      await server.stop();
      const after = await storeBytes(server);
      fills.push({ kind, events: lines, rawBytesPerEvent: bytes / lines, storedBytesPerEvent: (after - size) / lines });
      size = after;
      server = await startBenchServer({ sigmaHq: false, folder: server.folder });
    }
    progress('asking');
    const queries = await askAll(server);
    return { events: fills.reduce((sum, each) => sum + each.events, 0), fills, queries };
  } finally {
    await server.dispose();
  }
}

async function fill(
  server: BenchServer,
  kind: LineKind,
  events: number,
  progress: (message: string) => void,
): Promise<Fed> {
  const base = (await readMetrics(server.url)).events;
  const feeder = startFeeder('./file-feeder.ts', [
    ...['--kind', kind, '--to', server.logs, '--prefix', `${kind}-`],
    ...['--seconds', '86400'],
  ]);
  let movedAt = performance.now();
  for (let stored = 0; stored < events;) {
    feeder.allow(Math.min(events, stored + AHEAD));
    await pause(500);
    const now = (await readMetrics(server.url)).events - base;
    // A last piece that would be more than is allowed is not sent.
    if (now > 0 && now === stored && now === feeder.lines) break;
    if (now !== stored) movedAt = performance.now();
    if (performance.now() - movedAt > STALLED_MS)
      throw new Error(`nothing was stored for a minute, after ${now} events`);
    stored = now;
    progress(`${stored.toLocaleString('en')} of ${events.toLocaleString('en')} ${kind} events`);
  }
  const fed = await feeder.stop();
  await pause(SETTLE_MS);
  return fed;
}

/** What the store counts as in use; parts that were merged away lie about for some minutes more. */
async function storeBytes(server: BenchServer): Promise<number> {
  const store = await openChdbStore({ directory: server.directory, now: Date.now });
  try {
    return (await store.size()).bytes;
  } finally {
    await store.close();
  }
}

async function askAll(server: BenchServer): Promise<SearchBench['queries']> {
  const { items } = await server.get<{ items: { source?: { ip?: string }; user?: { name?: string } }[] }>(
    `/api/v1/events?limit=200&q=${encodeURIComponent('source.ip:*')}`,
    server.apiKey,
  );
  const addresses = [...new Set(items.flatMap(({ source }) => source?.ip ?? []))];
  const users = ['root', 'admin', 'webmaster', 'oracle', 'test', 'support', 'ubnt'];
  const pick = (values: readonly string[], i: number): string => values[i % values.length] ?? '';
  const search = (q: string): string => `/api/v1/events?limit=100&q=${encodeURIComponent(q)}`;
  const asked: [name: string, path: (i: number) => string][] = [
    ['100 newest', () => '/api/v1/events?limit=100'],
    ['100 newest: user and outcome', (i) => search(`user.name:${pick(users, i)} AND event.outcome:failure`)],
    ['100 newest: network', (i) => search(`source.ip:${pick(addresses, i).replace(/\.\d+\.\d+$/, '.0.0')}/16`)],
    ['100 newest: address and severity', (i) => search(`source.ip:${pick(addresses, i)} AND event.severity:>=4`)],
    ['100 newest: a word in the line', (i) => search(`"${pick(users, i)}"`)],
    ['100 newest: a phrase in the line', (i) => search(`"invalid user ${pick(users, i)}"`)],
    ['100 newest: a rare word in the line', (i) => search(`"port ${10_000 + i * 1999}"`)],
    ['pivot on an address', (i) => `/api/v1/pivot?value=${pick(addresses, i)}`],
    ['histogram of everything', () => '/api/v1/events/histogram'],
    ['histogram of a user', (i) => `/api/v1/events/histogram?q=user.name:${pick(users, i)}`],
    ['figures of the overview (stats)', () => '/api/v1/stats'],
  ];
  const results: SearchBench['queries'] = [];
  for (const [name, path] of asked) {
    const times: number[] = [];
    for (let i = 0; i < ROUNDS; i++) {
      const started = performance.now();
      await server.get(path(i), server.apiKey);
      times.push(performance.now() - started);
    }
    times.sort((a, b) => a - b);
    results.push({ name, p50Ms: times[Math.floor(ROUNDS / 2)]!, p99Ms: times.at(-1)! });
  }
  return results;
}
