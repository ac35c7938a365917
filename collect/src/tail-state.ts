/**
 * Where every file was left, in one small JSON file that is replaced as a whole. Files that went away are remembered for
 * a while: they may come back as a compressed copy.
 */
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { isLater } from './file-mark.ts';
import type { FileMark } from './file-mark.ts';

const MAX_ENTRIES = 10_000;
const FORGET_MS = 30 * 86_400_000;

export interface TailEntry {
  path: string;
  mark: FileMark;
  /** Of an archive: size and time of the file that was read to its end. */
  done?: string;
  /** When it was last there, ms. */
  seenAt: number;
}

export interface TailState {
  get(file: string): TailEntry | undefined;
  put(entry: TailEntry): void;
  /** Entries of the same log that carry another name of its rotation. */
  related(path: string, file: string): TailEntry[];
  /** Durable when it resolves. */
  save(): Promise<void>;
}

/** Opens the state; `marks` are places that became durable elsewhere (in the journal) and win where they are later. */
export async function openTailState(options: {
  path: string;
  marks?: Iterable<FileMark>;
  now: () => number;
}): Promise<TailState> {
  const { path, marks = [], now } = options;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const entries = new Map<string, TailEntry>();
  for (const entry of await readEntries(path)) entries.set(entry.mark.file, entry);
  let changed = false;
  for (const mark of marks) {
    const known = entries.get(mark.file);
    if (known && !isLater(mark, known.mark)) continue;
    entries.set(mark.file, { path: known?.path ?? '', seenAt: now(), mark });
    changed = true;
  }
  let saving = Promise.resolve();

  function prune(): void {
    const old = [...entries.values()].sort((a, b) => a.seenAt - b.seenAt);
    for (const entry of old) {
      if (entries.size <= MAX_ENTRIES && now() - entry.seenAt < FORGET_MS) return;
      entries.delete(entry.mark.file);
    }
  }

  async function write(): Promise<void> {
    if (!changed) return;
    changed = false;
    prune();
    try {
      const handle = await open(`${path}.new`, 'w', 0o600);
      await handle.writeFile(JSON.stringify({ version: 1, files: [...entries.values()] }));
      await handle.datasync();
      await handle.close();
      await rename(`${path}.new`, path);
      const directory = await open(dirname(path), 'r');
      await directory.sync();
      await directory.close();
    } catch (error) {
      changed = true;
      throw error;
    }
  }

  return {
    get: (file) => entries.get(file),
    put(entry) {
      entries.set(entry.mark.file, entry);
      changed = true;
    },
    related(of, file) {
      const base = rotationBase(of);
      return [...entries.values()].filter((entry) => entry.mark.file !== file && rotationBase(entry.path) === base);
    },
    save() {
      const done = saving.then(write);
      saving = done.catch(() => undefined);
      return done;
    },
  };
}

async function readEntries(path: string): Promise<TailEntry[]> {
  try {
    return (JSON.parse(await readFile(path, 'utf8')) as { files: TailEntry[] }).files;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new Error(`${path} cannot be read; remove it to read all files from their beginning`, { cause: error });
  }
}

/** `/var/log/app.log.2.gz`, `/var/log/app.log-20260101` → `/var/log/app.log`: what rotation calls all of one log's files. */
export function rotationBase(path: string): string {
  const name = basename(path)
    .replace(/\.gz$/, '')
    .replace(/(?:[._-]\d{1,14}){1,4}$/, '');
  return `${dirname(path)}/${name}`;
}

export function looksRotated(path: string): boolean {
  return rotationBase(path) !== `${dirname(path)}/${basename(path)}`;
}
