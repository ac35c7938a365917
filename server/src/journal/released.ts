/**
 * How far the journal was released, in a file of two slots that are written in turns: a write torn by a crash leaves the
 * other slot, which is at most one release older.
 */
import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

const SLOT_BYTES = 512; // one sector each, so that a torn write never touches both

export interface ReleasedPosition {
  readonly position: number;
  /** Durable before it resolves. Callers wait for one write before the next. */
  write(position: number): Promise<void>;
  close(): Promise<void>;
}

export async function openReleasedPosition(path: string): Promise<ReleasedPosition> {
  const handle = await open(path, 'r+').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return open(path, 'w+', 0o600);
  });
  const bytes = Buffer.alloc(2 * SLOT_BYTES);
  await handle.read(bytes, 0, bytes.length, 0);
  let position = 0;
  let slot = 0;
  for (const each of [0, 1]) {
    const found = bytes.readDoubleLE(each * SLOT_BYTES);
    const intact =
      bytes.readUInt32LE(each * SLOT_BYTES + 8) === crc32(bytes.subarray(each * SLOT_BYTES, each * SLOT_BYTES + 8));
    if (intact && found > position) {
      position = found;
      slot = each;
    }
  }
  return {
    get position() {
      return position;
    },
    async write(to) {
      const next = 1 - slot;
      const written = Buffer.alloc(12);
      written.writeDoubleLE(to, 0);
      written.writeUInt32LE(crc32(written.subarray(0, 8)), 8);
      await handle.write(written, 0, written.length, next * SLOT_BYTES);
      await handle.datasync();
      slot = next;
      position = to;
    },
    close: () => handle.close(),
  };
}
