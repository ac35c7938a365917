import 'reflect-metadata';
import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import * as x509 from '@peculiar/x509';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openFileJournal } from '../journal/file-journal.ts';
import { readAll } from '../journal/journal.contract.ts';
import type { Journal, JournalRecord } from '../journal/journal.ts';
import { LineCursor } from '../pipeline/decode.ts';
import { ensureTls } from '../tls/tls.ts';
import type { Input, InputDependencies } from './input.ts';
import { createSenders, plainAddress } from './senders.ts';
import { createSyslogTcp } from './syslog-tcp.ts';
import type { SyslogTcpOptions } from './syslog-tcp.ts';
import { createSyslogUdp } from './syslog-udp.ts';

let directory: string;
let journal: Journal;
let inputs: Input[];
let sockets: Socket[];
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vedette-syslog-'));
  journal = await openFileJournal({ directory: join(directory, 'journal'), capacityBytes: 64 * 1024 * 1024 });
  inputs = [];
  sockets = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  for (const input of inputs) await input.stop();
  await journal.close();
  await rm(directory, { recursive: true });
});

async function started(input: Input): Promise<number> {
  inputs.push(input);
  await input.start();
  return Number(/\d+$/.exec(input.status().address)![0]);
}
const dependencies = (): InputDependencies => ({ journal, now: Date.now, logger: quiet });
const udp = (allowFrom: string[] = []) => started(createSyslogUdp(dependencies(), { port: 0, allowFrom }));
const tcp = (options: Partial<SyslogTcpOptions> = {}) =>
  started(createSyslogTcp(dependencies(), { port: 0, allowFrom: [], ...options }));

const records = () => readAll(journal, journal.start, 1024 * 1024);
const linesOf = (all: JournalRecord[]) =>
  new LineCursor(all.filter(({ meta }) => meta.framing !== 'rejected')).next(1e9).map((line) => line.text);
async function until<T>(read: () => Promise<T>, condition: (value: T) => boolean): Promise<T> {
  let value = await read();
  for (let i = 0; i < 1000 && !condition(value); i++) {
    await delay(10);
    value = await read();
  }
  expect(value).toSatisfy(condition);
  return value;
}
const untilLines = async (count: number) => linesOf(await until(records, (all) => linesOf(all).length >= count));
async function client(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  return socket;
}
/** A certificate that a sender made for itself. */
async function clientCertificate(): Promise<{ key: string; cert: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=sender',
    keys,
    signingAlgorithm: algorithm,
  });
  const key = x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  return { key, cert: certificate.toString('pem') };
}
const closed = (socket: Socket) =>
  socket.destroyed ? Promise.resolve() : new Promise<void>((resolve) => socket.once('close', () => resolve()));

