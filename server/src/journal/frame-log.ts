/**
 * A durable list of small entries in one file: length, checksum, bytes. Appends that arrive while a sync is under way
 * share the next one. What a crash tore off is cut when the file is opened; everything acknowledged before it is intact.
 */
import { open, rename } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';

const HEAD_BYTES = 8;
const READ_BYTES = 1024 * 1024;

export interface FrameLog {
  /** Resolves once the entry is durable. */
  append(entry: Uint8Array): Promise<void>;
  /**
   * Replaces the whole list at once (a new file in place of the old one); later appends go behind it. Not to be called
   * while an append is under way.
   */
  replace(entries: Uint8Array[]): Promise<void>;
  close(): Promise<void>;
}

/** Opens or creates the file and hands each intact entry to `visit`, oldest first; never blocks for more than one read. */
export async function openFrameLog(path: string, visit: (entry: Buffer) => void): Promise<FrameLog> {
  let handle = await openOrCreate(path);
  let end = await load(handle, visit);
  await handle.truncate(end);
  let waiting: { frame: Buffer; resolve: () => void; reject: (error: unknown) => void }[] = [];
  let working: Promise<void> = Promise.resolve();

  async function writeWaiting(): Promise<void> {
    const group = waiting;
    waiting = [];
    if (group.length === 0) return;
    try {
      const bytes = Buffer.concat(group.map((each) => each.frame));
      await writeAll(handle, bytes, end);
      await handle.datasync();
      end += bytes.length;
      for (const each of group) each.resolve();
    } catch (error) {
      await handle.truncate(end).catch(() => undefined);
      for (const each of group) each.reject(error);
    }
  }

  return {
    append(entry) {
      return new Promise((resolve, reject) => {
        waiting.push({ frame: frame(entry), resolve, reject });
        if (waiting.length === 1) working = working.then(writeWaiting);
      });
    },
    replace(entries) {
      const done = working.then(async () => {
        const bytes = Buffer.concat(entries.map(frame));
        const next = await open(`${path}.new`, 'w+', 0o600);
        try {
          await writeAll(next, bytes, 0);
          await next.datasync();
          await rename(`${path}.new`, path);
          await syncDirectory(dirname(path));
        } catch (error) {
          await next.close();
          throw error;
        }
        const before = handle;
        handle = next;
        end = bytes.length;
        await before.close();
      });
      working = done.catch(() => undefined);
      return done;
    },
    async close() {
      await working;
      await handle.close();
    },
  };
}

/** Makes created, renamed and removed files of a folder durable. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function openOrCreate(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const handle = await open(path, 'w+', 0o600);
    await syncDirectory(dirname(path));
    return handle;
  }
}

function frame(entry: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + entry.length);
  bytes.writeUInt32LE(entry.length, 0);
  bytes.set(entry, HEAD_BYTES);
  bytes.writeUInt32LE(checksum(entry), 4);
  return bytes;
}

/** Never 0 for an empty entry: a file that ends in zeros must not read as a list of empty entries. */
function checksum(entry: Uint8Array): number {
  return crc32(entry, entry.length + 1);
}

/** Returns where the intact entries end. */
async function load(handle: FileHandle, visit: (entry: Buffer) => void): Promise<number> {
  const { size } = await handle.stat();
  let end = 0;
  let bytes = Buffer.alloc(0);
  while (end < size) {
    const wanted = bytes.length >= HEAD_BYTES ? HEAD_BYTES + bytes.readUInt32LE(0) : HEAD_BYTES;
    if (end + wanted > size) break;
    if (bytes.length < wanted) {
      const length = Math.min(Math.max(READ_BYTES, wanted), size - end);
      const read = await handle.read(Buffer.allocUnsafe(length), 0, length, end);
      if (read.bytesRead < wanted) break;
      bytes = read.buffer.subarray(0, read.bytesRead);
      continue;
    }
    const entry = bytes.subarray(HEAD_BYTES, wanted);
    if (bytes.readUInt32LE(4) !== checksum(entry)) break;
    visit(entry);
    end += wanted;
    bytes = bytes.subarray(wanted);
  }
  return end;
}

async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += (await handle.write(bytes, at, bytes.length - at, position + at)).bytesWritten;
  }
}
