import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jwtVerify, SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listAudit, type Actor } from '../store/state/audit.ts';
import { openStateStore, type StateStore } from '../store/state/state-store.ts';
import { createAccess, type Access } from './access.ts';
import { createAccessTokens } from './access-tokens.ts';
import { createAccounts } from './accounts.ts';
import { SESSION_COOKIE } from './credentials.ts';
import { createPasswords, PasswordQueueFullError, type Passwords } from './passwords.ts';
import { allows, ROLE_SCOPES, type Principal } from './principal.ts';

const HOUR = 3_600_000;
const PASSWORD = 'correct horse battery';
const system: Actor = { kind: 'system', id: '', name: 'test', ip: '' };

let folder: string;
let file: string;
let state: StateStore;
let access: Access;
let clock: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-access-'));
  file = join(folder, 'state.db');
  clock = Date.UTC(2026, 1, 6);
  state = openStateStore({ file, now: () => clock });
  access = await createAccess({ state, sessionHours: 24 });
});
afterEach(() => {
  state.close();
  rmSync(folder, { recursive: true, force: true });
});

async function addUser(username: string, role: 'viewer' | 'admin' = 'viewer') {
  const user = await access.accounts.create({ username, password: PASSWORD, role }, system);
  if (typeof user === 'string') throw new Error(user);
  return user;
}
const bearer = (value: string) => access.authenticate({ authorization: `Bearer ${value}` }, {});
const byCookie = (value: string) => access.authenticate({}, { [SESSION_COOKIE]: value });

