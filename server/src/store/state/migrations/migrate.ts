/**
 * Brings the database to the newest schema: each migration in its own transaction, its number kept in `user_version`.
 * Two processes may open a new database at once; the second finds the number raised and does nothing.
 */
import type { DatabaseSync } from 'node:sqlite';

export interface Migration {
  /** Place in the list, from 1; the file's number. */
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

export function migrate(sqlite: DatabaseSync, migrations: readonly Migration[]): void {
  const newest = migrations.length;
  const found = versionOf(sqlite);
  if (found > newest)
    throw new Error(
      `The state database has schema ${found}, this version knows ${newest}. Start the newer version of Vedette again, ` +
        'or restore a backup made before the update.',
    );
  migrations.forEach((migration, index) => {
    if (migration.number !== index + 1) throw new Error(`Migration ${migration.name} is out of order.`);
    if (versionOf(sqlite) >= migration.number) return;
    sqlite.exec('BEGIN IMMEDIATE');
    try {
      if (versionOf(sqlite) < migration.number) {
        sqlite.exec(migration.sql);
        sqlite.exec(`PRAGMA user_version = ${migration.number}`);
      }
      sqlite.exec('COMMIT');
    } catch (error) {
      if (sqlite.isTransaction) sqlite.exec('ROLLBACK');
      throw error;
    }
  });
}

function versionOf(sqlite: DatabaseSync): number {
  return sqlite.prepare('PRAGMA user_version').get()!['user_version'] as number;
}
