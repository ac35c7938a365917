/**
 * Follows log files: growing ones, rotated by renaming or by copying and truncating, and compressed archives of them.
 * Every byte is offered once, in pieces that end at a newline; a file goes on when its piece is durable, and one piece of
 * each file at a time keeps many files fair and memory bounded.
 *
 * A last line without newline waits for its end. It is taken as it is once its file has not changed for `partialAfterMs`
 * (30 s): then the writer is done with it, or the file was complete. A file that was renamed or removed is read to its end
 * through the open handle and let go after the same time.
 *
 * A copy (`app.log.1` beside `app.log`, or its archive) of a file that is followed goes on where the original was left,
 * once the original is truncated or gone; what was read of the original is never read again from the copy.
 *
 * After a crash a file resumes from its saved place, or from a later one that became durable with its data (`marks`).
 */
import { open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { compareArchive, readArchive } from './archive.ts';
import { HEAD_BYTES, TAIL_BYTES, compareFile, printOf } from './file-mark.ts';
import type { FileMark, ReadAt } from './file-mark.ts';
import { listFiles } from './file-list.ts';
import { createFolderWatch } from './folder-watch.ts';
import { placeOf } from './place.ts';
import { openTailState } from './tail-state.ts';
import type { TailState } from './tail-state.ts';
import { openTailedFile } from './tailed-file.ts';
import type { Piece, TailedFile } from './tailed-file.ts';

export interface FileTailOptions {
  /** Files, folders, patterns. */
  paths: readonly string[];
  /** Where the places in files are saved. */
  stateFile: string;
  /** Places that became durable with their data, of which the saved state may not know. */
  marks?: Iterable<FileMark>;
  /** Resolves when the piece is durable; rejects to have it offered again a second later. */
  onPiece: (piece: Piece & { path: string }) => Promise<void>;
  onTrouble?: (message: string, error?: unknown) => void;
  now: () => number;
  pollMs?: number;
  chunkBytes?: number;
  maxLineBytes?: number;
  maxArchiveBytes?: number;
  partialAfterMs?: number;
}

export interface FileTail {
  start(): Promise<void>;
  /** Takes nothing more; places are saved when it resolves. */
  stop(): Promise<void>;
  /** Saves the places behind every piece whose `onPiece` has resolved; durable when it resolves. */
  commit(): Promise<void>;
  /** Files followed at present. */
  readonly files: number;
}

interface Active {
  path: string;
  file: TailedFile;
  size: number;
  changedAt: number;
  gone: boolean;
}

const RETRY_MS = 1000;

export function createFileTail(options: FileTailOptions): FileTail {
  const { now, pollMs = 1000, chunkBytes = 512 * 1024, maxLineBytes = 1024 * 1024 } = options;
  const { maxArchiveBytes = 64 * 1024 ** 3, partialAfterMs = 30_000, onTrouble = () => undefined } = options;
  const active = new Map<string, Active>();
  const hot = new Set<Active>();
  const troubled = new Set<string>();
  let state: TailState | undefined;
  const stopping = new AbortController();
  let stopped = false;
  let mustScan = true;
  let lastScan = 0;
  let wake: () => void = () => undefined;
  let running: Promise<void> = Promise.resolve();
  let archive: Promise<void> | null = null;

  const watching = createFolderWatch((path, isNew) => {
    if (isNew) mustScan = true;
    for (const each of active.values()) if (each.path === path) hot.add(each);
    if (isNew || hot.size > 0) wake();
  });

  async function run(): Promise<void> {
    while (!stopped) {
      if (mustScan || now() - lastScan >= pollMs) await scan();
      for (const each of [...hot]) if (!stopped) await step(each);
      if (hot.size === 0 && !mustScan && !stopped) await sleep(pollMs);
    }
  }

  function places(): TailState {
    if (!state) throw new Error('not started');
    return state;
  }

  /** Until something changes, or `ms`. */
  function sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Looks at all files: new ones, grown, renamed, gone. */
  async function scan(): Promise<void> {
    mustScan = false;
    lastScan = now();
    const seen = new Set<string>();
    const folders = new Set(options.paths.filter((path) => !/[*?[\]{}]/.test(path)).map((path) => dirname(path)));
    for (const path of await listFiles(options.paths)) {
      folders.add(dirname(path));
      try {
        const stats = await stat(path, { bigint: true });
        const id = `${stats.dev}:${stats.ino}`;
        if (!stats.isFile() || seen.has(id)) continue;
        seen.add(id);
        const size = Number(stats.size);
        if (path.endsWith('.gz')) seeArchive(path, id, size, Number(stats.mtimeMs));
        else await see(path, id, size, Number(stats.mtimeMs));
        troubled.delete(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') complain(path, error);
      }
    }
    watching.set(folders);
    for (const [id, each] of active) {
      each.gone = !seen.has(id);
      if (each.gone || now() - each.changedAt > partialAfterMs) hot.add(each);
    }
    await places()
      .save()
      .catch((error: unknown) => onTrouble('the places in files could not be saved', error));
  }

  /** Once for each file, until it works again. */
  function complain(path: string, error: unknown): void {
    if (troubled.has(path)) return;
    if (troubled.size > 1000) troubled.clear();
    troubled.add(path);
    onTrouble(`${path} cannot be read`, error);
  }

  async function see(path: string, id: string, size: number, modifiedAt: number): Promise<void> {
    const known = active.get(id);
    if (known) {
      if (known.path !== path) {
        known.path = path;
        remember(known.path, known.file.mark);
      }
      if (size !== known.size) {
        known.size = size;
        known.changedAt = now();
      }
      if (size !== known.file.mark.offset) hot.add(known);
      return;
    }
    const handle = await open(path, 'r');
    try {
      const readAt: ReadAt = async (position, length) => {
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
        return buffer.subarray(0, bytesRead);
      };
      const mark = await placeOf({
        ...lookup(path, id, modifiedAt),
        size,
        compare: (marks) => Promise.all(marks.map((each) => compareFile(each, size, readAt))),
        printAt: async (offset) => {
          const from = Math.max(0, offset - TAIL_BYTES);
          return printOf(await readAt(0, Math.min(HEAD_BYTES, offset)), await readAt(from, offset - from));
        },
      });
      if (!mark) {
        await handle.close();
        return;
      }
      const file = await openTailedFile({ handle, mark, chunkBytes, maxLineBytes });
      const entry: Active = { path, file, size, changedAt: now(), gone: false };
      active.set(id, entry);
      remember(path, mark);
      hot.add(entry);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  function lookup(path: string, id: string, modifiedAt: number) {
    return { path, id, modifiedAt, state: places(), now: now(), sizeOf: (file: string) => active.get(file)?.size };
  }

  function remember(path: string, mark: FileMark, done?: string): void {
    places().put({ path, mark, seenAt: now(), ...(done === undefined ? {} : { done }) });
  }

  /** One piece of one file. */
  async function step(each: Active): Promise<void> {
    let quiet = now() - each.changedAt > partialAfterMs;
    try {
      if (quiet && (await each.file.size()) !== each.size) {
        each.size = await each.file.size();
        each.changedAt = now();
        quiet = false;
      }
      const piece = await each.file.next(quiet);
      if (piece) {
        if (await offer(each.path, piece)) {
          each.file.accept(piece);
          remember(each.path, piece.mark);
        }
        return;
      }
      hot.delete(each);
      if (each.gone && quiet) await letGo(each);
    } catch (error) {
      hot.delete(each);
      complain(each.path, error);
      await letGo(each);
    }
  }

  async function letGo(each: Active): Promise<void> {
    active.delete(each.file.mark.file);
    hot.delete(each);
    await each.file.close().catch(() => undefined);
  }

  async function offer(path: string, piece: Piece): Promise<boolean> {
    while (!stopped) {
      try {
        await options.onPiece({ ...piece, path });
        return true;
      } catch (error) {
        if (stopped) break;
        complain(path, error);
        await delay(RETRY_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
    return false;
  }

  /** Archives are read beside the other files, one at a time. */
  function seeArchive(path: string, id: string, size: number, modifiedAt: number): void {
    const version = `${size}:${modifiedAt}`;
    if (archive || stopped || places().get(id)?.done === version || troubled.has(`${path}:${version}`)) return;
    archive = followArchive(path, id, modifiedAt, version)
      .catch((error: unknown) => {
        // An archive that is still being written ends too early: it is tried again when it has changed.
        troubled.add(`${path}:${version}`);
        if (!stopped) complain(path, error);
      })
      .finally(() => {
        archive = null;
      });
  }

  async function followArchive(path: string, id: string, modifiedAt: number, version: string): Promise<void> {
    const mark = await placeOf({
      ...lookup(path, id, modifiedAt),
      size: null,
      compare: (marks) => compareArchive(path, marks, maxArchiveBytes),
    });
    if (!mark) return;
    const end = await readArchive({
      path,
      mark,
      chunkBytes,
      maxLineBytes,
      maxBytes: maxArchiveBytes,
      onPiece: async (piece) => {
        if (!(await offer(path, piece))) throw new Error('stopped');
        remember(path, piece.mark);
      },
    });
    remember(path, end, version);
  }

  return {
    async start() {
      state = await openTailState({ path: options.stateFile, marks: options.marks ?? [], now });
      await state.save();
      await scan();
      running = run().catch((error: unknown) => onTrouble('following files has stopped', error));
    },
    async stop() {
      stopped = true;
      stopping.abort();
      wake();
      watching.close();
      await running;
      await archive;
      for (const each of [...active.values()]) await letGo(each);
      await state?.save();
    },
    async commit() {
      // Pieces that became durable just now are noted by what runs after their promises: let that run first.
      await nextTurn();
      await state?.save();
    },
    get files() {
      return active.size;
    },
  };
}
