/**
 * The door: who is it, and is the answer still true? Nothing is cached, so a deactivated user, an ended session and a
 * revoked key are out with their next call, whichever process did it.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { findKey, scopesOf } from '../store/state/api-keys.ts';
import { settingOrInitial } from '../store/state/settings.ts';
import { findLiveSession, type LiveSession } from '../store/state/sessions.ts';
import type { StateStore } from '../store/state/state-store.ts';
import { createAccessTokens } from './access-tokens.ts';
import { createAccounts, type Accounts } from './accounts.ts';
import { readCredential } from './credentials.ts';
import { createKeys, type Keys } from './keys.ts';
import { createPasswords } from './passwords.ts';
import { ROLE_SCOPES, type Principal } from './principal.ts';
import { randomSecret } from './secrets.ts';
import { createSessions, type Sessions } from './sessions.ts';

export interface Access {
  readonly accounts: Accounts;
  readonly keys: Keys;
  readonly sessions: Sessions;
  /** `none`: nothing was shown; `failed`: something was, and it does not (or no longer) open the door. */
  authenticate(
    headers: IncomingHttpHeaders,
    cookies: Readonly<Record<string, string | undefined>>,
  ): Promise<Principal | 'none' | 'failed'>;
  /** Whether a caller of a while ago may go on: long streams ask now and then. */
  stillValid(principal: Principal): Promise<boolean>;
}

/** `sessionHours`: a session ends this long after its last use. */
export async function createAccess(deps: {
  state: StateStore;
  sessionHours: number;
  newId?: () => string;
}): Promise<Access> {
  const { state, sessionHours, newId = randomUUID } = deps;
  const secret = await settingOrInitial(state.db, 'access_token_secret', randomSecret());
  const tokens = createAccessTokens(secret, state.now);
  const accounts = createAccounts({ state, passwords: await createPasswords(), newId });
  const keys = createKeys({ state, newId });
  const sessions = createSessions({ state, tokens, newId, lifeMs: sessionHours * 3_600_000 });

  return {
    accounts,
    keys,
    sessions,
    async authenticate(headers, cookies) {
      const credential = readCredential(headers, cookies);
      switch (credential.kind) {
        case 'none':
          return 'none';
        case 'unreadable':
          return 'failed';
        case 'key': {
          const row = await keys.bySecret(credential.key);
          return row ? { kind: 'key', id: row.id, name: row.name, scopes: scopesOf(row), via: 'key' } : 'failed';
        }
        case 'cookie':
          return asPrincipal(await sessions.byCookie(credential.secret), 'cookie');
        case 'token':
          return asPrincipal(await sessions.byToken(credential.token), 'token');
      }
    },
    async stillValid({ kind, id, role, sessionId = '' }) {
      if (kind === 'key') return (await findKey(state.db, id))?.revoked_at === null;
      const live = await findLiveSession(state.db, { id: sessionId }, state.now());
      return live?.user.role === role;
    },
  };
}

function asPrincipal(live: LiveSession | undefined, via: 'cookie' | 'token'): Principal | 'failed' {
  if (!live) return 'failed';
  const { user, session } = live;
  const { id, username: name, role } = user;
  return { kind: 'user', id, name, role, scopes: ROLE_SCOPES[role], via, sessionId: session.id };
}
