import { sessionSchema, userSchema, type Session } from '@vedette/contracts';
import { Counter } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { listAudit } from '../../store/state/audit.ts';
import { createTestApp, PASSWORD, type TestApp } from '../testing.ts';

let t: TestApp;
afterEach(() => t.close());

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

async function call(method: Method, path: string, token = '', payload?: object) {
  const response = await t.app.inject({
    method,
    url: `/api/v1${path}`,
    ...(token !== '' && { headers: bearer(token) }),
    ...(payload && { payload }),
  });
  const body: unknown = response.body === '' ? undefined : response.json();
  return { status: response.statusCode, body, code: (body as { error?: { code: string } })?.error?.code, response };
}

async function adminToken() {
  return t.tokenOf((await t.addUser('root', 'admin')).id);
}
const login = (username: string, password: string) => call('POST', '/auth/login', '', { username, password });

describe('set-up', () => {
  it('makes the first administrator once and signs in', async () => {
    t = await createTestApp();
    expect((await call('GET', '/setup')).body).toEqual({ needed: true });
    const token = (await t.access.accounts.newSetupToken())!;
    const root = { username: 'root', password: PASSWORD };
    expect(await call('POST', '/setup', '', { ...root, token: 'guess' })).toMatchObject({ status: 403 });
    expect(await call('POST', '/setup', '', { ...root, token, password: 'short' })).toMatchObject({ code: 'invalid' });
    const done = await call('POST', '/setup', '', { ...root, token });
    expect(done.status).toBe(201);
    expect(sessionSchema.parse(done.body).user).toMatchObject({ username: 'root', role: 'admin' });
    const cookie = done.response.cookies[0]!;
    expect(cookie).toMatchObject({ name: 'vedette_session', httpOnly: true, sameSite: 'Strict', path: '/' });
    expect(cookie).not.toHaveProperty('secure');
    expect((await call('GET', '/setup')).body).toEqual({ needed: false });
    expect(await call('POST', '/setup', '', { ...root, username: 'two', token })).toMatchObject({ code: 'setup_done' });
    expect((await listAudit(t.state.db, 1))[0]).toMatchObject({ action: 'setup.done', actor_name: 'root' });
  });
});

describe('auth', () => {
  it('gives one answer to every wrong sign-in', async () => {
    t = await createTestApp();
    const gone = await t.addUser('gone', 'viewer');
    await t.addUser('ann', 'viewer');
    const actor = { kind: 'system', id: '', name: '', ip: '' } as const;
    await t.access.accounts.patch(gone.id, { active: false }, actor);
    const answers = [await login('ann', 'wrong'), await login('nobody', PASSWORD), await login('gone', PASSWORD)];
    for (const { body, status } of answers) {
      expect(status).toBe(401);
      expect(body).toMatchObject({ error: { code: 'bad_credentials', message: 'User name or password is wrong.' } });
    }
    const failures = (await listAudit(t.state.db, 10)).filter(({ action }) => action === 'auth.login_failed');
    expect(failures.map(({ details, ip }) => [JSON.parse(details), ip])).toEqual([
      [{ username: 'gone' }, '127.0.0.1'],
      [{ username: 'nobody' }, '127.0.0.1'],
      [{ username: 'ann' }, '127.0.0.1'],
    ]);
  });

  it('signs in, tells who, refreshes and signs out', async () => {
    t = await createTestApp();
    const ann = await t.addUser('ann', 'analyst');
    const signedIn = await login('ANN', PASSWORD);
    const session = sessionSchema.parse(signedIn.body);
    expect(session.expiresIn).toBe(900);
    const me = await call('GET', '/auth/me', session.accessToken);
    expect(userSchema.parse(me.body)).toMatchObject({
      id: ann.id,
      role: 'analyst',
      lastLoginAt: '2026-02-06T12:00:00.000Z',
    });
    const { body } = await call('POST', '/auth/refresh', '', { refreshToken: session.refreshToken });
    const next = sessionSchema.parse(body);
    expect((await call('POST', '/auth/logout', next.accessToken)).status).toBe(204);
    for (const token of [session.accessToken, next.accessToken])
      expect((await call('GET', '/auth/me', token)).code).toBe('unauthenticated');
    const cookies = { vedette_session: signedIn.response.cookies[0]!.value };
    expect((await t.app.inject({ url: '/api/v1/auth/me', cookies })).statusCode).toBe(401);
    expect(await call('POST', '/auth/refresh', '', { refreshToken: next.refreshToken })).toMatchObject({ status: 401 });
  });

  it('ends the session when a refresh token is used again', async () => {
    t = await createTestApp();
    await t.addUser('ann', 'analyst');
    const { refreshToken } = (await login('ann', PASSWORD)).body as Session;
    const { accessToken } = (await call('POST', '/auth/refresh', '', { refreshToken })).body as Session;
    expect((await call('GET', '/auth/me', accessToken)).status).toBe(200);
    expect((await call('POST', '/auth/refresh', '', { refreshToken })).status).toBe(401);
    expect((await call('GET', '/auth/me', accessToken)).status).toBe(401);
  });

  it('marks the cookie as Secure under TLS, own or the proxy’s', async () => {
    t = await createTestApp({ config: { behindProxy: true } });
    await t.addUser('ann', 'analyst');
    const options = {
      method: 'POST',
      url: '/api/v1/auth/login',
      payload: { username: 'ann', password: PASSWORD },
    } as const;
    const proxied = await t.app.inject({ ...options, headers: { 'x-forwarded-proto': 'https' } });
    expect(proxied.cookies[0]).toMatchObject({ secure: true });
  });

  it('has no sign-out and no person for keys', async () => {
    t = await createTestApp();
    const { key } = await t.addKey('read');
    expect((await call('POST', '/auth/logout', key)).status).toBe(403);
    expect((await call('GET', '/auth/me', key)).status).toBe(403);
  });
});

