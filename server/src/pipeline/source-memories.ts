/**
 * What parsers remember of a source from one cut to the next (Zeek headers, records that are still open). Any worker may
 * get the next cut, and a restart begins in the middle of a source, so the memory travels with the cuts: it is handed
 * over with each cut and taken back with its result. Cuts of a source that remembers, or that is new and might, are
 * therefore worked on one after the other; all others in parallel.
 */
import type { JournalRecord } from '../journal/journal.ts';
import type { SourceMemory } from '../parsers/source-parsers.ts';
import { sourceKey } from './source-readers.ts';

export interface SourceMemories {
  /** Resolves with the memories for a cut when it is its turn. */
  claim(records: readonly JournalRecord[]): Promise<SourceMemory[]>;
  /** Takes back what the cut's sources remember now. */
  settle(records: readonly JournalRecord[], memories: readonly SourceMemory[]): void;
}

export function createSourceMemories(known: readonly SourceMemory[]): SourceMemories {
  const memories = new Map<string, SourceMemory[]>();
  /** Sources that have been read and remember nothing. */
  const free = new Set<string>();
  const busy = new Map<string, Promise<void>>();
  const release = new Map<string, () => void>();
  for (const [source, own] of Map.groupBy(known, (memory) => memory.source)) memories.set(source, own);

  const sourcesOf = (records: readonly JournalRecord[]) => new Set(records.map(({ meta }) => sourceKey(meta)));

  return {
    async claim(records) {
      const claimed: SourceMemory[] = [];
      for (const source of sourcesOf(records)) {
        if (free.has(source)) continue;
        await busy.get(source);
        busy.set(source, new Promise((done) => release.set(source, done)));
        claimed.push(...(memories.get(source) ?? []));
      }
      return claimed;
    },
    settle(records, settled) {
      for (const source of sourcesOf(records)) {
        const own = settled.filter((memory) => memory.source === source);
        if (own.length > 0) {
          memories.set(source, own);
          free.delete(source);
        } else {
          memories.delete(source);
          free.add(source);
        }
        release.get(source)?.();
        release.delete(source);
        busy.delete(source);
      }
    },
  };
}
