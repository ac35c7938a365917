/** Table `checkpoints`: up to which journal position a consumer's results are in this database. */
import type { DatabaseSync } from 'node:sqlite';

export interface CheckpointsTable {
  name: string;
  position: number;
}

export interface Checkpoint {
  /** 0 before the first `set`. */
  get(): number;
  /** Inside the transaction that holds the results. */
  set(position: number): void;
}

export function prepareCheckpoint(sqlite: DatabaseSync, name: string): Checkpoint {
  const get = sqlite.prepare('SELECT position FROM checkpoints WHERE name = ?');
  const set = sqlite.prepare('INSERT OR REPLACE INTO checkpoints (name, position) VALUES (?, ?)');
  return {
    get: () => (get.get(name)?.['position'] as number | undefined) ?? 0,
    set: (position) => void set.run(name, position),
  };
}
