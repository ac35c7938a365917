/** From a raw log line to an alert, through the real server, as scripts and shippers see it. */
import { createSocket } from 'node:dgram';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testWithCorpus } from './corpora.ts';
import {
  CORPORA,
  eventually,
  removeDirectory,
  startProduct,
  temporaryDirectory,
  vedette,
  type Product,
} from './product.ts';

interface Listed<T> {
  items: T[];
}
interface AlertRow {
  rule: { id: string; title: string };
  level: number;
  status: string;
  count: number;
  entities: { type: string; value: string }[];
  attack: { technique: string; tactic: string }[];
  eventIds: string[];
}
interface EventRow {
  _id: string;
  '@timestamp': string;
  source?: { ip?: string };
  event: { severity: number; original: string };
  vedette?: { intel?: { level: number; ip: string } };
}

let product: Product;
let key: string;
let config: string;

beforeAll(async () => {
  config = await temporaryDirectory();
  writeFileSync(join(config, 'ipsum.txt'), '# IPsum\n213.209.159.158\t11\n203.0.113.7\t2\n');
  writeFileSync(join(config, 'vedette.yaml'), `intel:\n  ipsum: ${join(config, 'ipsum.txt')}\n`);
  product = await startProduct({ args: ['--config', join(config, 'vedette.yaml')] });
  key = await product.key('ingest,read');
});

afterAll(async () => {
  expect(await product.stop()).toBe(0);
  await removeDirectory(product.directory);
  await removeDirectory(config);
});

const search = (query: string) =>
  product
    .get<Listed<EventRow>>(`/api/v1/events?limit=200&q=${encodeURIComponent(query)}`, key)
    .then(({ items }) => items);
const alertsOf = (query: string) =>
  product.get<Listed<AlertRow>>(`/api/v1/alerts?limit=200&${query}`, key).then(({ items }) => items);

test('the printed start names the console, the set-up link, the listeners and the data folder', () => {
  expect(product.output()).toContain(product.url);
  expect(product.output()).toMatch(/\/setup#token=\S+/);
  expect(product.output()).toContain(String(product.syslogPort));
  expect(product.output()).toContain(product.directory);
});

test('no key, no entry: 401 before the body is read', async () => {
  const response = await fetch(`${product.url}/api/v1/events`, { method: 'POST', body: 'x'.repeat(1000) });
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ error: { code: 'unauthenticated' } });
});

test('500 lines, one of them broken: 499 accepted, the broken one in quarantine with its reason', async () => {
  const lines = Array.from({ length: 500 }, (_, i) => JSON.stringify({ marker: 'five-hundred', number: i }));
  lines[123] = '{"marker":"five-hundred", broken';
  const response = await product.post('/api/v1/events?source=five-hundred', key, lines.join('\n'));
  const answer = (await response.json()) as {
    accepted: number;
    rejected: { index: number; code: string; message: string }[];
  };
  expect(answer.accepted).toBe(499);
  expect(answer.rejected).toEqual([{ index: 123, code: 'bad_json', message: expect.any(String) as string }]);
  await eventually(async () => (await search('marker:five-hundred')).length === 200);
  const { items } = await eventually(async () => {
    const page = await product.get<Listed<{ source: string; reason: string; raw: string }>>('/api/v1/quarantine', key);
    return page.items.length > 0 && page;
  });
  expect(items[0]).toMatchObject({ source: 'five-hundred', raw: lines[123], code: 'bad_json' });
});

