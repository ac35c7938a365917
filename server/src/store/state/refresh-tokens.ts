/**
 * Table `refresh_tokens`. A used token stays until its session ends: seeing it again means that it was copied, and the
 * whole session is ended.
 */
import type { Compilable, Kysely, Selectable } from 'kysely';
import type { StateTables } from './schema.ts';

export interface RefreshTokensTable {
  hash: string;
  session_id: string;
  expires_at: number;
  used_at: number | null;
}
export type RefreshTokenRow = Selectable<RefreshTokensTable>;

type Db = Kysely<StateTables>;

export function findRefreshToken(db: Db, hash: string): Promise<RefreshTokenRow | undefined> {
  return db.selectFrom('refresh_tokens').selectAll().where('hash', '=', hash).executeTakeFirst();
}

export function insertRefreshToken(db: Db, token: Omit<RefreshTokenRow, 'used_at'>): Compilable {
  return db.insertInto('refresh_tokens').values({ ...token, used_at: null });
}

/** Changes no row when the token was used before. */
export function useRefreshToken(db: Db, hash: string, now: number): Compilable {
  return db.updateTable('refresh_tokens').set({ used_at: now }).where('hash', '=', hash).where('used_at', 'is', null);
}
