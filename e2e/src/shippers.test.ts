/** Real shippers, unchanged: what people have already installed must work by changing an address and a password. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from '@elastic/elasticsearch';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, freePort, removeDirectory, startProduct, temporaryDirectory, type Product } from './product.ts';

let product: Product;
let key: string;
let folder: string;
const started: ChildProcess[] = [];

beforeAll(async () => {
  product = await startProduct();
  key = await product.key('ingest,read');
  folder = await temporaryDirectory();
});

afterAll(async () => {
  for (const child of started) child.kill('SIGTERM');
  expect(await product.stop()).toBe(0);
  await removeDirectory(product.directory);
  await removeDirectory(folder);
});

function need(program: string): string {
  const found = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'].map((place) => join(place, program)).find(existsSync);
  if (found === undefined) throw new Error(`${program} is missing: run "bash e2e/install.sh"`);
  return found;
}

const found = async (query: string, times: number) =>
  eventually(async () => {
    const path = `/api/v1/events?limit=200&q=${encodeURIComponent(query)}`;
    const { items } = await product.get<{ items: { message?: string; event: { outcome?: string } }[] }>(path, key);
    return items.length === times && items;
  }, 30_000);

test('logger over UDP and TCP', async () => {
  const logger = need('logger');
  const to = ['-n', '127.0.0.1', '-P', String(product.syslogPort)];
  await promisify(execFile)(logger, [
    ...to,
    '-d',
    '-t',
    'sshd',
    'Failed password for marker-udp from 192.0.2.5 port 22 ssh2',
  ]);
  await promisify(execFile)(logger, [
    ...to,
    '-T',
    '-t',
    'sshd',
    'Failed password for marker-tcp from 192.0.2.5 port 22 ssh2',
  ]);
  for (const user of ['marker-udp', 'marker-tcp']) {
    const [event] = await found(`user.name:${user}`, 1);
    expect(event!.event.outcome).toBe('failure');
  }
});

test('rsyslog’s omelasticsearch, and what it ships is understood: a brute-force alert', async () => {
  const port = await freePort();
  const configuration = join(folder, 'rsyslog.conf');
  writeFileSync(
    configuration,
    `global(workDirectory="${folder}")
module(load="imudp")
module(load="omelasticsearch")
input(type="imudp" address="127.0.0.1" port="${port}")
template(name="vedette" type="list" option.jsonf="on") {
  property(outname="@timestamp" name="timereported" dateFormat="rfc3339" format="jsonf")
  property(outname="host.name" name="hostname" format="jsonf")
  property(outname="process.name" name="programname" format="jsonf")
  property(outname="message" name="msg" format="jsonf")
}
action(type="omelasticsearch" server="127.0.0.1" serverport="${product.port}" uid="vedette" pwd="${key}"
       searchIndex="default-template" bulkmode="on")
action(type="omelasticsearch" server="127.0.0.1" serverport="${product.port}" uid="vedette" pwd="${key}"
       searchIndex="web1" bulkmode="on" template="vedette")
`,
  );
  started.push(
    spawn(need('rsyslogd'), ['-n', '-f', configuration, '-i', join(folder, 'rsyslog.pid')], { stdio: 'ignore' }),
  );
  const logger = need('logger');
  for (let i = 0; i < 10; i++) {
    const message = `Failed password for marker-bulk from 198.51.100.23 port 40${i} ssh2`;
    await eventually(async () => {
      await promisify(execFile)(logger, ['-n', '127.0.0.1', '-P', String(port), '-d', '-t', 'sshd', message]);
      return true;
    });
    // rsyslog is up once the first line has come through.
    if (i === 0) {
      await eventually(async () => {
        const { items } = await product.get<{ items: unknown[] }>('/api/v1/events?q=marker-bulk', key);
        if (items.length > 0) return true;
        await promisify(execFile)(logger, ['-n', '127.0.0.1', '-P', String(port), '-d', '-t', 'sshd', message]);
        return false;
      }, 30_000);
    }
  }
  await eventually(async () => {
    const { items } = await product.get<{ items: { rule: { title: string } }[] }>(
      '/api/v1/alerts?ip=198.51.100.23',
      key,
    );
    return items.some(({ rule }) => /brute force/i.test(rule.title));
  }, 30_000);
});

test('the official Elasticsearch client’s bulk helper', async () => {
  const client = new Client({ node: product.url, auth: { apiKey: key } });
  const documents = Array.from({ length: 1000 }, (_, i) => ({
    message: `bulk-helper ${i}`,
    '@timestamp': new Date().toISOString(),
  }));
  const result = await client.helpers.bulk({
    datasource: documents,
    onDocument: () => ({ create: { _index: 'logs-app' } }),
  });
  expect(result).toMatchObject({ total: 1000, failed: 0, successful: 1000 });
  await eventually(async () => {
    const { total } = await product.get<{ total: number }>('/api/v1/events/fields?q=%22bulk-helper%22', key);
    return total === 1000;
  }, 30_000);
  await client.close();
});