describe('UDP', () => {
  async function send(port: number, datagrams: Uint8Array[]): Promise<void> {
    const socket = createSocket('udp4');
    for (const datagram of datagrams) {
      await new Promise<void>((resolve) => socket.send(datagram, port, '127.0.0.1', () => resolve()));
    }
    await new Promise<void>((resolve) => socket.close(() => resolve()));
  }

  test('each datagram is one event, byte for byte, with newlines, NUL and digits in it; empty ones are nothing', async () => {
    const port = await udp();
    const datagrams = ['<34>1 - - - - - - one', '5 two', 'a\nb', 'nul\0byte', '', 'é', 'last'].map((each) =>
      Buffer.from(each),
    );
    datagrams.splice(5, 0, Buffer.from([0xff, 0xfe, 0x41]));
    await send(port, datagrams);
    const all = await until(records, (each) => linesOf(each).includes('last'));
    expect(linesOf(all)).toEqual(['<34>1 - - - - - - one', '5 two', 'a\nb', 'nul\0byte', '\xff\xfeA', 'é', 'last']);
    expect(all[0]!.meta).toMatchObject({
      source: 'syslog 127.0.0.1',
      input: 'syslog-udp',
      lane: 'live',
      peer: '127.0.0.1',
    });
    expect(inputs[0]!.status()).toMatchObject({ ok: true, received: 7, dropped: 0 });
  });

  test('datagrams that come together share a record', async () => {
    const port = await udp();
    await send(
      port,
      Array.from({ length: 300 }, (_, i) => Buffer.from(`<1>message ${i}`)),
    );
    expect(await untilLines(300)).toHaveLength(300);
    expect((await records()).length).toBeLessThan(300);
  });

  test('a port that is taken stops the start with its name', async () => {
    const port = await udp();
    const second = createSyslogUdp(dependencies(), { port, allowFrom: [] });
    await expect(second.start()).rejects.toThrow(`127.0.0.1:${port} (EADDRINUSE)`);
  });

  test('while the journal is full, what fits in memory waits, the rest is dropped and counted', async () => {
    await journal.close();
    journal = await openFileJournal({ directory: join(directory, 'small'), capacityBytes: 20_000 });
    const port = await udp();
    while (!journal.full) await journal.append(fill, Buffer.alloc(1000)).catch(() => undefined);
    await send(port, [Buffer.from('waits')]);
    await delay(50);
    expect(inputs[0]!.status()).toMatchObject({ ok: false, received: 0 });
    await journal.release(journal.stats().end);
    expect(await untilLines(1)).toEqual(['waits']);
    expect(inputs[0]!.status()).toMatchObject({ ok: true, received: 1, dropped: 0 });
  });
});

const fill = {
  source: 'fill',
  input: 'test',
  lane: 'live' as const,
  framing: 'rejected' as const,
  format: '',
  receivedAt: 0,
};

