/**
 * The files of the journal. A segment is named after the position of its first byte and ends where the next one begins,
 * so the list of files is the whole index. Disk space is taken ahead, never while an append waits: the next segment is
 * filled with zeros in the background once the present one is a quarter full, and released segments are used again. The
 * first segment is small and each new one twice as large up to the full size, so that a quiet installation takes little.
 *
 * Order: a segment gets its name, and the folder is synced, before anything is written into it.
 */
import { mkdir, open as openFile, readdir, rename, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/** Opens a file; tests put a disk that fails behind it. */
export type OpenFile = (path: string, flags: string, mode?: number) => Promise<FileHandle>;

export interface Segment {
  readonly base: number;
  readonly path: string;
  readonly handle: FileHandle;
  /** Bytes the file may hold. */
  readonly size: number;
  /** All of its disk space is taken, so that it is worth keeping when it is released. */
  readonly preallocated: boolean;
}

export interface Segments {
  /** Ascending; the last one is written to. */
  readonly list: readonly Segment[];
  /** End of the segment's data: where the next begins, or `end` for the last. */
  endOf(segment: Segment, end: number): number;
  find(position: number): Segment | undefined;
  /** Starts a segment at `base` that holds at least `bytes`. */
  roll(base: number, bytes: number): Promise<Segment>;
  /** Makes sure that the next `roll` finds a file ready. */
  prepare(): Promise<void>;
  /** Gives back segments that end at or before `position`; the last one stays. */
  release(position: number): Promise<void>;
  close(): Promise<void>;
}

const CHUNK = Buffer.alloc(1024 * 1024);
const MAX_SPARES = 2;
const NAME = /^([0-9a-f]{16})\.segment$/;
const SPARE = /^spare-\d+\.segment$/;

export async function openSegments(options: {
  directory: string;
  segmentBytes: number;
  firstBytes: number;
  open?: OpenFile;
}): Promise<Segments> {
  const { directory, segmentBytes, firstBytes } = options;
  const open: OpenFile = options.open ?? openFile;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const names = await readdir(directory);
  const list: Segment[] = [];
  for (const name of names.filter((each) => NAME.test(each)).sort()) {
    const path = join(directory, name);
    const handle = await open(path, 'r+');
    const { size } = await handle.stat();
    list.push({
      base: Number.parseInt(name, 16),
      path,
      handle,
      size: Math.max(size, segmentBytes),
      preallocated: false,
    });
  }
  // A spare may be half made: cheaper to make another than to find out.
  for (const name of names.filter((each) => SPARE.test(each))) await unlink(join(directory, name));

  interface Spare {
    path: string;
    handle: FileHandle;
    size: number;
  }
  const spares: Spare[] = [];
  let nextSize = list.length > 0 ? segmentBytes : Math.min(firstBytes, segmentBytes);
  let spareNumber = 0;
  let preparing: Promise<void> | null = null;
  let closed = false;

  async function create(bytes: number): Promise<Spare> {
    const path = join(directory, `spare-${++spareNumber}.segment`);
    const handle = await open(path, 'w+', 0o600);
    try {
      for (let at = 0; at < bytes; at += CHUNK.length) {
        await handle.write(CHUNK, 0, Math.min(CHUNK.length, bytes - at), at);
      }
      await handle.datasync();
    } catch (error) {
      await handle.close();
      await unlink(path).catch(() => undefined);
      throw error;
    }
    return { path, handle, size: bytes };
  }

  function prepare(): Promise<void> {
    if (spares.length > 0 || closed) return Promise.resolve();
    preparing ??= create(nextSize)
      .then((spare) => {
        spares.push(spare);
        nextSize = Math.min(segmentBytes, 2 * nextSize);
      })
      .finally(() => {
        preparing = null;
      });
    return preparing;
  }

  async function syncDirectory(): Promise<void> {
    const handle = await open(directory, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  return {
    list,
    endOf(segment, end) {
      const next = list[list.indexOf(segment) + 1];
      return next ? next.base : end;
    },
    find(position) {
      let low = 0;
      let high = list.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (list[middle]!.base <= position) low = middle;
        else high = middle - 1;
      }
      const found = list[low];
      return found && found.base <= position ? found : undefined;
    },
    async roll(base, bytes) {
      await prepare();
      const preallocated = bytes <= spares[0]!.size;
      const file = preallocated ? spares.shift()! : { ...(await create(0)), size: Math.max(bytes, segmentBytes) };
      const path = join(directory, `${base.toString(16).padStart(16, '0')}.segment`);
      try {
        await rename(file.path, path);
        await syncDirectory();
      } catch (error) {
        await file.handle.close();
        throw error;
      }
      // A segment that starts where the last one did holds nothing that was ever acknowledged.
      const last = list.at(-1);
      if (last?.base === base) {
        list.pop();
        await last.handle.close();
      }
      const segment = { base, path, handle: file.handle, size: file.size, preallocated };
      list.push(segment);
      return segment;
    },
    prepare,
    async release(position) {
      while (list.length > 1 && list[1]!.base <= position) {
        const { path, handle, size, preallocated } = list.shift()!;
        if (preallocated && size === segmentBytes && spares.length < MAX_SPARES && !closed) {
          const spare = join(directory, `spare-${++spareNumber}.segment`);
          await rename(path, spare);
          spares.push({ path: spare, handle, size });
        } else {
          await handle.close();
          await unlink(path);
        }
      }
    },
    async close() {
      closed = true;
      await preparing?.catch(() => undefined);
      for (const { handle } of [...list, ...spares]) await handle.close();
      list.length = 0;
      for (const { path } of spares.splice(0)) await unlink(path).catch(() => undefined);
    },
  };
}
