/**
 * The state database: users, keys, sessions, alerts, checkpoints. One SQLite file in WAL mode with `synchronous=FULL`,
 * so that what was answered survives a power cut. A second process (`vedette user create`, `key create`) may write while
 * the server runs: nothing here is cached, and a short wait for the other's lock is built in.
 */
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely, type Compilable } from 'kysely';
import { migrations } from './migrations/index.ts';
import { migrate } from './migrations/migrate.ts';
import type { StateTables } from './schema.ts';
import { bind, sqliteDialect } from './sqlite-dialect.ts';

/** How long a statement waits for another process's write to end, in milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;

export interface StateStore {
  /** Query builder; each statement is its own transaction. */
  readonly db: Kysely<StateTables>;
  /** The connection below `db`, for hot paths with their own prepared statements. */
  readonly sqlite: DatabaseSync;
  /** Server clock, ms since the epoch. */
  readonly now: () => number;
  /**
   * Runs the statements in one transaction. The first one decides: when it changes no row, nothing is written and the
   * answer is false. So a guard is the `where` of the first statement, and the audit entry follows it.
   */
  commit(statements: readonly [Compilable, ...Compilable[]]): Promise<boolean>;
  /** Runs `fn` in one synchronous write transaction; what it throws rolls everything back and is thrown again. */
  transaction<T>(fn: () => T): T;
  close(): void;
}

/** Opens (and creates or migrates) the database. Throws when the file was written by a newer version of the program. */
export function openStateStore(options: { file: string; now: () => number }): StateStore {
  const { file, now } = options;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const isNew = !existsSync(file);
  const sqlite = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
  try {
    if (isNew) chmodSync(file, 0o600);
    sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;');
    migrate(sqlite, migrations);
  } catch (error) {
    sqlite.close();
    throw error;
  }

  function transaction<T>(fn: () => T): T {
    sqlite.exec('BEGIN IMMEDIATE');
    try {
      const result = fn();
      sqlite.exec('COMMIT');
      return result;
    } catch (error) {
      if (sqlite.isTransaction) sqlite.exec('ROLLBACK');
      throw error;
    }
  }

  return {
    db: new Kysely<StateTables>({ dialect: sqliteDialect(sqlite) }),
    sqlite,
    now,
    transaction,
    async commit(statements) {
      const [decisive, ...following] = statements.map((statement) => statement.compile());
      return transaction(() => {
        const { changes } = sqlite.prepare(decisive!.sql).run(...bind(decisive!.parameters));
        if (changes === 0) return false;
        for (const { sql, parameters } of following) sqlite.prepare(sql).run(...bind(parameters));
        return true;
      });
    },
    close: () => {
      if (sqlite.isOpen) sqlite.close();
    },
  };
}