describe('TCP', () => {
  test('lines and counted frames, each detected for its connection', async () => {
    const port = await tcp();
    const [lines, counted] = [await client(port), await client(port)];
    lines.write('<34>1 - - - - - - first\n<34>1 - - - - -');
    counted.write('14 <34>counted 0\n16 <34>coun');
    await untilLines(2);
    lines.write(' - second\nthird');
    counted.write('ted\nlf!!');
    lines.end();
    counted.end();
    expect((await untilLines(5)).sort()).toEqual(
      ['<34>1 - - - - - - first', '<34>1 - - - - - - second', 'third', '<34>counted 0\n', '<34>counted\nlf!!']
        .map((each) => each.replace(/\n$/, ''))
        .sort(),
    );
    const framings = new Set((await records()).map(({ meta }) => `${meta.input} ${meta.framing}`));
    expect(framings).toEqual(new Set(['syslog-tcp lines', 'syslog-tcp octets']));
  });

  test('an endless line is quarantined with its first bytes and closes that connection only', async () => {
    const port = await tcp({ maxFrameBytes: 10_000 });
    const [bad, good] = [await client(port), await client(port)];
    good.write('before\n');
    bad.write('fine\n');
    const block = Buffer.alloc(64 * 1024, 'x');
    bad.write(block);
    await closed(bad);
    good.write('after\n');
    const all = await until(records, (each) => each.length >= 4 && linesOf(each).length === 3);
    expect(linesOf(all).sort()).toEqual(['after', 'before', 'fine']);
    const [rejected] = all.filter(({ meta }) => meta.framing === 'rejected');
    expect(rejected!.meta.rejection!.code).toBe('line_too_long');
    expect(rejected!.payload.toString()).toMatch(/^x{100,8192}$/);
  });

  test.each([
    ['-5 <34>x', 'bad_frame'],
    ['99999999999999999999 <34>x', 'bad_frame'],
    ['5000000000 <34>x', 'line_too_long'],
    ['x', 'bad_frame'],
    ['\0\0\0\0', 'bad_frame'],
    ['100 <34>cut short', 'bad_frame'],
  ])('the counted frame %j after a good one is quarantined', async (frame, code) => {
    const port = await tcp();
    const socket = await client(port);
    socket.end(`6 <34>ok${frame}`);
    const all = await until(records, (each) => each.length === 2);
    expect(linesOf(all)).toEqual(['<34>ok']);
    expect(all[1]!.meta.rejection!.code).toBe(code);
    expect(all[1]!.payload.toString()).toBe(frame);
  });

  test('a gigabyte without newline: memory stays bounded and the connection ends early', async () => {
    const port = await tcp();
    const socket = await client(port);
    const block = Buffer.alloc(1024 * 1024, 'x');
    const before = process.memoryUsage().rss;
    let sent = 0;
    for (; sent < 1024 && !socket.destroyed; sent++) {
      if (!socket.write(block))
        await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed(socket)]);
    }
    expect(sent).toBeLessThan(64);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
    expect((await until(records, (all) => all.length === 1))[0]!.meta.framing).toBe('rejected');
  });

  test('a frame that is never finished ends its connection; what came is kept', async () => {
    const port = await tcp({ frameMs: 50 });
    const socket = await client(port);
    socket.write('whole\nhalf');
    await closed(socket);
    expect(await untilLines(2)).toEqual(['whole', 'half']);
    const drip = await client(port);
    const dripping = setInterval(() => drip.write('x'), 10);
    await closed(drip);
    clearInterval(dripping);
    expect((await untilLines(3))[2]).toMatch(/^x+$/);
  });

  test('a sender that is silent between frames stays connected', async () => {
    const port = await tcp({ frameMs: 20 });
    const socket = await client(port);
    socket.write('one\n');
    await delay(150);
    socket.write('two\n');
    expect(await untilLines(2)).toEqual(['one', 'two']);
  });

  test('connections beyond the limit are refused and counted; the others go on', async () => {
    const port = await tcp({ maxConnections: 1000 });
    const clients = await Promise.all(Array.from({ length: 1100 }, () => client(port)));
    await until(
      async () => clients.filter((each) => each.destroyed).length,
      (count) => count >= 100,
    );
    const alive = clients.filter((each) => !each.destroyed);
    for (const [i, socket] of alive.entries()) socket.write(`<1>from ${i}\n`);
    expect(await untilLines(alive.length)).toHaveLength(1000);
    expect(inputs[0]!.status()).toMatchObject({ received: 1000, dropped: 100, message: '100 connections refused' });
  });

  test('a full journal stops the reading; accepted equals stored once there is room', async () => {
    await journal.close();
    journal = await openFileJournal({ directory: join(directory, 'small'), capacityBytes: 4 * 1024 * 1024 });
    const port = await tcp();
    const socket = await client(port);
    const count = 20_000;
    const line = (i: number) => `<34>1 - - - - - - ${String(i).padStart(6, '0')} ${'.'.repeat(1000)}\n`;
    const sending = (async () => {
      for (let i = 0; i < count; i++) {
        if (!socket.write(line(i))) await new Promise((resolve) => socket.once('drain', resolve));
      }
      socket.end();
    })();
    await until(
      async () => journal.full,
      (full) => full,
    );
    await delay(100);
    expect(socket.writableLength).toBeGreaterThan(0);
    const seen: string[] = [];
    let position = journal.start;
    while (seen.length < count) {
      await journal.available(position);
      const all = await journal.read(position, 1024 * 1024);
      seen.push(...linesOf(all));
      position = all.at(-1)!.next;
      await journal.release(position);
    }
    await sending;
    expect(seen).toEqual(Array.from({ length: count }, (_, i) => line(i).trimEnd()));
    expect(inputs[0]!.status()).toMatchObject({ received: count, dropped: 0 });
  });

  test('TLS: a client that trusts the CA is heard, plain text is not; a sender without certificate is refused where one is asked for', async () => {
    const { key, cert, ca } = await ensureTls({ directory: join(directory, 'tls'), now: Date.now });
    const port = await tcp({ tls: { key, cert } });
    const socket = connectTls({ port, host: '127.0.0.1', ca });
    await new Promise<void>((resolve) => socket.once('secureConnect', () => resolve()));
    socket.end('26 <34>1 - - - - - - over TLS');
    const plain = await client(port);
    plain.write('<34>plain\n');
    await closed(plain);
    const all = await until(records, (each) => each.length === 1);
    expect(linesOf(all)).toEqual(['<34>1 - - - - - - over TLS']);
    expect(all[0]!.meta.input).toBe('syslog-tls');

    const sender = await clientCertificate();
    const mutual = await tcp({ tls: { key, cert, clientCa: sender.cert } });
    const stranger = connectTls({ port: mutual, host: '127.0.0.1', ca });
    sockets.push(stranger);
    stranger.on('error', () => undefined);
    stranger.write('<34>stranger\n');
    await closed(stranger);
    const known = connectTls({ port: mutual, host: '127.0.0.1', ca, ...sender });
    known.end('<34>known\n');
    sockets.push(known);
    known.on('error', () => undefined);
    await until(records, (each) => each.length >= 2);
    expect(linesOf(await records())).toEqual(['<34>1 - - - - - - over TLS', '<34>known']);
  });
});

