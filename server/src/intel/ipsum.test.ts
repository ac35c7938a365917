import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EcsEvent } from '@vedette/contracts';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createIpsumEnricher } from '../enrichers/ipsum.ts';
import { normalise } from '../normalise/normalise.ts';
import { createSourceParsers } from '../parsers/source-parsers.ts';
import { createIntelFeed, type IpsumFeed } from './ipsum.ts';
import { createIpsumTable, parseFeed, type IpsumBuffers, type ParsedFeed } from './table.ts';

let folder = '';
let feeds: IpsumFeed[] = [];
let server: ReturnType<typeof createServer> | null = null;
let updates: IpsumBuffers[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vedette-intel-'));
  updates = [];
});
afterEach(async () => {
  for (const feed of feeds) await feed.stop();
  feeds = [];
  await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  server = null;
  await rm(folder, { recursive: true });
});

async function feedFrom(location: string): Promise<IpsumFeed> {
  const feed = await createIntelFeed({
    location,
    directory: join(folder, 'data'),
    now: () => Date.UTC(2026, 1, 6),
    intervalMs: 3_600_000,
    onUpdate: (buffers) => updates.push(buffers),
  });
  feeds.push(feed);
  return feed;
}

function parsed(text: string): ParsedFeed {
  const steps = parseFeed(text);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/ipsum.txt`;
}

test('a feed is read tolerantly; its errors are counted', () => {
  const text =
    '# comment\r\n\r\n1.2.3.4\t3\r\n 5.6.7.8   2 \n9.9.9.9\n1.2.3.4\t7\nnot-an-ip\t3\n1.1.1.1\tx\n2.2.2.2\t0\n2001:DB8::1\t300\n';
  const { buffers, indicators, errors } = parsed(text);
  const table = createIpsumTable(buffers);
  expect([indicators, errors, table.size]).toEqual([4, 3, 4]);
  const levels = ['1.2.3.4', '5.6.7.8', '9.9.9.9', '2001:db8::1', '2.2.2.2', 'x', ''].map((ip) => table.levelOf(ip));
  expect(levels).toEqual([7, 2, 1, 255, 0, 0, 0]);
  expect(buffers.addresses.buffer).toBeInstanceOf(SharedArrayBuffer);
});

test('the table answers like a map', () => {
  const entry = fc.tuple(fc.ipV4(), fc.integer({ min: 1, max: 40 }));
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 60 }), fc.array(fc.ipV4(), { maxLength: 10 }), (entries, others) => {
      const map = new Map<string, number>();
      for (const [ip, level] of entries) map.set(ip, Math.max(level, map.get(ip) ?? 0));
      const table = createIpsumTable(parsed(entries.map(([ip, level]) => `${ip}\t${level}`).join('\n')).buffers);
      expect(table.size).toBe(map.size);
      for (const ip of [...map.keys(), ...others]) expect(table.levelOf(ip)).toBe(map.get(ip) ?? 0);
    }),
  );
});

test('a changed file gives new levels without a restart, an unchanged one is left alone', async () => {
  const file = join(folder, 'ipsum.txt');
  await writeFile(file, '213.209.159.158\t3\n');
  const feed = await feedFrom(file);
  expect(feed.table().levelOf('213.209.159.158')).toBe(3);
  expect(feed.state()).toEqual({
    name: 'ipsum',
    location: file,
    indicators: 1,
    loadedAt: '2026-02-06T00:00:00.000Z',
    error: null,
  });
  expect(await feed.refresh()).toBe(false);
  await writeFile(file, '213.209.159.158\t11\n10.9.8.7\t1\n');
  await utimes(file, 2_000_000_000, 2_000_000_000);
  expect(await feed.refresh()).toBe(true);
  expect(feed.table().levelOf('213.209.159.158')).toBe(11);
  expect(updates).toHaveLength(2);
});

test('a failing feed keeps the last good table, also over a restart, and says what is wrong', async () => {
  const file = join(folder, 'ipsum.txt');
  await writeFile(file, '213.209.159.158\t11\n');
  const feed = await feedFrom(file);
  await rm(file);
  expect(await feed.refresh()).toBe(false);
  expect(feed.table().levelOf('213.209.159.158')).toBe(11);
  expect(feed.state().error).toContain('ENOENT');
  for (const bad of ['', '# nothing\n', '<html>404</html>', '{"error":1}', 'garbage\nmore\n']) {
    await writeFile(file, bad);
    expect(await feed.refresh(), bad).toBe(false);
    expect(feed.table().size).toBe(1);
    expect(feed.state().error).not.toBeNull();
  }
  await rm(file);
  const next = await feedFrom(file);
  expect(next.table().levelOf('213.209.159.158')).toBe(11);
  expect(next.state().error).toContain('ENOENT');
  expect(next.state().loadedAt).not.toBeNull();
});

test('a URL is asked with its ETag; errors keep what is there', async () => {
  const asked: (string | undefined)[] = [];
  let status = 200;
  const url = await serve((request, response) => {
    asked.push(request.headers['if-none-match']);
    if (status === 200 && request.headers['if-none-match'] === '"one"') response.writeHead(304).end();
    else if (status === 200) response.writeHead(200, { etag: '"one"' }).end('213.209.159.158\t11\n');
    else response.writeHead(status).end('no');
  });
  const feed = await feedFrom(url);
  expect(await feed.refresh()).toBe(true);
  expect(feed.table().levelOf('213.209.159.158')).toBe(11);
  expect(await feed.refresh()).toBe(false);
  expect(asked).toEqual([undefined, '"one"']);
  expect(feed.state().error).toBeNull();
  status = 503;
  expect(await feed.refresh()).toBe(false);
  expect(feed.state().error).toContain('503');
  expect(feed.table().size).toBe(1);
  expect((await readdir(join(folder, 'data'))).length).toBe(1);
});

test('a password in the location is used, and not shown', async () => {
  const asked: (string | undefined)[] = [];
  const url = await serve((request, response) => {
    asked.push(request.headers.authorization);
    response.writeHead(404).end();
  });
  const feed = await feedFrom(url.replace('http://', 'http://user:s%20ecret@'));
  await feed.refresh();
  expect(asked).toEqual([`Basic ${Buffer.from('user:s ecret').toString('base64')}`]);
  expect(feed.state().location).toBe(url);
  expect(feed.state().error).toBe('the feed answered 404');
});

test('the ids example is malicious with confidence 11', async () => {
  const file = join(folder, 'ipsum.txt');
  await writeFile(file, '# fixture\n213.209.159.158\t11\n');
  const feed = await feedFrom(file);
  const enricher = createIpsumEnricher();
  enricher.update(feed.buffers());
  const line =
    '2026-02-06 12:00:00,000 - ids_logger_1 - high_severity - TCP - 213.209.159.158:4444 --> 10.0.0.10:80 - SYN - Malicious traffic';
  const event = createSourceParsers().parse('ids', '', line, { receivedAt: Date.now(), source: 'ids', peer: '' });
  expect(event).toBeInstanceOf(EcsEvent);
  normalise([event as EcsEvent]);
  enricher.enrich([event as EcsEvent]);
  expect(event).toMatchObject({
    timestamp: Date.UTC(2026, 1, 6, 12),
    sourceIp: '213.209.159.158',
    sourcePort: 4444,
    destinationIp: '10.0.0.10',
    destinationPort: 80,
    transport: 'tcp',
    message: 'Malicious traffic',
    intelLevel: 11,
    intelIp: '213.209.159.158',
    severity: 14,
    extra: { 'observer.name': 'ids_logger_1', 'event.severity_label': 'high_severity', 'network.tcp.flags': 'SYN' },
  });
});

const REAL = join(
  process.env['VEDETTE_CORPORA'] ?? join(import.meta.dirname, '../../../../shared/corpora'),
  'intel/ipsum/ipsum.txt',
);
if (!existsSync(REAL))
  process.stderr.write(`\nSKIPPED: no feed at ${REAL}; set VEDETTE_CORPORA to load a real one\n\n`);

test.skipIf(!existsSync(REAL))('a real feed loads whole', async () => {
  const feed = await feedFrom(REAL);
  expect(feed.state().error).toBeNull();
  expect(feed.state().indicators).toBeGreaterThan(100_000);
});
