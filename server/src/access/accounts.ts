/**
 * Users: made, changed, removed, signed in. Each change and its audit entry are one transaction, and its guard is part of
 * the statement, so two administrators demoting each other at once cannot both succeed.
 */
import type { Role } from '@vedette/contracts';
import { appendAudit, type Actor } from '../store/state/audit.ts';
import { deleteSessionsOf } from '../store/state/sessions.ts';
import { deleteSetupTokens, insertSetupToken, isSetupToken } from '../store/state/setup-tokens.ts';
import type { StateStore } from '../store/state/state-store.ts';
import {
  anyUser,
  deleteUser,
  findUser,
  findUserByName,
  insertFirstUser,
  insertUser,
  noteLogin,
  updateUser,
  type UserRow,
} from '../store/state/users.ts';
import type { Passwords } from './passwords.ts';
import { randomSecret, secretHash } from './secrets.ts';

export interface UserPatch {
  role?: Role | undefined;
  active?: boolean | undefined;
  password?: string | undefined;
}

/** Why a user could not be made or changed: codes of the API's error catalogue. */
export type AccountFailure = 'not_found' | 'conflict' | 'last_admin' | 'self_change' | 'setup_done' | 'bad_token';

export interface Accounts {
  create(user: { username: string; password: string; role: Role }, actor: Actor): Promise<UserRow | AccountFailure>;
  /** Deactivation and a new password end the user's sessions (all but `keepSession`); a new role is in force at once. */
  patch(id: string, patch: UserPatch, actor: Actor, keepSession?: string): Promise<UserRow | AccountFailure>;
  remove(id: string, actor: Actor): Promise<UserRow | AccountFailure>;
  /** The user when name and password fit and the account is active. Every outcome is audited. */
  checkPassword(username: string, password: string, ip: string): Promise<UserRow | undefined>;
  setupNeeded(): Promise<boolean>;
  /** A new one-time token, ending any earlier one; undefined when a user exists. */
  newSetupToken(): Promise<string | undefined>;
  createFirst(
    token: string,
    user: { username: string; password: string },
    ip: string,
  ): Promise<UserRow | AccountFailure>;
}

export function createAccounts(deps: { state: StateStore; passwords: Passwords; newId: () => string }): Accounts {
  const { state, passwords, newId } = deps;
  const { db, now } = state;
  const audit = (actor: Actor, action: string, target: string, details?: Record<string, unknown>) =>
    appendAudit(db, { at: now(), actor, action, target, ...(details && { details }) });

  async function newRow(user: { username: string; password: string }, role: Role) {
    const password_hash = await passwords.hash(user.password);
    return { id: newId(), username: user.username, password_hash, role, created_at: now() };
  }

  return {
    async create(user, actor) {
      if (await findUserByName(db, user.username)) return 'conflict';
      const row = await newRow(user, user.role);
      const details = { username: row.username, role: row.role };
      const made = await state.commit([insertUser(db, row), audit(actor, 'user.create', row.id, details)]);
      return made ? (await findUser(db, row.id))! : 'conflict';
    },

    async patch(id, patch, actor, keepSession) {
      const before = await findUser(db, id);
      if (!before) return 'not_found';
      const lessens = (patch.role !== undefined && patch.role !== before.role) || patch.active === false;
      if (lessens && actor.kind === 'user' && actor.id === id) return 'self_change';
      const change = {
        ...(patch.role !== undefined && { role: patch.role }),
        ...(patch.active !== undefined && { active: Number(patch.active) }),
        ...(patch.password !== undefined && { password_hash: await passwords.hash(patch.password) }),
      };
      if (Object.keys(change).length === 0) return before;
      const details = {
        username: before.username,
        role: patch.role,
        active: patch.active,
        password: 'password' in patch,
      };
      const ends = patch.active === false || patch.password !== undefined;
      const done = await state.commit([
        updateUser(db, id, change),
        audit(actor, 'user.update', id, details),
        ...(ends ? [deleteSessionsOf(db, id, keepSession)] : []),
      ]);
      const after = await findUser(db, id);
      if (!after) return 'not_found';
      return done ? after : 'last_admin';
    },

    async remove(id, actor) {
      const before = await findUser(db, id);
      if (!before) return 'not_found';
      if (actor.kind === 'user' && actor.id === id) return 'self_change';
      const details = { username: before.username, role: before.role };
      const done = await state.commit([deleteUser(db, id), audit(actor, 'user.delete', id, details)]);
      if (done) return before;
      return (await findUser(db, id)) ? 'last_admin' : 'not_found';
    },

    async checkPassword(username, password, ip) {
      const user = await findUserByName(db, username);
      const matches = await passwords.verify(user?.password_hash, password);
      if (!user || !matches || user.active === 0) {
        const nobody: Actor = { kind: 'nobody', id: '', name: '', ip };
        await audit(nobody, 'auth.login_failed', user?.id ?? '', { username }).execute();
        return undefined;
      }
      await noteLogin(db, user.id, now());
      await audit({ kind: 'user', id: user.id, name: user.username, ip }, 'auth.login', user.id).execute();
      return findUser(db, user.id);
    },

    setupNeeded: async () => !(await anyUser(db)),

    async newSetupToken() {
      if (await anyUser(db)) return undefined;
      const token = randomSecret();
      const hash = secretHash(token);
      await state.commit([insertSetupToken(db, hash, now()), deleteSetupTokens(db, hash)]);
      return token;
    },

    async createFirst(token, user, ip) {
      if (await anyUser(db)) return 'setup_done';
      const hash = secretHash(token);
      // Checked before the password is hashed, so that a wrong token costs nothing.
      if (!(await isSetupToken(db, hash))) return 'bad_token';
      const row = await newRow(user, 'admin');
      const actor: Actor = { kind: 'user', id: row.id, name: row.username, ip };
      const made = await state.commit([
        insertFirstUser(db, row, hash),
        deleteSetupTokens(db),
        audit(actor, 'setup.done', row.id, { username: row.username }),
      ]);
      if (made) return (await findUser(db, row.id))!;
      return (await anyUser(db)) ? 'setup_done' : 'bad_token';
    },
  };
}