describe('passwords', () => {
  it('are hashed with Argon2id', async () => {
    const hash = await (await createPasswords()).hash(PASSWORD);
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('cost the same work for nobody as for somebody', async () => {
    const verified: boolean[] = [];
    const real = await createPasswords();
    const passwords: Passwords = {
      hash: real.hash,
      verify: (stored, password) => {
        verified.push(stored !== undefined);
        return real.verify(stored, password);
      },
    };
    let ids = 0;
    const accounts = createAccounts({ state, passwords, newId: () => `u${ids++}` });
    await accounts.create({ username: 'ann', password: PASSWORD, role: 'viewer' }, system);
    await accounts.create({ username: 'gone', password: PASSWORD, role: 'viewer' }, system);
    await accounts.patch('u1', { active: false }, system);
    expect(await accounts.checkPassword('ann', PASSWORD, '')).toMatchObject({ id: 'u0', last_login_at: clock });
    expect(await accounts.checkPassword('ann', 'wrong', '')).toBeUndefined();
    expect(await accounts.checkPassword('gone', PASSWORD, '')).toBeUndefined();
    expect(await accounts.checkPassword('nobody', PASSWORD, '')).toBeUndefined();
    expect(verified).toEqual([true, true, true, false]);
  });

  it('wait in a line that has an end', async () => {
    const passwords = await createPasswords();
    const results = await Promise.allSettled(Array.from({ length: 70 }, () => passwords.verify('not a hash', 'x')));
    const refused = results.filter((r) => r.status === 'rejected' && r.reason instanceof PasswordQueueFullError);
    expect(refused).toHaveLength(4);
    expect(await passwords.verify(undefined, 'x')).toBe(false);
  });
});

describe('sessions', () => {
  it('open the door by cookie and by access token', async () => {
    const user = await addUser('ann');
    const { cookie, accessToken, sessionId } = await access.sessions.open(user.id);
    const expected = { kind: 'user', id: user.id, name: 'ann', role: 'viewer', scopes: ['read'], sessionId };
    expect(await byCookie(cookie)).toEqual({ ...expected, via: 'cookie' });
    expect(await bearer(accessToken)).toEqual({ ...expected, via: 'token' });
    expect(await byCookie(accessToken)).toBe('failed');
    expect(await access.authenticate({}, {})).toBe('none');
  });

  it('are stored hashed', async () => {
    const user = await addUser('ann');
    const { cookie, refreshToken } = await access.sessions.open(user.id);
    const dump = JSON.stringify([
      state.sqlite.prepare('SELECT * FROM sessions').all(),
      state.sqlite.prepare('SELECT * FROM refresh_tokens').all(),
    ]);
    expect(dump).not.toContain(cookie);
    expect(dump).not.toContain(refreshToken);
  });

  it('end 24 hours after their last use', async () => {
    const { cookie } = await access.sessions.open((await addUser('ann')).id);
    for (let day = 0; day < 3; day++) {
      clock += 23 * HOUR;
      expect(await byCookie(cookie)).toMatchObject({ name: 'ann' });
    }
    clock += 24 * HOUR;
    expect(await byCookie(cookie)).toBe('failed');
  });

  it('have access tokens of 15 minutes', async () => {
    const { accessToken } = await access.sessions.open((await addUser('ann')).id);
    clock += 15 * 60_000 - 1000;
    expect(await bearer(accessToken)).toMatchObject({ name: 'ann' });
    clock += 1000;
    expect(await bearer(accessToken)).toBe('failed');
  });

  it('end at once for all three credentials', async () => {
    const user = await addUser('ann');
    const { cookie, accessToken, refreshToken, sessionId } = await access.sessions.open(user.id);
    const principal = (await byCookie(cookie)) as Principal;
    expect(await access.stillValid(principal)).toBe(true);
    await access.sessions.end(sessionId, system);
    expect(await byCookie(cookie)).toBe('failed');
    expect(await bearer(accessToken)).toBe('failed');
    expect(await access.sessions.refresh(refreshToken, '')).toBeUndefined();
    expect(await access.stillValid(principal)).toBe(false);
  });

  it('end at once when the user is deactivated, and do not come back', async () => {
    const user = await addUser('ann');
    const { cookie, accessToken } = await access.sessions.open(user.id);
    await access.accounts.patch(user.id, { active: false }, system);
    expect(await byCookie(cookie)).toBe('failed');
    expect(await bearer(accessToken)).toBe('failed');
    await access.accounts.patch(user.id, { active: true }, system);
    expect(await byCookie(cookie)).toBe('failed');
  });

  it('follow a new role at once', async () => {
    const user = await addUser('ann');
    const { cookie } = await access.sessions.open(user.id);
    await access.accounts.patch(user.id, { role: 'engineer' }, system);
    expect(await byCookie(cookie)).toMatchObject({ role: 'engineer', scopes: ROLE_SCOPES.engineer });
  });

  it('refresh once per token; a second use ends the session', async () => {
    const user = await addUser('ann');
    const opened = await access.sessions.open(user.id);
    const second = (await access.sessions.refresh(opened.refreshToken, '1.2.3.4'))!;
    expect(second.user.username).toBe('ann');
    expect(await bearer(second.accessToken)).toMatchObject({ name: 'ann' });
    expect(await access.sessions.refresh(opened.refreshToken, '1.2.3.4')).toBeUndefined();
    expect(await bearer(second.accessToken)).toBe('failed');
    expect(await access.sessions.refresh(second.refreshToken, '1.2.3.4')).toBeUndefined();
    expect((await listAudit(state.db, 1))[0]).toMatchObject({ action: 'auth.refresh_reused', ip: '1.2.3.4' });
  });

  it('cannot be refreshed after 24 hours', async () => {
    const { refreshToken } = await access.sessions.open((await addUser('ann')).id);
    clock += 24 * HOUR;
    expect(await access.sessions.refresh(refreshToken, '')).toBeUndefined();
  });

  it('survive a restart', async () => {
    const { accessToken, cookie } = await access.sessions.open((await addUser('ann')).id);
    state.close();
    state = openStateStore({ file, now: () => clock });
    access = await createAccess({ state, sessionHours: 24 });
    expect(await bearer(accessToken)).toMatchObject({ name: 'ann' });
    expect(await byCookie(cookie)).toMatchObject({ name: 'ann' });
  });
});

describe('access tokens', () => {
  it('are refused when not signed, signed otherwise, or for someone else', async () => {
    const { sessionId, accessToken } = await access.sessions.open((await addUser('ann')).id);
    const { value } = state.sqlite.prepare('SELECT value FROM settings').get() as { value: string };
    const secret = new TextEncoder().encode(value);
    expect((await jwtVerify(accessToken, secret, { currentDate: new Date(clock) })).payload['sid']).toBe(sessionId);
    const exp = Math.floor(clock / 1000) + 60;
    const claims = { sid: sessionId, iss: 'vedette', aud: 'vedette', exp };
    const signed = (alg: string, payload: object) =>
      new SignJWT({ ...payload }).setProtectedHeader({ alg }).sign(secret);
    expect(await bearer(await signed('HS256', claims))).toMatchObject({ name: 'ann' });
    for (const token of [
      new UnsecuredJWT(claims).encode(),
      await signed('HS512', claims),
      await signed('HS256', { ...claims, aud: 'other' }),
      await signed('HS256', { ...claims, exp: undefined }),
      await createAccessTokens('another secret of the right length', () => clock).issue(sessionId),
      'a.b.c',
    ])
      expect(await bearer(token)).toBe('failed');
  });
});

describe('keys', () => {
  it('open the door with their scopes until revoked', async () => {
    const { row, key } = await access.keys.create({ name: 'shipper', scopes: ['read', 'ingest'] }, system);
    const principal = { kind: 'key', id: row.id, name: 'shipper', scopes: ['ingest', 'read'], via: 'key' } as const;
    expect(await bearer(key)).toEqual(principal);
    expect(await access.stillValid(principal)).toBe(true);
    await access.keys.revoke(row.id, system);
    expect(await bearer(key)).toBe('failed');
    expect(await access.stillValid(principal)).toBe(false);
    expect(await access.keys.rotate(row.id, system)).toBeUndefined();
  });

  it('are stored hashed, and only a new secret opens after rotation', async () => {
    const { row, key } = await access.keys.create({ name: 'shipper', scopes: ['ingest'] }, system);
    expect(JSON.stringify(row)).not.toContain(key);
    const rotated = (await access.keys.rotate(row.id, system))!;
    expect(rotated.row.id).toBe(row.id);
    expect(await bearer(key)).toBe('failed');
    expect(await bearer(rotated.key)).toMatchObject({ id: row.id });
    expect(JSON.stringify(await listAudit(state.db, 10))).not.toContain(rotated.key);
  });

  it('note their last use, once a minute', async () => {
    const { row, key } = await access.keys.create({ name: 'shipper', scopes: ['ingest'] }, system);
    const lastUse = () =>
      state.sqlite.prepare('SELECT last_used_at AS at FROM api_keys WHERE id = ?').get(row.id)!['at'];
    await bearer(key);
    const first = clock;
    clock += 30_000;
    await bearer(key);
    expect(lastUse()).toBe(first);
    clock += 30_000;
    await bearer(key);
    expect(lastUse()).toBe(clock);
  });

  it('made and revoked by another process count at once', async () => {
    const here = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
    const elsewhere = (work: string) => {
      const script = `
        const { openStateStore } = await import(${here('../store/state/state-store.ts')});
        const { createAccess } = await import(${here('./access.ts')});
        const state = openStateStore({ file: ${JSON.stringify(file)}, now: Date.now });
        const { keys } = await createAccess({ state, sessionHours: 24 });
        const actor = { kind: 'system', id: '', name: 'cli', ip: '' };
        process.stdout.write(JSON.stringify(await ${work}));
        state.close();`;
      const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script]);
      if (stdout.length === 0) throw new Error(stderr.toString());
      return JSON.parse(stdout.toString()) as { key: string; row: { id: string } };
    };
    const { key, row } = elsewhere("keys.create({ name: 'n', scopes: ['ingest'] }, actor)");
    expect(await bearer(key)).toMatchObject({ id: row.id, scopes: ['ingest'] });
    elsewhere(`keys.revoke('${row.id}', actor)`);
    expect(await bearer(key)).toBe('failed');
  });
});

