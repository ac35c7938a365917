/**
 * Table `sessions`: one row per sign-in, behind the console's cookie, the access tokens and the refresh tokens alike.
 * Deleting the row ends all three at once.
 */
import type { Compilable, Kysely, Selectable } from 'kysely';
import type { StateTables } from './schema.ts';
import type { UserRow } from './users.ts';

export interface SessionsTable {
  id: string;
  user_id: string;
  /** SHA-256 of the cookie's value. */
  cookie_hash: string;
  created_at: number;
  last_seen_at: number;
  expires_at: number;
}
export type SessionRow = Selectable<SessionsTable>;

/** A session that has not ended, with its active user. */
export type LiveSession = { session: SessionRow; user: UserRow };

type Db = Kysely<StateTables>;

export function insertSession(db: Db, session: SessionRow): Compilable {
  return db.insertInto('sessions').values(session);
}

/** By cookie or by id. Undefined when it has ended, has run out, or its user was deactivated. */
export async function findLiveSession(
  db: Db,
  by: { cookieHash: string } | { id: string },
  now: number,
): Promise<LiveSession | undefined> {
  const row = await db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .selectAll('users')
    .select([
      'sessions.id as session_id',
      'sessions.cookie_hash as cookie_hash',
      'sessions.created_at as opened_at',
      'sessions.last_seen_at as last_seen_at',
      'sessions.expires_at as expires_at',
    ])
    .where('users.active', '=', 1)
    .where('sessions.expires_at', '>', now)
    .$if('cookieHash' in by, (query) =>
      query.where('sessions.cookie_hash', '=', (by as { cookieHash: string }).cookieHash),
    )
    .$if('id' in by, (query) => query.where('sessions.id', '=', (by as { id: string }).id))
    .executeTakeFirst();
  if (!row) return undefined;
  const { session_id, cookie_hash, opened_at, last_seen_at, expires_at, ...user } = row;
  const session = { id: session_id, user_id: user.id, cookie_hash, created_at: opened_at, last_seen_at, expires_at };
  return { session, user };
}

export async function extendSession(db: Db, id: string, seenAt: number, expiresAt: number): Promise<void> {
  await db.updateTable('sessions').set({ last_seen_at: seenAt, expires_at: expiresAt }).where('id', '=', id).execute();
}

/** Ends one session; its refresh tokens go with it. */
export function deleteSession(db: Db, id: string): Compilable {
  return db.deleteFrom('sessions').where('id', '=', id);
}

/** Ends a user's sessions, all or all but one. */
export function deleteSessionsOf(db: Db, userId: string, except?: string): Compilable {
  const query = db.deleteFrom('sessions').where('user_id', '=', userId);
  return except === undefined ? query : query.where('id', '<>', except);
}

export async function deleteExpiredSessions(db: Db, now: number): Promise<void> {
  await db.deleteFrom('sessions').where('expires_at', '<=', now).execute();
}
