/** Table `api_keys`. Only the SHA-256 of a key is kept; keys are 256 random bits, so a slow hash would add nothing. */
import type { Scope } from '@vedette/contracts';
import type { Compilable, Kysely, Selectable } from 'kysely';
import type { StateTables } from './schema.ts';

export interface ApiKeysTable {
  id: string;
  name: string;
  prefix: string;
  hash: string;
  /** Scopes with spaces between. */
  scopes: string;
  created_by: string;
  created_at: number;
  last_used_at: number | null;
  revoked_at: number | null;
}
export type ApiKeyRow = Selectable<ApiKeysTable>;
export type NewApiKey = Omit<ApiKeyRow, 'last_used_at' | 'revoked_at'>;

type Db = Kysely<StateTables>;

export function listKeys(db: Db): Promise<ApiKeyRow[]> {
  return db.selectFrom('api_keys').selectAll().orderBy('created_at', 'desc').orderBy('id').execute();
}

export function findKey(db: Db, id: string): Promise<ApiKeyRow | undefined> {
  return db.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The key with this hash, unless it was revoked. */
export function findLiveKey(db: Db, hash: string): Promise<ApiKeyRow | undefined> {
  return db
    .selectFrom('api_keys')
    .selectAll()
    .where('hash', '=', hash)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
}

export function insertKey(db: Db, key: NewApiKey): Compilable {
  return db.insertInto('api_keys').values({ ...key, last_used_at: null, revoked_at: null });
}

/** Changes no row when the key is gone or revoked. */
export function replaceKeySecret(db: Db, id: string, secret: { prefix: string; hash: string }): Compilable {
  return db
    .updateTable('api_keys')
    .set({ ...secret, last_used_at: null })
    .where('id', '=', id)
    .where('revoked_at', 'is', null);
}

/** Changes no row when the key is gone or revoked already. */
export function revokeKey(db: Db, id: string, at: number): Compilable {
  return db.updateTable('api_keys').set({ revoked_at: at }).where('id', '=', id).where('revoked_at', 'is', null);
}

export async function noteKeyUse(db: Db, id: string, at: number): Promise<void> {
  await db.updateTable('api_keys').set({ last_used_at: at }).where('id', '=', id).execute();
}

export function scopesOf(row: Pick<ApiKeyRow, 'scopes'>): Scope[] {
  return row.scopes.split(' ') as Scope[];
}
