import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureTls } from './tls.ts';
import type { TlsMaterial } from './tls.ts';

const DAY = 86_400_000;
let parent: string;
let directory: string;
let time = Date.now();
const now = () => time;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'vedette-tls-'));
  directory = join(parent, 'tls');
  time = Date.now();
});
afterEach(() => rm(parent, { recursive: true }));

/** What a client that trusts `ca` alone reads from a server, or the error. */
async function talk(material: TlsMaterial, ca: string, servername: string): Promise<string> {
  const server = createServer({ key: material.key, cert: material.cert }, (socket) => socket.end('hello'));
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    return await new Promise<string>((resolve, reject) => {
      const options = servername === '127.0.0.1' ? { host: servername } : { host: '127.0.0.1', servername };
      const socket = connect({ port, ca, ...options }, () => undefined);
      let text = '';
      socket.on('data', (data) => (text += data.toString()));
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
    });
  } finally {
    server.close();
  }
}

test('a client that trusts the CA, and only such a client, talks to the server by any of its names', async () => {
  const material = await ensureTls({ directory, names: ['siem.example.org', '192.0.2.7'], now });
  for (const name of ['localhost', '127.0.0.1', hostname(), 'siem.example.org']) {
    expect(await talk(material, material.ca, name)).toBe('hello');
  }
  await expect(talk(material, material.ca, 'other.example.org')).rejects.toThrow(/altnames/);
  const stranger = await ensureTls({ directory: join(parent, 'other'), now });
  await expect(talk(material, stranger.ca, 'localhost')).rejects.toThrow(/certificate/);
  expect(new X509Certificate(material.cert).checkIP('192.0.2.7')).toBe('192.0.2.7');
  expect(material.fingerprint).toBe(new X509Certificate(material.ca).fingerprint256);
});

test('keys are private', async () => {
  await ensureTls({ directory, now });
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
  for (const file of ['ca.key', 'server.key']) expect((await stat(join(directory, file))).mode & 0o777).toBe(0o600);
});

test('a restart changes nothing; new names and the approaching end make a new certificate of the same CA', async () => {
  const first = await ensureTls({ directory, now });
  expect(await ensureTls({ directory, now })).toEqual(first);
  const named = await ensureTls({ directory, names: ['new.example.org'], now });
  expect(named.ca).toBe(first.ca);
  expect(named.cert).not.toBe(first.cert);
  expect(Math.round((named.expires.getTime() - time) / DAY)).toBe(825);
  time += 800 * DAY;
  const renewed = await ensureTls({ directory, names: ['new.example.org'], now });
  expect(renewed.ca).toBe(first.ca);
  expect(Math.round((renewed.expires.getTime() - time) / DAY)).toBe(825);
});

test('a damaged certificate is made anew; a damaged CA stops the start', async () => {
  const first = await ensureTls({ directory, now });
  await writeFile(join(directory, 'server.key'), 'junk');
  const second = await ensureTls({ directory, now });
  expect(second.ca).toBe(first.ca);
  expect(await talk(second, second.ca, 'localhost')).toBe('hello');
  await writeFile(join(directory, 'ca.key'), await readFile(join(directory, 'server.key')));
  await expect(ensureTls({ directory, now })).rejects.toThrow('do not belong together');
});