describe('who may send', () => {
  test('this machine always, others when they are listed', () => {
    const closedTo = createSenders([]);
    expect(closedTo.hosts).toEqual(['127.0.0.1']);
    expect(
      ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '10.0.0.1', 'fe80::1%eth0', 'junk'].map((each) =>
        closedTo.allows(each),
      ),
    ).toEqual([true, true, true, true, false, false, false]);
    const open = createSenders(['10.0.0.0/8', '192.0.2.7', '2001:db8::/32']);
    expect(open.hosts).toContain('::');
    expect(
      ['10.1.2.3', '::ffff:10.1.2.3', '192.0.2.7', '192.0.2.8', '2001:db8::5', '11.0.0.1'].map((each) =>
        open.allows(each),
      ),
    ).toEqual([true, true, true, false, true, false]);
    expect(plainAddress('::ffff:10.0.0.5')).toBe('10.0.0.5');
    expect(plainAddress('2001:db8::5')).toBe('2001:db8::5');
  });
});

const hasLogger = spawnSync('logger', ['--version']).status === 0;
// eslint-disable-next-line no-console
if (!hasLogger) console.warn('NOT TESTED: the program `logger` (util-linux) is missing');
describe.skipIf(!hasLogger)('logger(1)', () => {
  const run = (args: string[]) =>
    new Promise<void>((resolve, reject) => {
      import('node:child_process').then(
        ({ execFile }) =>
          execFile('logger', ['-n', '127.0.0.1', ...args], (error) => (error ? reject(error) : resolve())),
        reject,
      );
    });

  test('over UDP, TCP and TCP with octet counting, RFC 5424 and 3164', async () => {
    const udpPort = String(await udp());
    const tcpPort = String(await tcp());
    await run(['-P', udpPort, '-d', '-t', 'app', 'over UDP']);
    await run(['-P', udpPort, '-d', '--rfc3164', '-t', 'app', 'over UDP 3164']);
    await run(['-P', tcpPort, '-T', '-t', 'app', 'over TCP']);
    await run(['-P', tcpPort, '-T', '--octet-count', '-t', 'app', 'over TCP, counted']);
    const lines = await untilLines(4);
    for (const text of ['over UDP', 'over UDP 3164', 'over TCP', 'over TCP, counted']) {
      expect(lines.filter((line) => /^<13>/.test(line) && line.endsWith(text))).toHaveLength(1);
    }
    const framings = (await records()).map(({ meta }) => `${meta.input} ${meta.framing}`).sort();
    expect(framings.filter((each) => each.startsWith('syslog-tcp'))).toEqual(['syslog-tcp lines', 'syslog-tcp octets']);
  });
});