describe('users', () => {
  it('are made, listed, changed and removed; their next call knows', async () => {
    t = await createTestApp();
    const admin = await adminToken();
    const made = await call('POST', '/users', admin, { username: 'ann', password: PASSWORD, role: 'viewer' });
    expect(made.status).toBe(201);
    const ann = userSchema.parse(made.body);
    expect(made.response.body).not.toContain('argon2');
    const list = (await call('GET', '/users', admin)).body as { items: { username: string }[]; nextCursor: null };
    expect(list.items.map(({ username }) => username)).toEqual(['ann', 'root']);
    const token = await t.tokenOf(ann.id);
    expect((await call('GET', '/users', token)).code).toBe('forbidden');
    expect((await call('PATCH', `/users/${ann.id}`, admin, { role: 'admin' })).body).toMatchObject({ role: 'admin' });
    expect((await call('GET', '/users', token)).status).toBe(200);
    expect((await call('PATCH', `/users/${ann.id}`, admin, { active: false })).body).toMatchObject({ active: false });
    expect((await call('GET', '/users', token)).code).toBe('unauthenticated');
    expect((await call('DELETE', `/users/${ann.id}`, admin)).status).toBe(204);
    expect((await call('DELETE', `/users/${ann.id}`, admin)).code).toBe('not_found');
    const actions = (await listAudit(t.state.db, 4)).map(({ action, actor_name }) => [action, actor_name]);
    expect(actions).toEqual([
      ['user.delete', 'root'],
      ['user.update', 'root'],
      ['user.update', 'root'],
      ['user.create', 'root'],
    ]);
    expect(JSON.stringify(await listAudit(t.state.db, 9))).not.toContain(PASSWORD);
  });

  it('keep the last administrator, and nobody demotes themselves', async () => {
    t = await createTestApp();
    const root = await t.addUser('root', 'admin');
    const token = await t.tokenOf(root.id);
    for (const patch of [{ role: 'viewer' }, { active: false }])
      expect((await call('PATCH', `/users/${root.id}`, token, patch)).code).toBe('forbidden');
    expect((await call('DELETE', `/users/${root.id}`, token)).code).toBe('forbidden');
    const { key } = await t.addKey('admin');
    for (const patch of [{ role: 'viewer' }, { active: false }])
      expect((await call('PATCH', `/users/${root.id}`, key, patch)).code).toBe('last_admin');
    expect((await call('DELETE', `/users/${root.id}`, key)).code).toBe('last_admin');
    expect((await call('PATCH', `/users/${root.id}`, token, { role: 'admin', active: true })).status).toBe(200);
    expect((await call('GET', '/auth/me', token)).body).toMatchObject({ role: 'admin', active: true });
  });

  it.each([
    [{ username: 'ro ot', password: PASSWORD, role: 'viewer' }, 'invalid'],
    [{ username: '<script>', password: PASSWORD, role: 'viewer' }, 'invalid'],
    [{ username: 'ann', password: 'short', role: 'viewer' }, 'invalid'],
    [{ username: 'ann', password: PASSWORD, role: 'king' }, 'invalid'],
    [{ username: 'ROOT', password: PASSWORD, role: 'viewer' }, 'conflict'],
  ])('cannot be %j: %s', async (user, code) => {
    t = await createTestApp();
    expect((await call('POST', '/users', await adminToken(), user)).code).toBe(code);
  });
});

