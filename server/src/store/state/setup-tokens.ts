/** Table `setup_tokens`: at most one, the one in the link printed last. */
import type { Compilable, Kysely } from 'kysely';
import type { StateTables } from './schema.ts';

export interface SetupTokensTable {
  hash: string;
  created_at: number;
}

type Db = Kysely<StateTables>;

export function insertSetupToken(db: Db, hash: string, at: number): Compilable {
  return db.insertInto('setup_tokens').values({ hash, created_at: at });
}

export async function isSetupToken(db: Db, hash: string): Promise<boolean> {
  const row = await db.selectFrom('setup_tokens').select('hash').where('hash', '=', hash).executeTakeFirst();
  return row !== undefined;
}

export function deleteSetupTokens(db: Db, except = ''): Compilable {
  return db.deleteFrom('setup_tokens').where('hash', '<>', except);
}
