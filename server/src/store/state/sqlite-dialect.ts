/**
 * Kysely over node:sqlite. The driver is synchronous, so a statement holds the main loop for as long as it runs: state
 * statements touch few rows by index. `begin` through Kysely is refused: an asynchronous transaction on the one
 * connection would take in whatever else runs between its awaits. Use `StateStore.commit` or `StateStore.transaction`.
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { SqliteDialect, type Dialect } from 'kysely';

/** Prepared statements kept; queries are built by code, so there are few different texts. */
const STATEMENTS_KEPT = 500;

export function sqliteDialect(sqlite: DatabaseSync): Dialect {
  const prepared = new Map<string, StatementSync>();

  function prepare(sql: string): StatementSync {
    const known = prepared.get(sql);
    if (known) return known;
    const statement = sqlite.prepare(sql);
    if (prepared.size >= STATEMENTS_KEPT) prepared.clear();
    prepared.set(sql, statement);
    return statement;
  }

  return new SqliteDialect({
    database: {
      close: () => sqlite.close(),
      prepare(sql) {
        if (sql === 'begin') throw new Error('Use StateStore.commit or StateStore.transaction for transactions.');
        const statement = prepare(sql);
        return {
          reader: statement.columns().length > 0,
          all: (parameters) => statement.all(...bind(parameters)),
          run: (parameters) => statement.run(...bind(parameters)),
          iterate: (parameters) => statement.iterate(...bind(parameters)),
        };
      },
    },
  });
}

/** SQLite has no booleans; node:sqlite refuses them. */
export function bind(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters.map((value) => (typeof value === 'boolean' ? Number(value) : (value as SQLInputValue)));
}