test('the same events sent again are duplicates: by their _id, and by an idempotency key', async () => {
  const body = JSON.stringify({ _id: 'once-1', message: 'sent twice by id' });
  expect(await (await product.post('/api/v1/events', key, body)).json()).toMatchObject({ accepted: 1, duplicates: 0 });
  expect(await (await product.post('/api/v1/events', key, body)).json()).toMatchObject({ accepted: 0, duplicates: 1 });
  const headers = { 'idempotency-key': 'request-1' };
  const two = '{"message":"sent twice by key"}\n{"message":"sent twice by key"}';
  expect(await (await product.post('/api/v1/events', key, two, headers)).json()).toMatchObject({ accepted: 2 });
  expect(await (await product.post('/api/v1/events', key, two, headers)).json()).toMatchObject({
    accepted: 0,
    duplicates: 2,
  });
  await eventually(async () => (await search('"sent twice by key"')).length === 2);
  expect(await search('"sent twice by id"')).toHaveLength(1);
});

test('gzip bodies, arrays and single objects', async () => {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const url = `${product.url}/api/v1/events`;
  const zipped = gzipSync('[{"message":"zipped one"},{"message":"zipped two"}]');
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-encoding': 'gzip' },
    body: zipped,
  });
  expect(await response.json()).toMatchObject({ accepted: 2 });
  const single = await fetch(url, { method: 'POST', headers, body: '{"message":"a single one"}' });
  expect(await single.json()).toMatchObject({ accepted: 1 });
});

test('the envelope of simple clients chooses the mapping and answers with new alerts', async () => {
  const at = Date.now() - 60_000;
  const events = Array.from({ length: 10 }, (_, i) => ({
    ts: new Date(at + i * 1000).toISOString(),
    event: 'login_failed',
    user: 'root',
    ip: '198.51.100.77',
    method: 'password',
    host: 'gate',
    app: 'sshd',
  }));
  const response = await product.post('/api/v1/events', key, JSON.stringify({ source: 'auth', events }), {
    'content-type': 'application/json',
  });
  const answer = (await response.json()) as { accepted: number; newAlerts: number };
  expect(answer.accepted).toBe(10);
  expect(answer.newAlerts).toBeGreaterThan(0);
});

test('the ids example line is malicious with confidence 11', async () => {
  const line =
    '2026-02-06 12:00:00,000 - ids_logger_1 - high_severity - TCP - 213.209.159.158:4444 --> 10.0.0.10:80 - SYN - Malicious traffic';
  await product.post('/api/v1/events', key, line, { 'content-type': 'text/plain' });
  const [event] = await eventually(async () => {
    const found = await search('source.ip:213.209.159.158');
    return found.length > 0 && found;
  });
  expect(event).toMatchObject({
    '@timestamp': '2026-02-06T12:00:00.000Z',
    source: { ip: '213.209.159.158', port: 4444 },
    destination: { ip: '10.0.0.10', port: 80 },
    network: { transport: 'tcp' },
    observer: { name: 'ids_logger_1' },
    vedette: { intel: { level: 11, ip: '213.209.159.158' } },
  });
  expect(event!.event.original).toBe(line);
  const stats = await product.get<{ totals: { malicious: number } }>('/api/v1/stats', key);
  expect(stats.totals.malicious).toBeGreaterThan(0);
});

test('IPsum level 2 counts as malicious but does not raise the severity', async () => {
  const line = (ip: string) =>
    `2026-02-06 12:00:01,000 - ids_logger_1 - low_severity - TCP - ${ip}:4444 --> 10.0.0.11:80 - SYN - Port scanning`;
  await product.post('/api/v1/events', key, `${line('203.0.113.7')}\n${line('203.0.113.8')}`, {
    'content-type': 'text/plain',
  });
  const [listed] = await eventually(async () => {
    const found = await search('source.ip:203.0.113.7');
    return found.length > 0 && found;
  });
  const [unlisted] = await search('source.ip:203.0.113.8');
  expect(listed!.vedette!.intel!.level).toBe(2);
  expect(listed!.event.severity).toBe(unlisted!.event.severity);
});

