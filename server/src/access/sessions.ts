/**
 * Sessions: one sign-in gives the console a cookie and API clients an access token with a refresh token. All three hang
 * on one row, whose end takes effect with the next call.
 */
import {
  deleteExpiredSessions,
  deleteSession,
  extendSession,
  findLiveSession,
  insertSession,
  type LiveSession,
} from '../store/state/sessions.ts';
import { appendAudit, type Actor } from '../store/state/audit.ts';
import { findRefreshToken, insertRefreshToken, useRefreshToken } from '../store/state/refresh-tokens.ts';
import type { StateStore } from '../store/state/state-store.ts';
import type { AccessTokens } from './access-tokens.ts';
import { randomSecret, secretHash } from './secrets.ts';

/** A session in use is written back at most this often. */
const TOUCH_EVERY_MS = 60_000;

export interface OpenedSession {
  sessionId: string;
  accessToken: string;
  refreshToken: string;
}

export interface Sessions {
  open(userId: string): Promise<OpenedSession & { cookie: string }>;
  byCookie(cookie: string): Promise<LiveSession | undefined>;
  byToken(token: string): Promise<LiveSession | undefined>;
  /** A new pair of tokens for a refresh token; undefined when it is unknown, spent or its session has ended. */
  refresh(refreshToken: string, ip: string): Promise<(OpenedSession & LiveSession) | undefined>;
  end(sessionId: string, actor: Actor): Promise<void>;
}

export function createSessions(deps: {
  state: StateStore;
  tokens: AccessTokens;
  newId: () => string;
  lifeMs: number;
}): Sessions {
  const { state, tokens, newId, lifeMs } = deps;
  const { db, now } = state;

  async function touched(live: LiveSession | undefined): Promise<LiveSession | undefined> {
    if (live && now() - live.session.last_seen_at >= TOUCH_EVERY_MS)
      await extendSession(db, live.session.id, now(), now() + lifeMs);
    return live;
  }

  return {
    async open(userId) {
      const [cookie, refreshToken, sessionId, at] = [randomSecret(), randomSecret(), newId(), now()];
      const expiresAt = at + lifeMs;
      await deleteExpiredSessions(db, at);
      await state.commit([
        insertSession(db, {
          id: sessionId,
          user_id: userId,
          cookie_hash: secretHash(cookie),
          created_at: at,
          last_seen_at: at,
          expires_at: expiresAt,
        }),
        insertRefreshToken(db, { hash: secretHash(refreshToken), session_id: sessionId, expires_at: expiresAt }),
      ]);
      return { sessionId, cookie, refreshToken, accessToken: await tokens.issue(sessionId) };
    },

    async byCookie(cookie) {
      return touched(await findLiveSession(db, { cookieHash: secretHash(cookie) }, now()));
    },

    async byToken(token) {
      const id = await tokens.read(token);
      return id === undefined ? undefined : findLiveSession(db, { id }, now());
    },

    async refresh(refreshToken, ip) {
      const hash = secretHash(refreshToken);
      const known = await findRefreshToken(db, hash);
      if (!known || known.expires_at <= now()) return undefined;
      const live = await findLiveSession(db, { id: known.session_id }, now());
      if (!live) return undefined;
      const next = randomSecret();
      const expiresAt = now() + lifeMs;
      const spent = await state.commit([
        useRefreshToken(db, hash, now()),
        insertRefreshToken(db, { hash: secretHash(next), session_id: known.session_id, expires_at: expiresAt }),
      ]);
      if (!spent) {
        const { id, username } = live.user;
        const actor: Actor = { kind: 'nobody', id: '', name: '', ip };
        const details = { user: id, username };
        await state.commit([
          deleteSession(db, known.session_id),
          appendAudit(db, { at: now(), actor, action: 'auth.refresh_reused', target: known.session_id, details }),
        ]);
        return undefined;
      }
      await extendSession(db, known.session_id, now(), expiresAt);
      const accessToken = await tokens.issue(known.session_id);
      return { ...live, sessionId: known.session_id, refreshToken: next, accessToken };
    },

    async end(sessionId, actor) {
      await state.commit([
        deleteSession(db, sessionId),
        appendAudit(db, { at: now(), actor, action: 'auth.logout', target: sessionId }),
      ]);
    },
  };
}
