/** Reads records back from a segment file, checking each: what is not whole is never returned. */
import type { JournalRecord } from './journal.ts';
import { HEADER_BYTES, findMagic, isIntact, peekLength, recordAt } from './record.ts';
import type { MetaDecoder } from './record.ts';
import type { Segment } from './segments.ts';

const LEAST_BYTES = 64 * 1024;

export interface Run {
  records: JournalRecord[];
  /** Where the run ended. */
  next: number;
  /** No intact record lies at `next` although there should be one. */
  broken: boolean;
}

export interface SegmentReader {
  /** Intact records from `position` on, at least one and up to about `maxBytes` of payload; none behind `limit`. */
  read(segment: Segment, position: number, limit: number, maxBytes: number): Promise<Run>;
  /** The first intact record at or behind `position`, or `limit`. */
  findRecord(segment: Segment, position: number, limit: number): Promise<number>;
}

export function createSegmentReader(decoder: MetaDecoder): SegmentReader {
  async function readBytes(segment: Segment, position: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafeSlow(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await segment.handle.read(bytes, filled, length - filled, position - segment.base + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  }

  async function read(segment: Segment, position: number, limit: number, maxBytes: number): Promise<Run> {
    let bytes = await readBytes(segment, position, Math.min(limit - position, Math.max(maxBytes, LEAST_BYTES)));
    const records: JournalRecord[] = [];
    let at = 0;
    let size = 0;
    while (position + at < limit) {
      const length = peekLength(bytes, at, position + at);
      if (length === 0) {
        // A header cut by the end of this read is no damage: the next read begins with it.
        const cut = bytes.length - at < HEADER_BYTES && records.length > 0;
        return { records, next: position + at, broken: !cut };
      }
      if (position + at + length > limit) return { records, next: position + at, broken: true };
      if (at + length > bytes.length) {
        if (records.length > 0) break;
        bytes = await readBytes(segment, position, length);
        if (bytes.length < length) return { records, next: position, broken: true };
      }
      if (!isIntact(bytes, at, length)) return { records, next: position + at, broken: true };
      const record = recordAt(bytes, at, length, decoder);
      size += record.payload.length;
      if (records.length > 0 && size > maxBytes) break;
      records.push(record);
      at += length;
    }
    return { records, next: position + at, broken: false };
  }

  return {
    read,
    async findRecord(segment, position, limit) {
      let from = position;
      while (from < limit) {
        const bytes = await readBytes(segment, from, Math.min(limit - from, 16 * LEAST_BYTES));
        if (bytes.length < HEADER_BYTES) return limit;
        for (let at = findMagic(bytes, 0); at >= 0; at = findMagic(bytes, at + 1)) {
          if (at + HEADER_BYTES > bytes.length || peekLength(bytes, at, from + at) === 0) continue;
          const run = await read(segment, from + at, limit, 0);
          if (run.records.length > 0) return from + at;
        }
        from += bytes.length - HEADER_BYTES + 1;
      }
      return limit;
    },
  };
}