describe('accounts', () => {
  it('have names that differ in more than case', async () => {
    await addUser('Ann');
    expect(await access.accounts.create({ username: 'aNN', password: PASSWORD, role: 'admin' }, system)).toBe(
      'conflict',
    );
    const both = await Promise.all(
      ['bob', 'BOB'].map((username) =>
        access.accounts.create({ username, password: PASSWORD, role: 'viewer' }, system),
      ),
    );
    expect(both.filter((result) => result === 'conflict')).toHaveLength(1);
  });

  it('keep the last active administrator, even against two at once', async () => {
    const [ann, bob] = [await addUser('ann', 'admin'), await addUser('bob', 'admin')];
    const as = (id: string): Actor => ({ kind: 'user', id, name: id, ip: '' });
    const results = await Promise.all([
      access.accounts.patch(ann.id, { role: 'viewer' }, as(bob.id)),
      access.accounts.remove(bob.id, as(ann.id)),
    ]);
    expect(results.filter((result) => result === 'last_admin')).toHaveLength(1);
    const left = state.sqlite.prepare("SELECT count(*) AS n FROM users WHERE role = 'admin' AND active = 1").get();
    expect(left).toEqual({ n: 1 });
  });

  it('end their other sessions with a new password', async () => {
    const user = await addUser('ann');
    const [one, two] = [await access.sessions.open(user.id), await access.sessions.open(user.id)];
    await access.accounts.patch(user.id, { password: 'another long password' }, system, two.sessionId);
    expect(await byCookie(one.cookie)).toBe('failed');
    expect(await byCookie(two.cookie)).toMatchObject({ name: 'ann' });
    expect(await access.accounts.checkPassword('ann', PASSWORD, '')).toBeUndefined();
    expect(await access.accounts.checkPassword('ann', 'another long password', '')).toMatchObject({ id: user.id });
  });
});

