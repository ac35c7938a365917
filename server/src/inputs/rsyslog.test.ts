/** A real rsyslogd ships to the inputs, unchanged: TCP with both framings, and TLS that checks our CA. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openFileJournal } from '../journal/file-journal.ts';
import { readAll } from '../journal/journal.contract.ts';
import type { Journal } from '../journal/journal.ts';
import { LineCursor } from '../pipeline/decode.ts';
import { ensureTls } from '../tls/tls.ts';
import type { Input } from './input.ts';
import { createSyslogTcp } from './syslog-tcp.ts';

const RSYSLOGD = ['/usr/sbin/rsyslogd', '/usr/local/sbin/rsyslogd', '/sbin/rsyslogd'].find((path) => existsSync(path));
const MODULES = ['/usr/lib', '/usr/lib64']
  .flatMap((folder) => (existsSync(folder) ? [folder, ...readdirSync(folder).map((name) => join(folder, name))] : []))
  .map((folder) => join(folder, 'rsyslog'))
  .find((folder) => existsSync(join(folder, 'imfile.so')));
const hasTls = MODULES !== undefined && existsSync(join(MODULES, 'lmnsd_gtls.so'));
const isUsable = RSYSLOGD !== undefined && MODULES !== undefined && spawnSync(RSYSLOGD, ['-v']).status === 0;
// eslint-disable-next-line no-console
if (!isUsable || !hasTls) console.warn('NOT TESTED: rsyslogd (Debian: rsyslog, rsyslog-gnutls) is missing');

describe.skipIf(!isUsable)('rsyslogd', () => {
  let directory: string;
  let journal: Journal;
  let input: Input;
  let shipper: ChildProcess | undefined;
  let output = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'vedette-rsyslog-'));
    await mkdir(join(directory, 'work'));
    journal = await openFileJournal({ directory: join(directory, 'journal') });
    output = '';
  });
  afterEach(async () => {
    await stopShipper();
    await input.stop();
    await journal.close();
    await rm(directory, { recursive: true, force: true });
  });

  /** Lets rsyslogd follow a file and send each line on as `action` says; returns what arrives. */
  async function ship(port: number, action: string, global = ''): Promise<string[]> {
    const log = join(directory, 'app.log');
    await writeFile(log, '');
    const config = join(directory, 'rsyslog.conf');
    await writeFile(
      config,
      `global(workDirectory="${directory}/work" ${global})
module(load="imfile" mode="inotify")
input(type="imfile" file="${log}" tag="app:" severity="warning" facility="local3")
action(type="omfwd" target="localhost" port="${port}" protocol="tcp" template="RSYSLOG_SyslogProtocol23Format" ${action})
`,
    );
    shipper = spawn(RSYSLOGD!, ['-n', '-f', config, '-i', join(directory, 'pid')], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [shipper.stdout!, shipper.stderr!]) stream.on('data', (data) => (output += String(data)));
    const expected = Array.from({ length: 500 }, (_, i) => `message number ${i}`);
    await appendFile(log, `${expected.join('\n')}\n`);
    let lines: string[] = [];
    for (let i = 0; i < 1500 && lines.length < expected.length; i++) {
      await delay(20);
      lines = new LineCursor(await readAll(journal)).next(1e9).map((line) => line.text);
    }
    expect(
      lines.map((line) => line.slice(line.indexOf('message'))),
      output,
    ).toEqual(expected);
    return lines;
  }
  async function stopShipper(): Promise<void> {
    if (!shipper || shipper.exitCode !== null || shipper.signalCode !== null) return;
    const gone = new Promise((resolve) => shipper!.once('exit', resolve));
    shipper.kill('SIGKILL');
    await gone;
    await rm(join(directory, 'pid'), { force: true });
  }
  const started = async (made: Input): Promise<number> => {
    input = made;
    await input.start();
    return Number(/\d+$/.exec(input.status().address)![0]);
  };
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

  test('over TCP, lines and octet counting', async () => {
    const port = await started(createSyslogTcp({ journal, now: Date.now, logger }, { port: 0, allowFrom: [] }));
    const lines = await ship(port, '');
    expect(lines[0]).toMatch(/^<156>1 \S+ \S+ app - - /);
    await stopShipper();
    await journal.release(journal.stats().end);
    await rm(join(directory, 'work'), { recursive: true });
    await mkdir(join(directory, 'work'));
    await ship(port, 'TCP_Framing="octet-counted"');
    expect((await readAll(journal))[0]!.meta.framing).toBe('octets');
  });

  test.skipIf(!hasTls)('over TLS, checking our CA and name', async () => {
    const { key, cert, ca } = await ensureTls({ directory: join(directory, 'tls'), now: Date.now });
    const caFile = join(directory, 'trusted.pem');
    await writeFile(caFile, ca);
    const tls = { key, cert };
    const port = await started(createSyslogTcp({ journal, now: Date.now, logger }, { port: 0, allowFrom: [], tls }));
    await ship(
      port,
      'StreamDriver="gtls" StreamDriverMode="1" StreamDriverAuthMode="x509/name" StreamDriverPermittedPeers="localhost"',
      `DefaultNetstreamDriver="gtls" DefaultNetstreamDriverCAFile="${caFile}"`,
    );
    expect((await readAll(journal))[0]!.meta.input).toBe('syslog-tls');
  });
});
