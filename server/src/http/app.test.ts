import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { API_ERRORS, ROLES, SCOPES } from '@vedette/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { allows } from '../access/principal.ts';
import { ensureTls } from '../tls/tls.ts';
import { CONSOLE_HEADER } from './plugins/csrf.ts';
import { ApiError } from './errors.ts';
import { createTestApp, PASSWORD, type TestApp } from './testing.ts';
import type { RouteModule } from './types.ts';

let t: TestApp;
afterEach(() => t.close());

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const errorOf = (response: { json(): { error: { code: string; message: string } } }) => response.json().error;

const UNLIMITED = { perMinute: 100_000, authPerMinute: 100_000, keyPerMinute: 100_000 };

/** A route of every kind. */
const samples: RouteModule = () => async (app) => {
  app.post(
    '/echo',
    { config: { access: { scope: 'write' } }, schema: { body: z.object({ name: z.string().max(3) }) } },
    async (request) => request.body,
  );
  app.post('/ingest', { config: { access: { scope: 'ingest' }, ingest: true } }, async () => ({ accepted: 1 }));
  app.get('/engineers', { config: { access: { scope: 'read', role: 'engineer' } } }, async () => 'ok');
  app.get('/broken', { config: { access: 'public' } }, async () => {
    throw new TypeError('secret path /var/lib/x');
  });
  app.get('/mute', { config: { access: 'public' }, schema: { response: { 200: z.object({ a: z.string() }) } } }, () =>
    // What a handler of a wrong type would return.
    Promise.resolve({ a: 1 } as unknown as { a: string }),
  );
  app.get('/teapot', { config: { access: 'public' } }, async () => {
    throw new ApiError('query_limit', { message: 'Too much.', details: { seconds: 9 } });
  });
};

describe('errors', () => {
  it('have one shape, whatever went wrong', async () => {
    t = await createTestApp({ routes: [samples] });
    const { key } = await t.addKey('write');
    const send = (payload: string, type = 'application/json') =>
      t.app.inject({
        method: 'POST',
        url: '/api/v1/echo',
        headers: { ...bearer(key), 'content-type': type },
        payload,
      });
    const cases: [ReturnType<typeof send>, keyof typeof API_ERRORS][] = [
      [send('{'), 'bad_json'],
      [send(''), 'bad_json'],
      [send('{"__proto__":{"admin":true},"name":"x"}'), 'bad_json'],
      [send('{"constructor":{"prototype":{}},"name":"x"}'), 'bad_json'],
      [send('name=x', 'application/x-www-form-urlencoded'), 'unsupported_media'],
      [send('{"name":"x"}', 'text/plain'), 'unsupported_media'],
      [send('null'), 'invalid'],
      [send('{"name":"long"}'), 'invalid'],
      [send(`{"name":"${'x'.repeat(300_000)}"}`), 'too_large'],
      [t.app.inject({ url: '/api/v1/nothing' }), 'not_found'],
      [t.app.inject({ method: 'DELETE', url: '/elsewhere' }), 'not_found'],
      [t.app.inject({ url: '/api/v1/%E0%A4' }), 'bad_request'],
      [t.app.inject({ url: '/api/v1/broken' }), 'internal'],
      [t.app.inject({ url: '/api/v1/mute' }), 'internal'],
      [t.app.inject({ url: '/api/v1/teapot' }), 'query_limit'],
    ];
    for (const [pending, code] of cases) {
      const response = await pending;
      const { error } = response.json() as { error: Record<string, unknown> };
      expect({ code: error['code'], status: response.statusCode }).toEqual({ code, status: API_ERRORS[code].status });
      expect(error['requestId']).toMatch(/^[0-9a-f-]{36}$/);
      expect(Object.keys(error).filter((name) => !['code', 'message', 'details', 'requestId'].includes(name))).toEqual(
        [],
      );
      expect(response.headers['content-type']).toMatch(/^application\/json/);
      expect(response.body).not.toMatch(/secret path|\.ts|node_modules| at /);
    }
  });

  it('of a value say which and why', async () => {
    t = await createTestApp({ routes: [samples] });
    const { key } = await t.addKey('write');
    const options = { method: 'POST', url: '/api/v1/echo', headers: bearer(key), payload: { name: 'long' } } as const;
    const { message, details } = errorOf(await t.app.inject(options)) as unknown as Record<string, unknown>;
    expect(message).toContain('name: ');
    expect(details).toEqual([{ path: 'name', message: expect.stringContaining('3') }]);
  });

  it('from inside are in the log under the id of the answer', async () => {
    t = await createTestApp({ routes: [samples] });
    const response = await t.app.inject({ url: '/api/v1/broken', headers: { 'request-id': 'forged' } });
    const id = response.headers['x-request-id'];
    expect(errorOf(response)).toEqual({ code: 'internal', message: API_ERRORS.internal.message, requestId: id });
    const line = t.log.find((entry) => entry.includes(String(id)));
    expect(line).toContain('secret path');
  });

  it('that ask to wait say how long', async () => {
    t = await createTestApp({ routes: [samples] });
    const response = await t.app.inject('/api/v1/teapot');
    expect(response.headers['retry-after']).toBe('1');
    expect(errorOf(response)).toMatchObject({ message: 'Too much.', details: { seconds: 9 } });
  });
});