describe('set-up', () => {
  const first = { username: 'root', password: PASSWORD };

  it('takes the newest token, once', async () => {
    const old = (await access.accounts.newSetupToken())!;
    const token = (await access.accounts.newSetupToken())!;
    expect(await access.accounts.createFirst(old, first, '')).toBe('bad_token');
    expect(await access.accounts.createFirst(token, first, '')).toMatchObject({ role: 'admin' });
    expect(await access.accounts.createFirst(token, first, '')).toBe('setup_done');
    expect(await access.accounts.newSetupToken()).toBeUndefined();
    expect(await access.accounts.setupNeeded()).toBe(false);
  });

  it('makes one administrator when the link is used twice at once', async () => {
    const token = (await access.accounts.newSetupToken())!;
    const results = await Promise.all(
      ['one', 'two'].map((username) => access.accounts.createFirst(token, { ...first, username }, '')),
    );
    expect(results.filter((result) => result === 'setup_done')).toHaveLength(1);
  });

  it('is over when the command line made a user meanwhile', async () => {
    const token = (await access.accounts.newSetupToken())!;
    await addUser('cli', 'admin');
    expect(await access.accounts.createFirst(token, first, '')).toBe('setup_done');
  });
});

describe('allows', () => {
  const user = (role: 'viewer' | 'engineer'): Principal => ({
    kind: 'user',
    id: '',
    name: '',
    via: 'cookie',
    role,
    scopes: ROLE_SCOPES[role],
  });
  const key: Principal = { kind: 'key', id: '', name: '', via: 'key', scopes: ['write'] };
  it('asks users for scope and role, keys for the scope', () => {
    expect(allows('public', key)).toBe(true);
    expect(allows({ scope: 'read' }, user('viewer'))).toBe(true);
    expect(allows({ scope: 'read', role: 'analyst' }, user('viewer'))).toBe(false);
    expect(allows({ scope: 'read', role: 'analyst' }, user('engineer'))).toBe(true);
    expect(allows({ scope: 'admin' }, user('engineer'))).toBe(false);
    expect(allows({ scope: 'write', role: 'engineer' }, key)).toBe(true);
    expect(allows({ scope: 'read' }, key)).toBe(false);
  });
});
