/** Tells at once when something in a folder changes, where the system can; polling finds the rest. */
import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { join } from 'node:path';

/** The system allows a limited number of watches for each user. */
const MAX_FOLDERS = 256;

export interface FolderWatch {
  /** Watches these folders from now on, and no others. */
  set(folders: ReadonlySet<string>): void;
  close(): void;
}

/** `onChange` gets the path that changed, `isNew` when it was made, renamed or removed. */
export function createFolderWatch(onChange: (path: string, isNew: boolean) => void): FolderWatch {
  const watchers = new Map<string, FSWatcher>();

  function remove(folder: string): void {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  }

  return {
    set(folders) {
      for (const folder of watchers.keys()) if (!folders.has(folder)) remove(folder);
      for (const folder of folders) {
        if (watchers.has(folder) || watchers.size >= MAX_FOLDERS) continue;
        try {
          const watcher = watch(folder, { persistent: false }, (event, name) => {
            if (name !== null) onChange(join(folder, name), event === 'rename');
          });
          watcher.on('error', () => remove(folder));
          watchers.set(folder, watcher);
        } catch {
          // No watch to be had: polling does it alone.
        }
      }
    },
    close() {
      for (const folder of [...watchers.keys()]) remove(folder);
    },
  };
}
