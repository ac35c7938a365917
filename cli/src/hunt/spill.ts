/**
 * Texts that must be kept until the end but not in memory: they go to a temporary file and are read back by reference.
 * The file has no name from the start, so nothing is left behind, however the process ends.
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Spilled {
  readonly offset: number;
  readonly bytes: number;
}

export interface Spill {
  add(text: string): Spilled;
  get(spilled: Spilled): string;
  close(): void;
}

const BUFFERED_BYTES = 1024 * 1024;

export function createSpill(): Spill {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-hunt-'));
  const file = openSync(join(folder, 'spill'), 'w+');
  rmSync(folder, { recursive: true });
  let written = 0;
  let held: Buffer[] = [];
  let heldBytes = 0;

  function flush(): void {
    const bytes = Buffer.concat(held);
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at, bytes.length - at, written + at);
    written += bytes.length;
    held = [];
    heldBytes = 0;
  }

  return {
    add(text) {
      const bytes = Buffer.from(text);
      const spilled = { offset: written + heldBytes, bytes: bytes.length };
      held.push(bytes);
      heldBytes += bytes.length;
      if (heldBytes >= BUFFERED_BYTES) flush();
      return spilled;
    },
    get({ offset, bytes }) {
      if (offset + bytes > written) flush();
      const buffer = Buffer.alloc(bytes);
      for (let at = 0; at < bytes;) at += readSync(file, buffer, at, bytes - at, offset + at);
      return buffer.toString('utf8');
    },
    close: () => closeSync(file),
  };
}