/** A user of every role and a key of every scope. */
async function everyCaller() {
  const callers: { name: string; headers: { authorization: string } }[] = [];
  for (const role of ROLES) {
    const token = await t.tokenOf((await t.addUser(role, role)).id);
    callers.push({ name: role, headers: bearer(token) });
  }
  for (const scope of SCOPES) callers.push({ name: `key ${scope}`, headers: bearer((await t.addKey(scope)).key) });
  return callers;
}

describe('access', () => {
  it('is declared by every route, or the app does not start', async () => {
    const undeclared: RouteModule = () => async (app) => {
      app.get('/forgotten', async () => 'ok');
    };
    t = await createTestApp({ routes: [undeclared] });
    await expect(t.app.ready()).rejects.toThrow(/GET \/api\/v1\/forgotten/);
  });

  it('of every route is what it declares, for every role and scope', async () => {
    t = await createTestApp({ routes: [samples], config: { rateLimits: UNLIMITED } });
    await t.app.ready();
    const callers = await everyCaller();
    const guarded = t.app.routeList.filter(({ method, config }) => config!.access !== 'public' && method !== 'HEAD');
    expect(guarded.length).toBeGreaterThan(10);
    for (const { method, url, config } of guarded) {
      // Bodies of the wrong type and ids of nobody: who is let in gets another error than 401 or 403.
      const target = { method: method as 'POST', url: url.replaceAll(/:\w+/g, 'nobody'), payload: Buffer.from('x') };
      const anonymous = await t.app.inject(target);
      expect([url, anonymous.statusCode]).toEqual([url, 401]);
      for (const { name, headers } of callers) {
        // Ending one's session would lock the caller out of the routes that follow.
        if (url.endsWith('/logout') && !name.startsWith('key')) continue;
        const principal = await t.access.authenticate(headers, {});
        if (typeof principal === 'string') throw new Error(principal);
        const response = await t.app.inject({ ...target, headers: { ...headers, 'content-type': 'text/x' } });
        const { message, reason } = response.statusCode === 403 ? response.json().error : {};
        const refused = (message ?? reason) === API_ERRORS.forbidden.message;
        expect([url, name, refused]).toEqual([url, name, !allows(config!.access!, principal)]);
        expect(response.statusCode).not.toBe(401);
      }
    }
  });

  it('of each route is for whom it should be', async () => {
    const table = [
      ['GET', '/api/v1/users', ['admin'], ['admin']],
      ['POST', '/api/v1/users', ['admin'], ['admin']],
      ['PATCH', '/api/v1/users/:id', ['admin'], ['admin']],
      ['DELETE', '/api/v1/users/:id', ['admin'], ['admin']],
      ['GET', '/api/v1/keys', ['admin'], ['admin']],
      ['POST', '/api/v1/keys', ['admin'], ['admin']],
      ['POST', '/api/v1/keys/:id/rotate', ['admin'], ['admin']],
      ['DELETE', '/api/v1/keys/:id', ['admin'], ['admin']],
      ['GET', '/api/v1/auth/me', ['viewer', 'analyst', 'engineer', 'admin'], ['read']],
      ['GET', '/metrics', ['viewer', 'analyst', 'engineer', 'admin'], ['read']],
      ['POST', '/api/v1/ingest', ['engineer', 'admin'], ['ingest']],
      ['POST', '/api/v1/echo', ['analyst', 'engineer', 'admin'], ['write']],
      ['GET', '/api/v1/engineers', ['engineer', 'admin'], ['read']],
    ] as const;
    t = await createTestApp({ routes: [samples], config: { rateLimits: UNLIMITED } });
    const callers = await everyCaller();
    for (const [method, url, roles, scopes] of table)
      for (const { name, headers } of callers) {
        const target = { method, url: url.replace(':id', 'nobody'), headers: { ...headers, 'content-type': 'text/x' } };
        const response = await t.app.inject({ ...target, ...(method !== 'GET' && { payload: 'x' }) });
        const refused = response.statusCode === 403 && errorOf(response).message === API_ERRORS.forbidden.message;
        const wanted = [...roles, ...scopes.map((scope) => `key ${scope}`)].includes(name);
        expect([method, url, name, !refused]).toEqual([method, url, name, wanted]);
      }
  });

  it('is refused before the body is read', async () => {
    t = await createTestApp({ routes: [samples] });
    await t.app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = t.app.server.address() as AddressInfo;
    const status = await new Promise<{ status: number; connection: string | undefined }>((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': '1000000000' };
      const request = httpRequest({ port, method: 'POST', path: '/api/v1/echo', headers }, (response) => {
        resolve({ status: response.statusCode!, connection: response.headers.connection });
        request.destroy();
      });
      request.on('error', reject);
      // The rest of the gigabyte never comes.
      request.write('{');
    });
    expect(status).toEqual({ status: 401, connection: 'close' });
  });

  it('by a wrong key is not saved by a valid cookie', async () => {
    t = await createTestApp();
    const { cookie } = await t.access.sessions.open((await t.addUser('ann', 'viewer')).id);
    const cookies = { vedette_session: cookie };
    expect((await t.app.inject({ url: '/api/v1/auth/me', cookies })).statusCode).toBe(200);
    const wrong = await t.app.inject({ url: '/api/v1/auth/me', cookies, headers: bearer('vdt_x') });
    expect(wrong.statusCode).toBe(401);
    expect(wrong.headers['www-authenticate']).toBe('Bearer');
  });

  it('by key works however a shipper sends it', async () => {
    t = await createTestApp({ routes: [samples] });
    const { key } = await t.addKey('ingest');
    const basic = Buffer.from(`any:${key}`).toString('base64');
    for (const authorization of [
      `Bearer ${key}`,
      `ApiKey ${key}`,
      `ApiKey ${basic}`,
      `Basic ${basic}`,
      `Splunk ${key}`,
    ]) {
      const response = await t.app.inject({ method: 'POST', url: '/api/v1/ingest', headers: { authorization } });
      expect([authorization.split(' ')[0], response.statusCode]).toEqual([authorization.split(' ')[0], 200]);
    }
  });
});

