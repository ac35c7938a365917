/** Which files a command works on: named ones as they are, folders with everything below them, in a stable order. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError } from '../output/command-error.ts';

export interface LogFile {
  /** As given, or joined to the folder as given. */
  path: string;
  bytes: number;
  /** When it was last written, ms since the epoch: what a time without a year is read against. */
  modified: number;
}

/** Regular files at or below `paths`; hidden ones only when named. Throws `CommandError` when a path does not exist. */
export async function listFiles(paths: readonly string[]): Promise<LogFile[]> {
  const found = new Map<string, LogFile>();
  for (const path of paths) await collect(path, found, true);
  return [...found.values()];
}

async function collect(path: string, found: Map<string, LogFile>, named: boolean): Promise<void> {
  const info = await stat(path).catch(() => null);
  if (info === null) {
    // A link that leads nowhere, or a file that vanished while the folder was read.
    if (!named) return;
    throw new CommandError(`${path}: there is no such file or folder`, 2);
  }
  if (info.isDirectory()) {
    const entries = await readdir(path, { withFileTypes: true }).catch((error: Error) => {
      throw new CommandError(`${path}: ${error.message}`);
    });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      // Links to folders may lead in circles.
      if (entry.name.startsWith('.') || (entry.isSymbolicLink() && (await isFolder(join(path, entry.name))))) continue;
      await collect(join(path, entry.name), found, false);
    }
  } else if (info.isFile() || named) {
    found.set(path, { path, bytes: info.size, modified: info.mtimeMs });
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? true;
}
