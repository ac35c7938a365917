/** The newest records, kept in memory so that a pipeline that keeps up never reads from disk. Oldest go first. */
import type { JournalRecord } from './journal.ts';

/** What a record costs besides its payload: objects and meta, roughly. */
const RECORD_OVERHEAD = 400;

export interface RecentRecords {
  push(record: JournalRecord): void;
  /** Records from `position` on up to about `maxBytes` (at least one), or null where memory begins behind `position`. */
  read(position: number, maxBytes: number): JournalRecord[] | null;
  dropBefore(position: number): void;
}

export function createRecentRecords(maxBytes: number): RecentRecords {
  let records: JournalRecord[] = [];
  let first = 0;
  let bytes = 0;

  function drop(): void {
    const { position, next } = records[first]!;
    bytes -= next - position + RECORD_OVERHEAD;
    // `undefined` lets go of the payload at once; the array itself is cut now and then.
    records[first++] = undefined as unknown as JournalRecord;
    if (first > 1024 && first * 2 > records.length) {
      records = records.slice(first);
      first = 0;
    }
  }

  return {
    push(record) {
      records.push(record);
      bytes += record.next - record.position + RECORD_OVERHEAD;
      while (bytes > maxBytes && first < records.length) drop();
    },
    read(position, limit) {
      if (first >= records.length || records[first]!.position > position) return null;
      let low = first;
      let high = records.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (records[middle]!.position < position) low = middle + 1;
        else high = middle;
      }
      const found: JournalRecord[] = [];
      for (let at = low, size = 0; at < records.length; at++) {
        const record = records[at]!;
        if (found.length > 0 && size + record.payload.length > limit) break;
        size += record.payload.length;
        found.push(record);
      }
      return found;
    },
    dropBefore(position) {
      while (first < records.length && records[first]!.next <= position) drop();
    },
  };
}
