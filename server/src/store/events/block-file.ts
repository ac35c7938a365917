/**
 * Files that carry blocks from the worker that fills them to the store's process: in shared memory where there is
 * enough of it, else in the data folder. The worker writes the file and main passes on its path only. The store removes
 * a file once its block is stored; files that a dead process left behind are removed when the store is opened.
 */
import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statfsSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';

const SHARED_MEMORY = '/dev/shm';
/** Blocks in flight need far less; a container's default of 64 MB is too small. */
const ENOUGH_BYTES = 512 * 1024 * 1024;
const FILE_NAME = /^(\d+)-[0-9a-f-]{36}\.native$/;

/** The folder in the data folder: slower, and always there. */
export function spareBlockDirectory(dataDirectory: string): string {
  return join(resolve(dataDirectory), 'blocks');
}

/** The folder for block files of the store in `dataDirectory`; made when it is missing. */
export function blockDirectory(dataDirectory: string): string {
  const data = resolve(dataDirectory);
  const inData = spareBlockDirectory(dataDirectory);
  const name = createHash('sha256').update(data).digest('hex').slice(0, 16);
  const shared = join(SHARED_MEMORY, `vedette-${name}`);
  try {
    const { bavail, bsize } = statfsSync(SHARED_MEMORY);
    if (bavail * bsize >= ENOUGH_BYTES && makePrivate(shared)) return shared;
  } catch {
    // No shared memory on this system, or not for us: the data folder does as well.
  }
  makePrivate(inData);
  return inData;
}

/** False when the folder exists but belongs to somebody else: /dev/shm is open to all users of the machine. */
function makePrivate(directory: string): boolean {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const found = lstatSync(directory);
  return found.isDirectory() && found.uid === process.getuid?.();
}

/**
 * Writes a block and returns its path; to the spare folder when the first one is full or gone for good. Synchronous:
 * workers call it.
 */
export function writeBlockFile(directory: string, bytes: Uint8Array, spare = directory): string {
  try {
    return writeTo(directory, bytes);
  } catch (error) {
    // Clean-up programs empty shared memory under running servers, and others fill it.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && (code !== 'ENOSPC' || spare === directory)) throw error;
    makePrivate(spare);
    return writeTo(spare, bytes);
  }
}

function writeTo(directory: string, bytes: Uint8Array): string {
  const path = join(directory, `${process.pid}-${randomUUID()}.native`);
  try {
    writeFileSync(path, bytes, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
  return path;
}

/** Removes the files of processes that are gone. Returns how many. */
export function removeStaleBlockFiles(directory: string): number {
  const startedAt = Date.now() - process.uptime() * 1000;
  let removed = 0;
  for (const name of existsSync(directory) ? readdirSync(directory) : []) {
    const pid = Number(FILE_NAME.exec(name)?.[1]);
    if (Number.isNaN(pid)) continue;
    const path = join(directory, name);
    // In a container the new server often has the process id of the old one.
    const stale = pid === process.pid ? statSync(path).mtimeMs < startedAt - 1000 : !isAlive(pid);
    if (!stale) continue;
    unlinkSync(path);
    removed++;
  }
  return removed;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
