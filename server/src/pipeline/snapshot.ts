/**
 * What the pipeline must remember besides the store and the alerts: correlation state, parser memories and source counts, together with
 * the journal position they have seen. Written whole and atomically; the journal is released up to it and no further,
 * so that after a crash the rest is seen again and the state comes out the same.
 */
import { open, readFile, rename } from 'node:fs/promises';
import type { SourceMemory } from '../parsers/source-parsers.ts';
import type { SourceTotal } from './source-book.ts';

export interface Snapshot {
  position: number;
  correlations: Record<string, unknown>;
  sources: SourceTotal[];
  memories: SourceMemory[];
}

/** The last snapshot; null when there is none. A damaged file cannot be: it is renamed into place whole. */
export async function readSnapshot(file: string): Promise<Snapshot | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Snapshot;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

export async function writeSnapshot(file: string, snapshot: Snapshot): Promise<void> {
  const handle = await open(`${file}.new`, 'w', 0o600);
  try {
    await handle.writeFile(JSON.stringify(snapshot));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
}
