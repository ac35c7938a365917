/** API keys: made, rotated, revoked. The key itself exists only in the answer that makes it. */
import { SCOPES, type Scope } from '@vedette/contracts';
import {
  findKey,
  findLiveKey,
  insertKey,
  noteKeyUse,
  replaceKeySecret,
  revokeKey,
  type ApiKeyRow,
} from '../store/state/api-keys.ts';
import { appendAudit, type Actor } from '../store/state/audit.ts';
import type { StateStore } from '../store/state/state-store.ts';
import { randomKey, secretHash } from './secrets.ts';

/** The time of a key's last use is written back at most this often. */
const TOUCH_EVERY_MS = 60_000;

export interface Keys {
  create(key: { name: string; scopes: readonly Scope[] }, actor: Actor): Promise<{ row: ApiKeyRow; key: string }>;
  /** A new secret for the same key; the old one ends at once. Undefined when the key is gone or revoked. */
  rotate(id: string, actor: Actor): Promise<{ row: ApiKeyRow; key: string } | undefined>;
  /** Undefined when there is no such key; revoking twice changes nothing. */
  revoke(id: string, actor: Actor): Promise<ApiKeyRow | undefined>;
  bySecret(key: string): Promise<ApiKeyRow | undefined>;
}

export function createKeys(deps: { state: StateStore; newId: () => string }): Keys {
  const { state, newId } = deps;
  const { db, now } = state;
  return {
    async create({ name, scopes }, actor) {
      const { key, prefix, hash } = randomKey();
      const id = newId();
      const sorted = SCOPES.filter((scope) => scopes.includes(scope));
      const row = { id, name, prefix, hash, scopes: sorted.join(' '), created_by: actor.name, created_at: now() };
      await state.commit([
        insertKey(db, row),
        appendAudit(db, {
          at: now(),
          actor,
          action: 'key.create',
          target: id,
          details: { name, prefix, scopes: sorted },
        }),
      ]);
      return { row: (await findKey(db, id))!, key };
    },

    async rotate(id, actor) {
      const { key, prefix, hash } = randomKey();
      const done = await state.commit([
        replaceKeySecret(db, id, { prefix, hash }),
        appendAudit(db, { at: now(), actor, action: 'key.rotate', target: id, details: { prefix } }),
      ]);
      return done ? { row: (await findKey(db, id))!, key } : undefined;
    },

    async revoke(id, actor) {
      await state.commit([
        revokeKey(db, id, now()),
        appendAudit(db, { at: now(), actor, action: 'key.revoke', target: id }),
      ]);
      return findKey(db, id);
    },

    async bySecret(key) {
      const row = await findLiveKey(db, secretHash(key));
      if (row && now() - (row.last_used_at ?? 0) >= TOUCH_EVERY_MS) await noteKeyUse(db, row.id, now());
      return row;
    },
  };
}