describe('CSRF', () => {
  it.each([
    [{ [CONSOLE_HEADER]: '1', 'sec-fetch-site': 'same-origin' }, 200],
    [{ [CONSOLE_HEADER]: '1', origin: 'http://siem.test:8431', host: 'siem.test:8431' }, 200],
    [{ 'sec-fetch-site': 'same-origin' }, 403],
    [{ [CONSOLE_HEADER]: '1' }, 403],
    [{ [CONSOLE_HEADER]: '1', 'sec-fetch-site': 'cross-site', origin: 'http://siem.test', host: 'siem.test' }, 403],
    [{ [CONSOLE_HEADER]: '1', 'sec-fetch-site': 'same-site' }, 403],
    [{ [CONSOLE_HEADER]: '1', origin: 'http://evil.test', host: 'siem.test' }, 403],
    [{ [CONSOLE_HEADER]: '1', origin: 'null', host: 'siem.test' }, 403],
  ])('a change by cookie with %j is %i', async (headers, status) => {
    t = await createTestApp({ routes: [samples] });
    const user = await t.addUser('ann', 'analyst');
    const { cookie, accessToken } = await t.access.sessions.open(user.id);
    const post = { method: 'POST', url: '/api/v1/echo', payload: { name: 'x' } } as const;
    const response = await t.app.inject({ ...post, headers, cookies: { vedette_session: cookie } });
    expect(response.statusCode).toBe(status);
    if (status === 403) expect(errorOf(response).code).toBe('csrf');
    expect((await t.app.inject({ ...post, headers: bearer(accessToken) })).statusCode).toBe(200);
  });
});

