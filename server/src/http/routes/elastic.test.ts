import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Client } from '@elastic/elasticsearch';
import { afterEach, describe, expect, it } from 'vitest';
import { createServiceApp } from '../testing-services.ts';

let t: Awaited<ReturnType<typeof createServiceApp>>;
afterEach(() => t.close());

async function listening(options: Parameters<typeof createServiceApp>[0] = {}) {
  t = await createServiceApp(options);
  await t.app.listen({ host: '127.0.0.1', port: 0 });
  const { key } = await t.addKey('ingest');
  const node = `http://127.0.0.1:${(t.app.server.address() as AddressInfo).port}`;
  return { node, key };
}
const stored = async () =>
  (await t.records()).flatMap(({ payload }) =>
    payload
      .toString()
      .split('\n')
      .filter((line) => line !== ''),
  );

describe('the official client', () => {
  it.each(['apiKey', 'bearer', 'basic'] as const)('ships with its bulk helper and %s', async (kind) => {
    const { node, key } = await listening();
    const auth = { apiKey: { apiKey: key }, bearer: { bearer: key }, basic: { username: 'x', password: key } }[kind];
    const client = new Client({ node, auth, compression: kind === 'apiKey' });
    expect(await client.info()).toMatchObject({ version: { number: expect.stringMatching(/^9\./) as string } });
    const dropped: unknown[] = [];
    const result = await client.helpers.bulk({
      datasource: Array.from({ length: 3000 }, (_, n) => ({ '@timestamp': '2026-02-06T12:00:00Z', n })),
      onDocument: (document) => ({ create: { _index: 'logs-web', _id: String(document.n) } }),
      onDrop: (document) => dropped.push(document),
      flushBytes: 20_000,
    });
    expect(result).toMatchObject({ total: 3000, successful: 3000, failed: 0 });
    expect(dropped).toEqual([]);
    expect((await stored()).map((line) => (JSON.parse(line) as { n: number }).n).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 3000 }, (_, n) => n),
    );
    expect((await t.records()).every(({ meta }) => meta.source === 'logs-web' && meta.input === 'elastic-bulk')).toBe(
      true,
    );
    await client.close();
  });

  it('learns what became of each item', async () => {
    const { node, key } = await listening();
    const client = new Client({ node, auth: { apiKey: key } });
    const answer = await client.bulk({
      index: 'logs',
      operations: [
        { create: { _id: 'a' } },
        { n: 1 },
        { create: { _id: 'a' } },
        { n: 1 },
        { index: { _id: 'a' } },
        { n: 1 },
        { index: {} },
        { n: 2 },
        { delete: { _id: 'a' } },
      ],
    });
    expect(answer.errors).toBe(true);
    const items = answer.items.map((item) => Object.entries(item)[0]!);
    expect(items.map(([action, { status }]) => [action, status])).toEqual([
      ['create', 201],
      ['create', 409],
      ['index', 200],
      ['index', 201],
      ['delete', 400],
    ]);
    expect(items[1]![1].error!.type).toBe('version_conflict_engine_exception');
    const record = (await t.records()).find(({ meta }) => meta.framing === 'lines');
    expect(items[3]![1]._id).toBe(String(record!.position + '{"n":1}\n'.length));
    await client.close();
  });

  it('is told when its key is wrong', async () => {
    const { node } = await listening();
    const client = new Client({ node, auth: { apiKey: 'nonsense' } });
    await expect(client.bulk({ index: 'a', operations: [{ index: {} }, {}] })).rejects.toMatchObject({
      statusCode: 401,
    });
    await expect(client.info()).rejects.toMatchObject({ statusCode: 401 });
    await client.close();
  });

  it('loses nothing when the journal is full for a while', async () => {
    const { node, key } = await listening({ journalBytes: 100_000 });
    const client = new Client({ node, auth: { apiKey: key } });
    const seen: string[] = [];
    const emptying = setInterval(async () => {
      const records = await t.records();
      if (records.length === 0) return;
      seen.push(...records.flatMap(({ meta }) => meta.clientIds!));
      await t.journal.release(records.at(-1)!.next);
    }, 100);
    const result = await client.helpers.bulk({
      datasource: Array.from({ length: 1000 }, (_, n) => ({ n, text: 'x'.repeat(400) })),
      onDocument: (document) => ({ create: { _index: 'logs', _id: String(document.n) } }),
      flushBytes: 20_000,
    });
    expect(result).toMatchObject({ successful: 1000, failed: 0 });
    clearInterval(emptying);
    await new Promise((resolve) => setTimeout(resolve, 150));
    seen.push(...(await t.records()).flatMap(({ meta }) => meta.clientIds!));
    expect(new Set(seen).size).toBe(1000);
    await client.close();
  });
});

