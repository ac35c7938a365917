/** Malformed input of every kind: a clear error or quarantine, and the server stays up within its memory. */
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, removeDirectory, startProduct, type Product } from './product.ts';

let product: Product;
let key: string;
/** Resident memory that `vedette up` may take under attack. */
const MEMORY_BOUND_MB = 1200;

beforeAll(async () => {
  product = await startProduct();
  key = await product.key('ingest,read');
});

afterAll(async () => {
  expect(await product.stop()).toBe(0);
  await removeDirectory(product.directory);
});

async function healthy(): Promise<void> {
  await eventually(async () => (await fetch(`${product.url}/api/v1/health`)).status === 200);
  const status = readFileSync(`/proc/${product.pid}/status`, 'utf8');
  expect(Number(/^VmHWM:\s+(\d+)/m.exec(status)![1]) / 1024).toBeLessThan(MEMORY_BOUND_MB);
}

async function post(body: Buffer | string, headers: Record<string, string> = {}, source = 'hostile') {
  const response = await fetch(`${product.url}/api/v1/events?source=${source}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  const answer = (await response.json()) as {
    error?: { code: string };
    accepted?: number;
    rejected?: { code: string }[];
  };
  return { status: response.status, ...answer };
}

test('truncated gzip is a bad encoding', async () => {
  const zipped = gzipSync('{"a":1}'.repeat(1000));
  const answer = await post(zipped.subarray(0, zipped.length - 20), { 'content-encoding': 'gzip' });
  expect(answer).toMatchObject({ status: 400, error: { code: 'bad_encoding' } });
});

test('a zip bomb stops at the size limit', async () => {
  const bomb = gzipSync(Buffer.alloc(512 << 20), { level: 9 });
  const answer = await post(bomb, { 'content-encoding': 'gzip' });
  expect(answer).toMatchObject({ status: 413, error: { code: 'too_large' } });
  await healthy();
});

test('an oversized body is refused', async () => {
  const answer = await post(Buffer.alloc(200 << 20, 0x20)).catch(() => ({ status: 413 }));
  expect(answer.status).toBe(413);
  await healthy();
});

test('deep JSON is refused with a reason', async () => {
  const deep = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  const answer = await post(deep);
  expect(answer.rejected ?? [answer.error]).toEqual([expect.objectContaining({ code: 'too_deep' })]);
});

test('__proto__ and constructor are data', async () => {
  const answer = await post(
    '{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}},"message":"proto"}',
  );
  expect(answer.accepted).toBe(1);
  const found = await eventually(async () => {
    const { items } = await product.get<{ items: object[] }>('/api/v1/events?q=message:proto', key);
    return items.length > 0 && items;
  });
  expect((found[0] as { polluted?: string }).polluted).toBeUndefined();
  await healthy();
});

test('years 1601 and 9999, NUL bytes and invalid UTF-8 are kept, their times not trusted', async () => {
  const lines = [
    '{"message":"odd-time","@timestamp":"1601-01-01T00:00:00Z"}',
    '{"message":"odd-time","@timestamp":"9999-12-31T23:59:59Z"}',
    '{"message":"odd-time \\u0000 nul"}',
  ];
  expect(await post(lines.join('\n'), { 'content-type': 'application/x-ndjson' })).toMatchObject({ accepted: 3 });
  const invalid = Buffer.concat([Buffer.from('odd-time bytes '), Buffer.from([0xff, 0xfe, 0x00, 0x80])]);
  expect(await post(invalid, { 'content-type': 'text/plain' }, 'hostile-text')).toMatchObject({ accepted: 1 });
  const found = await eventually(async () => {
    const { items } = await product.get<{ items: { '@timestamp': string }[] }>('/api/v1/events?q="odd-time"', key);
    return items.length === 4 && items;
  });
  const hour = 3_600_000;
  for (const event of found) expect(Math.abs(Date.parse(event['@timestamp']) - Date.now())).toBeLessThan(hour);
  await healthy();
});

test('an endless TCP frame closes that connection only', async () => {
  const socket = connect(product.syslogPort, '127.0.0.1');
  socket.on('error', () => {});
  const closed = new Promise((done) => socket.once('close', done));
  const chunk = Buffer.alloc(1 << 20, 0x41);
  let sent = 0;
  // A line of at most 1 GB: the server must hang up long before.
  while (!socket.destroyed && sent < 1024) {
    sent++;
    if (!socket.write(chunk)) await Promise.race([new Promise((drained) => socket.once('drain', drained)), closed]);
  }
  await closed;
  expect(sent).toBeLessThan(1024);
  await healthy();
});

test('nonsense on every listener does no harm', async () => {
  const noise = Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919) % 256));
  const udp = createSocket('udp4');
  for (let i = 0; i < 50; i++)
    await new Promise((sent) => udp.send(noise.subarray(i, i + 500), product.syslogPort, '127.0.0.1', sent));
  udp.close();
  for (const port of [product.syslogPort, product.port]) {
    const tcp = connect(port, '127.0.0.1');
    tcp.on('error', () => {});
    tcp.resume();
    tcp.end(noise);
    await new Promise((done) => tcp.once('close', done));
  }
  await healthy();
});

test('a search that is no search says where', async () => {
  const response = await fetch(`${product.url}/api/v1/events?q=${encodeURIComponent('source.ip:(1.2.3.4')}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { code: 'bad_query' } });
});