describe('rate limits', () => {
  const limits = { perMinute: 4, authPerMinute: 10, keyPerMinute: 6 };
  const many = async (count: number, call: () => Promise<{ statusCode: number }>) => {
    const codes = [];
    for (let i = 0; i < count; i++) codes.push((await call()).statusCode);
    return codes;
  };

  it('stop the 11th sign-in of a minute, whatever the password', async () => {
    t = await createTestApp();
    await t.addUser('ann', 'viewer');
    const login = (password: string) =>
      t.app.inject({ method: 'POST', url: '/api/v1/auth/login', payload: { username: 'ann', password } });
    expect(await many(10, () => login('wrong'))).toEqual(Array(10).fill(401));
    const response = await login(PASSWORD);
    expect(response.statusCode).toBe(429);
    expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
    expect(errorOf(response).code).toBe('rate_limited');
    const elsewhere = { method: 'POST', url: '/api/v1/auth/login', payload: { username: 'ann', password: PASSWORD } };
    expect((await t.app.inject({ ...elsewhere, method: 'POST', remoteAddress: '10.9.9.9' })).statusCode).toBe(200);
  });

  it('count users, keys and addresses apart, and ingest not at all', async () => {
    t = await createTestApp({ routes: [samples], config: { rateLimits: limits } });
    const [ann, bob] = [await t.addUser('ann', 'viewer'), await t.addUser('bob', 'viewer')];
    const me = (token: string) => () => t.app.inject({ url: '/api/v1/auth/me', headers: bearer(token) });
    const { key } = await t.addKey('read', 'ingest');
    const ingest = () => t.app.inject({ method: 'POST', url: '/api/v1/ingest', headers: bearer(key) });
    expect(await many(5, me(await t.tokenOf(ann.id)))).toEqual([200, 200, 200, 200, 429]);
    expect(await many(1, me(await t.tokenOf(ann.id)))).toEqual([429]);
    expect(await many(1, me(await t.tokenOf(bob.id)))).toEqual([200]);
    expect(await many(20, ingest)).toEqual(Array(20).fill(200));
    expect(await many(7, me(key))).toEqual([...Array(6).fill(403), 429]);
    expect(await many(1, ingest)).toEqual([200]);
    expect(await many(6, me('vdt_wrong'))).toEqual([401, 401, 401, 401, 429, 429]);
    expect(await many(20, () => t.app.inject('/api/v1/health'))).toEqual(Array(20).fill(200));
  });

  it('believe the proxy, and nobody before it', async () => {
    const call = (forwarded: string) =>
      t.app.inject({ url: '/api/v1/setup', headers: { 'x-forwarded-for': forwarded } }).then((r) => r.statusCode);
    t = await createTestApp({ config: { rateLimits: limits, behindProxy: true } });
    for (let i = 0; i < 4; i++) expect(await call(`1.1.1.${i}, 9.9.9.9`)).toBe(200);
    expect(await call('1.1.1.5, 9.9.9.9')).toBe(429);
    expect(await call('9.9.9.9, 8.8.8.8')).toBe(200);
    await t.close();
    t = await createTestApp({ config: { rateLimits: limits } });
    for (let i = 0; i < 4; i++) expect(await call(`1.1.1.${i}`)).toBe(200);
    expect(await call('1.1.1.5')).toBe(429);
  });
});