describe('what shippers ask', () => {
  const ask = async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
    const { key } = await t.addKey('ingest');
    return t.app.inject({
      method: method as 'GET',
      url: path,
      headers: { authorization: `ApiKey ${key}`, ...headers },
    });
  };

  it.each([
    '/_license',
    '/_xpack',
    '/_cluster/health',
    '/_nodes/http',
    '/_cat/health',
    '/_ilm/policy/filebeat',
    '/_index_template/filebeat',
    '/_template/filebeat',
    '/_data_stream/logs',
    '/_ingest/pipeline/p',
    '/_ilm/policy/__proto__',
  ])('%s', async (path) => {
    t = await createServiceApp();
    for (const method of ['GET', 'HEAD']) {
      const response = await ask(path, {}, method);
      expect([method, response.statusCode]).toEqual([method, 200]);
      expect(response.headers['x-elastic-product']).toBe('Elasticsearch');
    }
  });

  it('accepts templates, policies and pipelines', async () => {
    t = await createServiceApp();
    for (const path of [
      '/_ilm/policy/p',
      '/_index_template/p',
      '/_template/p',
      '/_data_stream/p',
      '/_ingest/pipeline/p',
    ])
      expect((await ask(path, {}, 'PUT')).json()).toEqual({ acknowledged: true });
  });

  it.each([
    [{ 'user-agent': 'Elastic-filebeat/8.15.3 (linux; amd64)' }, '8.15.3'],
    [{ 'user-agent': 'Elastic-Logstash/7.17.1' }, '7.17.1'],
    [{ 'x-elastic-client-meta': 'es=9.5.1,js=24.1.0,t=9.0.0' }, '9.5.1'],
    [{ accept: 'application/vnd.elasticsearch+json; compatible-with=9' }, '9.0.0'],
    [{ accept: 'application/json' }, '8.17.0'],
  ])('greets %j with its own version', async (headers, version) => {
    t = await createServiceApp();
    const response = await ask('/', headers);
    expect(response.json()).toMatchObject({ version: { number: version }, tagline: 'You Know, for Search' });
    expect((await ask('/', headers, 'HEAD')).headers['x-elastic-product']).toBe('Elasticsearch');
  });

  it('shows the console at the same place to browsers', async () => {
    t = await createServiceApp();
    for (const headers of [{ accept: 'text/html,application/xhtml+xml' }, {}]) {
      const response = await t.app.inject({ url: '/', headers });
      expect(response.headers['content-type']).toMatch(/text\/html/);
      expect(response.headers['x-elastic-product']).toBeUndefined();
    }
    expect((await t.app.inject({ url: '/', headers: { accept: 'application/json' } })).statusCode).toBe(401);
  });

  it('answers in the media type and the error shape that it is asked in', async () => {
    t = await createServiceApp();
    const { key } = await t.addKey('ingest');
    const type = 'application/vnd.elasticsearch+x-ndjson; compatible-with=8';
    const send = (payload: Buffer | string, url = '/_bulk', headers = {}) =>
      t.app.inject({
        method: 'POST',
        url,
        payload,
        headers: { authorization: `ApiKey ${key}`, 'content-type': type, ...headers },
      });
    const good = await send(gzipSync('{"index":{}}\n{"a":1}\n'), '/logs/_bulk', { 'content-encoding': 'gzip' });
    expect(good.headers['content-type']).toBe('application/vnd.elasticsearch+json;compatible-with=8');
    expect(good.json()).toMatchObject({
      errors: false,
      items: [{ index: { _index: 'logs', status: 201, result: 'created' } }],
    });
    const bad = await send('{"index":{}}\n{"a":1}\n');
    expect(bad.statusCode).toBe(400);
    expect(bad.json()).toMatchObject({
      status: 400,
      error: { type: 'illegal_argument_exception', reason: expect.stringContaining('index is missing') as string },
    });
    expect((await send('{"index":{}}\n{"a":1}', '/logs/_bulk?source=web1')).statusCode).toBe(200);
    expect((await t.records()).map(({ meta }) => meta.source)).toEqual(['logs', 'web1']);
  });
});
