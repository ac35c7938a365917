/**
 * The journal alone: appends a second and megabytes a second at several sizes and numbers of concurrent senders, each
 * append synced to disk before it counts. `node bench/src/journal.ts [--seconds 4]` prints one JSON line for each.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openFileJournal } from '@vedette/server/journal/file-journal.ts';

export interface JournalBench {
  payloadBytes: number;
  senders: number;
  appendsPerSecond: number;
  megabytesPerSecond: number;
  p50Ms: number;
  p99Ms: number;
}

const CASES = [
  { payloadBytes: 300, senders: 1 },
  { payloadBytes: 300, senders: 100 },
  { payloadBytes: 300, senders: 1000 },
  { payloadBytes: 64 * 1024, senders: 8 },
  { payloadBytes: 512 * 1024, senders: 4 },
];

export async function benchJournal(seconds: number): Promise<JournalBench[]> {
  const results: JournalBench[] = [];
  for (const each of CASES) results.push(await benchCase(each.payloadBytes, each.senders, seconds));
  return results;
}

async function benchCase(payloadBytes: number, senders: number, seconds: number): Promise<JournalBench> {
  const directory = await mkdtemp(join(tmpdir(), 'vedette-bench-journal-'));
  const journal = await openFileJournal({ directory });
  const payload = Buffer.alloc(payloadBytes, 'a line of a log ');
  const latencies: number[] = [];
  const start = performance.now();
  const append = async (): Promise<void> => {
    while (performance.now() - start < seconds * 1000) {
      const before = performance.now();
      const position = await journal.append(
        { source: 'bench', input: 'bench', lane: 'live', framing: 'lines', format: '', receivedAt: 0 },
        payload,
      );
      latencies.push(performance.now() - before);
      if (latencies.length % 100 === 0) await journal.release(position);
    }
  };
  await Promise.all(Array.from({ length: senders }, append));
  const elapsed = (performance.now() - start) / 1000;
  await journal.close();
  await rm(directory, { recursive: true });
  latencies.sort((a, b) => a - b);
  const at = (part: number): number => Number(latencies[Math.floor(latencies.length * part)]!.toFixed(2));
  return {
    payloadBytes,
    senders,
    appendsPerSecond: Math.round(latencies.length / elapsed),
    megabytesPerSecond: Math.round((latencies.length * payloadBytes) / elapsed / 1e6),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
  };
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { seconds: { type: 'string', default: '4' } } });
  for (const result of await benchJournal(Number(values.seconds))) console.log(JSON.stringify(result));
}