testWithCorpus('loghub', 'OpenSSH')(
  'a real brute-force victim’s log through syslog TCP raises alerts for the right addresses',
  async () => {
    const log = readFileSync(join(CORPORA, 'loghub/OpenSSH/OpenSSH_2k.log'), 'utf8');
    const socket = connect(product.syslogPort, '127.0.0.1');
    await new Promise((flushed) => socket.end(log.endsWith('\n') ? log : `${log}\n`, () => flushed(undefined)));
    // Addresses with at least eight failed passwords within 120 s, counted here with a plain sliding window.
    const expected = bruteForceAddresses(log);
    expect(expected.size).toBeGreaterThan(5);
    const found = await eventually(async () => {
      const alerts = (await alertsOf('')).filter(({ rule }) => /brute force/i.test(rule.title));
      const addresses = new Set(
        alerts.flatMap(({ entities }) => entities.filter(({ type }) => type === 'ip').map(({ value }) => value)),
      );
      return [...expected].every((address) => addresses.has(address)) && addresses;
    });
    found.delete('198.51.100.77');
    expect([...found].sort()).toEqual([...expected].sort());
    const [alert] = await alertsOf(`ip=${[...expected][0]!}`);
    expect(alert!.attack.map(({ technique }) => technique)).toContain('T1110.001');
    expect(alert!.eventIds.length).toBeGreaterThan(0);
  },
);

function bruteForceAddresses(log: string): Set<string> {
  const times = new Map<string, number[]>();
  for (const line of log.split('\n')) {
    const match = /^Dec (\d+) (\d\d):(\d\d):(\d\d) .*Failed password .* from (\d+\.\d+\.\d+\.\d+) port/.exec(line);
    if (!match) continue;
    const [day, hours, minutes, seconds] = match.slice(1, 5).map(Number) as [number, number, number, number];
    const at = ((day * 24 + hours) * 60 + minutes) * 60 + seconds;
    times.set(match[5]!, [...(times.get(match[5]!) ?? []), at]);
  }
  const fires = (at: number[]) => at.some((time, i) => i >= 7 && time - at[i - 7]! < 120);
  return new Set([...times].filter(([, at]) => fires(at)).map(([address]) => address));
}

test('a syslog datagram is searchable within two seconds', async () => {
  const socket = createSocket('udp4');
  const line = Buffer.from(
    '<38>Nov  1 10:00:00 gate sshd[1]: Accepted publickey for marker-udp from 192.0.2.9 port 4022 ssh2',
  );
  await new Promise((sent) => socket.send(line, product.syslogPort, '127.0.0.1', sent));
  socket.close();
  const [event] = await eventually(async () => {
    const found = await search('user.name:marker-udp');
    return found.length > 0 && found;
  }, 2000);
  expect(event).toMatchObject({ source: { ip: '192.0.2.9' }, event: { outcome: 'success' } });
});

test('pivot groups everything about a value by source type', async () => {
  const pivot = await product.get<{ total: number; groups: { sourceType: string; count: number; items: unknown[] }[] }>(
    '/api/v1/pivot?value=213.209.159.158',
    key,
  );
  expect(pivot.groups).toEqual([expect.objectContaining({ sourceType: 'ids', count: 1 })]);
  expect(pivot.groups[0]!.items).toHaveLength(1);
});

test('send ships a file and reports what was accepted', async () => {
  const file = join(config, 'auth.log');
  writeFileSync(
    file,
    'Nov  1 10:00:00 web1 sshd[7]: Failed password for marker-send from 192.0.2.44 port 22 ssh2\n'.repeat(30),
  );
  const printed = await vedette(['send', file, '--url', product.url, '--key', key, '--batch', '10']);
  expect(printed).toMatch(/30/);
  await eventually(async () => (await search('user.name:marker-send')).length === 30);
});

test('metrics and health tell of every part', async () => {
  const health = await product.get<{ status: string; parts: { name: string; ok: boolean }[] }>('/api/v1/health', key);
  expect(health.status).toBe('ok');
  const metrics = await fetch(`${product.url}/metrics`, { headers: { authorization: `Bearer ${key}` } });
  expect(await metrics.text()).toMatch(/^vedette_events_total \d+/m);
});