describe('keys', () => {
  it('are shown once, rotated and revoked, at once', async () => {
    t = await createTestApp();
    const admin = await adminToken();
    const made = await call('POST', '/keys', admin, { name: 'web1', scopes: ['read', 'ingest', 'read'] });
    const { id, key } = made.body as { id: string; key: string };
    expect(made.body).toMatchObject({ name: 'web1', scopes: ['ingest', 'read'], lastUsedAt: null, revokedAt: null });
    const metrics = (secret: string) => t.app.inject({ url: '/metrics', headers: bearer(secret) });
    expect((await metrics(key)).statusCode).toBe(200);
    const list = await call('GET', '/keys', admin);
    expect(list.response.body).not.toContain(key);
    expect(list.body).toMatchObject({
      items: [{ id, prefix: key.slice(0, 12), lastUsedAt: '2026-02-06T12:00:00.000Z' }],
    });
    const rotated = (await call('POST', `/keys/${id}/rotate`, admin)).body as { key: string };
    expect((await metrics(key)).statusCode).toBe(401);
    expect((await metrics(rotated.key)).statusCode).toBe(200);
    expect((await call('DELETE', `/keys/${id}`, admin)).body).toMatchObject({ revokedAt: '2026-02-06T12:00:00.000Z' });
    expect((await metrics(rotated.key)).statusCode).toBe(401);
    expect((await call('POST', `/keys/${id}/rotate`, admin)).code).toBe('not_found');
    expect((await call('DELETE', '/keys/none', admin)).code).toBe('not_found');
    const actions = (await listAudit(t.state.db, 3)).map(({ action }) => action);
    expect(actions).toEqual(['key.revoke', 'key.rotate', 'key.create']);
  });

  it.each([
    { name: '', scopes: ['read'] },
    { name: 'a', scopes: [] },
    { name: 'a', scopes: ['root'] },
  ])('cannot be %j', async (key) => {
    t = await createTestApp();
    expect((await call('POST', '/keys', await adminToken(), key)).code).toBe('invalid');
  });
});

describe('health', () => {
  it('tells everyone whether, and readers why', async () => {
    const parts = [{ name: 'event store', ok: false, message: 'no space on /data' }];
    t = await createTestApp({ health: () => ({ status: 'degraded', version: '1', parts }) });
    const anyone = await call('GET', '/health');
    expect(anyone).toMatchObject({
      status: 503,
      body: { status: 'degraded', parts: [{ name: 'event store', message: '' }] },
    });
    expect((await call('GET', '/health', await adminToken())).body).toMatchObject({ parts });
  });
});

describe('metrics', () => {
  it('need a key with the scope read, or a setting', async () => {
    t = await createTestApp();
    new Counter({ name: 'vedette_test_total', help: 'x', registers: [t.deps.registry] }).inc();
    expect((await t.app.inject('/metrics')).statusCode).toBe(401);
    const { key } = await t.addKey('ingest');
    expect((await t.app.inject({ url: '/metrics', headers: bearer(key) })).statusCode).toBe(403);
    const reader = await t.addKey('read');
    const answer = await t.app.inject({ url: '/metrics', headers: bearer(reader.key) });
    expect(answer.headers['content-type']).toMatch(/^text\/plain/);
    expect(answer.body).toContain('vedette_test_total 1');
    await t.close();
    t = await createTestApp({ config: { metricsPublic: true } });
    expect((await t.app.inject('/metrics')).statusCode).toBe(200);
  });
});