describe('headers', () => {
  it('allow scripts of our own alone', async () => {
    t = await createTestApp();
    const { headers } = await t.app.inject('/api/v1/health');
    const csp = String(headers['content-security-policy']);
    expect(csp).toContain("script-src 'self';");
    expect(csp).toContain("frame-ancestors 'none'");
    expect(csp).not.toContain('upgrade-insecure-requests');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    });
    expect(headers).not.toHaveProperty('strict-transport-security');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });
});

describe('TLS', () => {
  it('is served with the given certificate, asks to stay, and makes the cookie Secure', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vedette-https-'));
    const { ca, key, cert } = await ensureTls({ directory: folder, now: Date.now });
    rmSync(folder, { recursive: true });
    t = await createTestApp({ http: { https: { key, cert } } });
    await t.addUser('ann', 'viewer');
    await t.app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = t.app.server.address() as AddressInfo;
    const headers = await new Promise<IncomingHttpHeaders>((resolve, reject) => {
      const options = { port, ca, method: 'POST', path: '/api/v1/auth/login' };
      const request = httpsRequest({ ...options, headers: { 'content-type': 'application/json' } }, (response) => {
        response.resume().on('end', () => resolve(response.headers));
      });
      request.on('error', reject);
      request.end(JSON.stringify({ username: 'ann', password: PASSWORD }));
    });
    expect(headers['strict-transport-security']).toContain('max-age=31536000');
    expect(headers['set-cookie']![0]).toContain('; Secure');
  });
});

describe('OpenAPI', () => {
  it('describes every route of the API', async () => {
    t = await createTestApp({ routes: [samples] });
    const document = (await t.app.inject('/api/docs/json')).json() as {
      openapi: string;
      paths: Record<string, Record<string, { security: unknown[]; responses: object; description?: string }>>;
    };
    expect(document.openapi).toBe('3.1.0');
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const expected = t.app.routeList
      .filter(({ url, method }) => url.startsWith('/api/v1/') && method !== 'HEAD')
      .map(({ url, method }) => `${String(method)} ${url.replaceAll(/:(\w+)/g, '{$1}')}`);
    expect(described.sort()).toEqual([...new Set(expected)].sort());
    expect(described).toContain('POST /api/v1/keys/{id}/rotate');
    expect(document.paths['/api/v1/users']!['post']).toMatchObject({
      security: [{ bearer: [] }, { session: [] }],
      description: expect.stringContaining('`admin`'),
      requestBody: { content: { 'application/json': { schema: { required: ['username', 'password', 'role'] } } } },
      responses: { 201: {}, '4XX': {} },
    });
    expect(document.paths['/api/v1/health']!['get']!.security).toEqual([]);
  });

  it('has a page that needs no other host and no inline script', async () => {
    t = await createTestApp();
    const page = await t.app.inject('/api/docs/');
    expect(page.statusCode).toBe(200);
    expect(page.body).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>/);
    for (const [, url] of page.body.matchAll(/(?:src|href)="([^"]+)"/g)) {
      expect(url).not.toMatch(/^(?:https?:)?\/\//);
      expect((await t.app.inject(new URL(url!, 'http://x/api/docs/').pathname)).statusCode).toBe(200);
    }
    const script = await t.app.inject('/api/docs/static/swagger-initializer.js');
    expect(script.body).toContain('X-Vedette-Console');
    expect(() => new Function(script.body)).not.toThrow();
  });
});

