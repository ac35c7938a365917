/** What has come from each source: totals since the first start, and the rate of the last seconds. */
import type { Source } from '@vedette/contracts';
import { sourceKey, type SourceCount } from './source-readers.ts';

export type SourceTotal = Omit<SourceCount, 'receivedAt'> & { firstSeen: number; lastSeen: number };

export interface SourceBook {
  add(counts: readonly SourceCount[]): void;
  /** Measures the rates; call it at a steady interval. */
  tick(seconds: number): void;
  list(): Source[];
  totals(): SourceTotal[];
}

/** Sources kept by name; names come from the network, so the longest silent ones make room. */
const MAX_SOURCES = 10_000;

export function createSourceBook(known: readonly SourceTotal[]): SourceBook {
  const sources = new Map<string, { total: SourceTotal; ticked: number; rate: number }>();
  for (const total of known) sources.set(sourceKey(total), { total, ticked: total.events, rate: 0 });

  function add(count: SourceCount): void {
    const key = sourceKey(count);
    const { receivedAt, ...counted } = count;
    const entry = sources.get(key);
    if (entry === undefined) {
      if (sources.size >= MAX_SOURCES) sources.delete(sources.keys().next().value!);
      sources.set(key, { total: { ...counted, firstSeen: receivedAt, lastSeen: receivedAt }, ticked: 0, rate: 0 });
      return;
    }
    const { total } = entry;
    total.events += count.events;
    total.quarantined += count.quarantined;
    total.bytes += count.bytes;
    total.parser = count.parser || total.parser;
    total.lastSeen = Math.max(total.lastSeen, receivedAt);
    sources.delete(key);
    sources.set(key, entry);
  }

  return {
    add: (counts) => counts.forEach(add),
    tick(seconds) {
      for (const entry of sources.values()) {
        entry.rate = (entry.total.events - entry.ticked) / seconds;
        entry.ticked = entry.total.events;
      }
    },
    list: () =>
      [...sources.values()].reverse().map(({ total: { source, ...total }, rate }) => ({
        ...total,
        name: source,
        eventsPerSecond: Math.round(rate * 10) / 10,
        firstSeen: new Date(total.firstSeen).toISOString(),
        lastSeen: new Date(total.lastSeen).toISOString(),
      })),
    totals: () => [...sources.values()].map(({ total }) => total),
  };
}
