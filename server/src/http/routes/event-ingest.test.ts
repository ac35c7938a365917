import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { Scope } from '@vedette/contracts';
import { createServiceApp, sampleSignal } from '../testing-services.ts';

let t: Awaited<ReturnType<typeof createServiceApp>>;
afterEach(() => t.close());

async function sender(...scopes: Scope[]) {
  const { key } = await t.addKey(...(scopes.length > 0 ? scopes : (['ingest'] as const)));
  return (payload: string | Buffer, headers: Record<string, string> = {}, query = '') =>
    t.app.inject({
      method: 'POST',
      url: `/api/v1/events${query}`,
      payload,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    });
}

describe('POST /events', () => {
  it('answers per item when all is durable', async () => {
    t = await createServiceApp();
    const send = await sender();
    const lines = Array.from({ length: 500 }, (_, i) => (i === 123 ? '{"n":' : `{"n":${i}}`));
    const response = await send(
      lines.join('\n'),
      { 'content-type': 'application/x-ndjson' },
      '?source=web1&format=json',
    );
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({
      accepted: 499,
      duplicates: 0,
      rejected: [{ index: 123, code: 'bad_json', message: expect.stringMatching(/JSON/) as string }],
    });
    const records = await t.records();
    expect(records.map(({ meta }) => [meta.framing, meta.source, meta.format, meta.input, meta.lane]).sort()).toEqual([
      ['lines', 'web1', 'json', 'http', 'live'],
      ['rejected', 'web1', 'json', 'http', 'live'],
    ]);
  });

  it('refuses a format that no parser has, and names those there are', async () => {
    t = await createServiceApp();
    const answer = await (await sender())('{"message":"x"}', {}, '?format=nonsense');
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({
      error: { code: 'invalid', message: expect.stringContaining('syslog') as string },
    });
  });

  it('names the source by the key when the sender does not', async () => {
    t = await createServiceApp();
    const send = await sender();
    await send('{"a":1}');
    expect((await t.records())[0]!.meta).toMatchObject({ source: 'ingest', peer: '127.0.0.1', format: '' });
  });

  it('knows repeated events by id, and repeated requests by key', async () => {
    t = await createServiceApp();
    const send = await sender();
    const batch = '[{"_id":"a","n":1},{"_id":"b","n":2}]';
    expect((await send(batch)).json()).toMatchObject({ accepted: 2, duplicates: 0 });
    expect((await send(batch)).json()).toMatchObject({ accepted: 0, duplicates: 2 });
    const key = { 'idempotency-key': 'r-1' };
    expect((await send('{"n":3}\n{"n":4}', key)).json()).toMatchObject({ accepted: 2, duplicates: 0 });
    expect((await send('{"n":3}\n{"n":4}', key)).json()).toMatchObject({ accepted: 0, duplicates: 2 });
    const other = await sender();
    expect((await other('{"n":3}', key)).json()).toMatchObject({ accepted: 1 });
    expect((await send('{"n":3}', { 'idempotency-key': 'x'.repeat(300) })).statusCode).toBe(422);
  });

  it('waits for the alerts of an envelope', async () => {
    const pipeline = {
      settled: async (position: number, timeoutMs: number) => {
        const [record] = await t.records();
        expect([position, timeoutMs]).toEqual([record!.position + record!.payload.length, 2000]);
        const before = sampleSignal({ foldKey: 'b', eventIds: [record!.position - 1] });
        t.alerts.apply({ start: 0, end: position }, [sampleSignal({ eventIds: [record!.position] }), before]);
      },
      state: () => {
        throw new Error('not asked');
      },
      sources: () => [],
    };
    t = await createServiceApp({ services: { pipeline } });
    const send = await sender();
    const body = '{"source":"auth","events":[{"_id":"1","user":"root","ip":"203.0.113.7","event":"login"}]}';
    expect((await send(body)).json()).toEqual({ accepted: 1, duplicates: 0, rejected: [], newAlerts: 1 });
    expect((await send(body)).json()).toEqual({ accepted: 0, duplicates: 1, rejected: [], newAlerts: 0 });
    const [record] = await t.records();
    expect(record!.meta.source).toBe('auth');
    expect(record!.payload.toString()).toContain('"source_type":"auth"');
  });

  it.each([
    ['nothing', '', {}, 400, 'bad_request'],
    ['truncated gzip', gzipSync('{"a":1}').subarray(0, 12), { 'content-encoding': 'gzip' }, 400, 'bad_encoding'],
    ['a zip bomb', gzipSync(Buffer.alloc(65 << 20)), { 'content-encoding': 'gzip' }, 413, 'too_large'],
    ['an unknown encoding', '{}', { 'content-encoding': 'br' }, 415, 'unsupported_media'],
    ['an open array', '[{"a":1}', {}, 400, 'bad_json'],
    ['a deep array', '['.repeat(1_000_000), {}, 400, 'bad_json'],
    ['a body beyond the limit', Buffer.alloc((32 << 20) + 1, 0x20), {}, 413, 'too_large'],
  ] as const)('refuses %s, and lives on', async (_name, payload, headers, status, code) => {
    t = await createServiceApp();
    const send = await sender();
    const response = await send(payload as string, headers);
    expect(response.statusCode).toBe(status);
    expect(response.json()).toMatchObject({ error: { code, message: expect.any(String) as string } });
    expect((await send('{"a":1}')).json()).toMatchObject({ accepted: 1 });
    expect(await t.records()).toHaveLength(1);
  });

  it('takes hostile JSON as data', async () => {
    t = await createServiceApp();
    const send = await sender();
    const body = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
    expect((await send(body)).json()).toMatchObject({ accepted: 1 });
    expect((await t.records())[0]!.payload.toString()).toBe(`${body}\n`);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    const nested = await send(`{"a":${'['.repeat(100)}${']'.repeat(100)}}`);
    expect(nested.json()).toMatchObject({ accepted: 0, rejected: [{ index: 0, code: 'too_deep' }] });
  });

  it('answers 429 with Retry-After when the journal is full, and what was refused can be sent again', async () => {
    t = await createServiceApp({ journalBytes: 100_000 });
    const send = await sender();
    const body = (from: number) =>
      Array.from({ length: 50 }, (_, i) => `{"_id":"${from + i}","text":"${'x'.repeat(500)}"}`).join('\n');
    let sent = 0;
    let response = await send(body(0));
    while (response.statusCode === 200) response = await send(body((sent += 50)));
    expect(response.statusCode).toBe(429);
    expect(response.headers['retry-after']).toBeDefined();
    expect(response.json()).toMatchObject({ error: { code: 'journal_full' } });
    const records = await t.records();
    expect(records.reduce((sum, { meta }) => sum + meta.clientIds!.length, 0)).toBe(sent);
    await t.journal.release(records.at(-1)!.next);
    expect((await send(body(sent))).json()).toMatchObject({ accepted: 50, duplicates: 0 });
  });

  it('keeps lanes to those whose scope allows them', async () => {
    t = await createServiceApp();
    expect((await (await sender('read'))('{"a":1}')).statusCode).toBe(403);
    const send = await sender('ingest');
    expect((await send('{"a":1}', {}, '?lane=history')).statusCode).toBe(200);
    expect((await send('{"a":1}', {}, '?lane=exercise')).statusCode).toBe(403);
    expect((await (await sender('ingest', 'simulate'))('{"a":1}', {}, '?lane=exercise')).statusCode).toBe(200);
    expect((await send('{"a":1}', {}, '?lane=other')).statusCode).toBe(422);
    expect((await t.records()).map(({ meta }) => meta.lane)).toEqual(['history', 'exercise']);
  });

  it('asks who it is before it reads the body', async () => {
    t = await createServiceApp();
    const response = await t.app.inject({ method: 'POST', url: '/api/v1/events', payload: Buffer.alloc(40 << 20) });
    expect(response.statusCode).toBe(401);
  });
});