describe('console files', () => {
  const build = () => {
    const dist = join(t.folder, 'dist');
    mkdirSync(join(dist, 'assets'), { recursive: true });
    writeFileSync(join(dist, 'index.html'), '<title>console</title>');
    writeFileSync(join(dist, 'favicon.svg'), '<svg/>');
    writeFileSync(join(dist, 'assets', 'main-abc.js'), 'one()');
    writeFileSync(join(dist, 'assets', 'main-abc.js.gz'), gzipSync('one()'));
    writeFileSync(join(dist, '.env'), 'SECRET=1');
    writeFileSync(join(t.folder, 'outside.txt'), 'SECRET=2');
  };

  it('say how to build them', async () => {
    t = await createTestApp();
    const page = await t.app.inject('/');
    expect(page.statusCode).toBe(503);
    expect(page.body).toContain('npm run build -w web');
  });

  it('are pages for paths, files for files, and errors for the API', async () => {
    t = await createTestApp();
    build();
    for (const path of ['/', '/alerts', '/setup?x=1', '/hunt/a.b/c', '/servicesome']) {
      const page = await t.app.inject(path);
      expect([path, page.statusCode, page.body]).toEqual([path, 200, '<title>console</title>']);
      expect(page.headers['cache-control']).toBe('no-cache');
    }
    const asset = await t.app.inject('/assets/main-abc.js');
    expect(asset.body).toBe('one()');
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const packed = await t.app.inject({ url: '/assets/main-abc.js', headers: { 'accept-encoding': 'gzip, br' } });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(packed.headers['content-type']).toMatch(/javascript/);
    expect(packed.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect((await t.app.inject('/favicon.svg')).headers['cache-control']).toBe('no-cache');
    expect((await t.app.inject({ method: 'HEAD', url: '/' })).statusCode).toBe(200);
    const accept = 'text/html,application/xhtml+xml';
    expect((await t.app.inject({ url: '/pivot/10.0.0.5', headers: { accept } })).statusCode).toBe(200);
    for (const path of [
      '/assets',
      '/gone.png',
      '/assets/gone.js',
      '/api/v1/gone',
      '/api',
      '/_bulk/x',
      '/services/collector/x',
    ])
      expect([path, (await t.app.inject(path)).statusCode]).toEqual([path, 404]);
  });

  it.each(['/.env', '/../outside.txt', '/%2e%2e/outside.txt', '/assets/..%2f..%2foutside.txt', '/..%5coutside.txt'])(
    'do not give away %s',
    async (path) => {
      t = await createTestApp();
      build();
      expect((await t.app.inject(path)).body).not.toContain('SECRET');
    },
  );
});

describe('the server', () => {
  it('answers bytes that are no HTTP, and closes in time with a stream open', async () => {
    const endless: RouteModule = () => async (app) => {
      app.get('/endless', { config: { access: 'public' } }, (_request, reply) => {
        reply.hijack();
        reply.raw.writeHead(200);
        reply.raw.write('x');
      });
    };
    t = await createTestApp({ routes: [endless] });
    await t.app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = t.app.server.address() as AddressInfo;
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write('\0\0 nonsense\r\n\r\n'));
      socket.once('data', (data) => resolve(data.toString()));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(JSON.parse(answer.slice(answer.indexOf('{')))).toMatchObject({ error: { code: 'bad_request' } });
    const stream = httpRequest({ port, path: '/api/v1/endless' });
    const cut = new Promise((resolve) =>
      stream.on('response', (r) => r.on('error', resolve).on('close', resolve).resume()),
    );
    stream.end();
    await new Promise((resolve) => stream.once('response', resolve));
    await t.app.close();
    await cut;
  });
});
