/**
 * Where the journal was cut into blocks for the event store. The store drops a block whose position it has seen even if
 * its content differs, so a replay must cut exactly where the first run did: a cut is durable before its block is sent.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openFrameLog } from './frame-log.ts';

/** A block: records from `start` on, up to but without `end`. */
export interface Cut {
  start: number;
  end: number;
}

export interface CutLog {
  /** Resolves once the cut is durable. Cuts follow one another: `start` is the `end` of the one before. */
  append(start: number, end: number): Promise<void>;
  /** Cuts that end behind the released position, oldest first. */
  load(): Cut[];
  /** Cuts that end at or before `position` are not needed any more. */
  release(position: number): Promise<void>;
  close(): Promise<void>;
}

const ENTRY_BYTES = 16;
/** Released cuts that the file may hold before it is written anew: 24 bytes each. */
const MAX_RELEASED = 16_384;

export async function openCutLog(options: { directory: string; maxReleased?: number }): Promise<CutLog> {
  const { directory, maxReleased = MAX_RELEASED } = options;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  let cuts: Cut[] = [];
  const log = await openFrameLog(join(directory, 'cuts.log'), (entry) => {
    if (entry.length === ENTRY_BYTES) cuts.push({ start: entry.readDoubleLE(0), end: entry.readDoubleLE(8) });
  });
  let inFile = cuts.length;
  let appending = 0;

  return {
    async append(start, end) {
      if (!(start < end)) throw new RangeError(`a block from ${start} to ${end} is empty`);
      appending++;
      try {
        await log.append(encode({ start, end }));
        cuts.push({ start, end });
        inFile++;
      } finally {
        appending--;
      }
    },
    load: () => cuts.map((cut) => ({ ...cut })),
    async release(position) {
      const keep = cuts.findIndex((cut) => cut.end > position);
      cuts = keep < 0 ? [] : cuts.slice(keep);
      // A cut that is on its way would be missing in the new file: the next release will do.
      if (appending > 0 || inFile - cuts.length <= maxReleased) return;
      inFile = cuts.length;
      await log.replace(cuts.map(encode));
    },
    close: () => log.close(),
  };
}

function encode(cut: Cut): Buffer {
  const entry = Buffer.allocUnsafe(ENTRY_BYTES);
  entry.writeDoubleLE(cut.start, 0);
  entry.writeDoubleLE(cut.end, 8);
  return entry;
}
