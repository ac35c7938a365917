/** The commands around a real server: start, users, keys, sending, doctor, stop. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort } from '../testing/free-port.ts';
import { BIN, vedette, withoutSettings } from '../testing/vedette.ts';

let folder: string;
let data: string;
let url: string;
let ports: string[];
let server: ChildProcess;
let output = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-up-'));
  data = join(folder, 'data');
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  ports = ['--port', String(port), '--syslog-port', String(await freePort())];
  server = spawn(process.execPath, [BIN, 'up', '--data', data, ...ports], { cwd: folder, env: withoutSettings() });
  server.stdout!.on('data', (chunk: Buffer) => (output += chunk.toString()));
  server.stderr!.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await vi.waitFor(() => expect(output).toContain('Ctrl-C stops it'), { timeout: 45_000, interval: 100 });
});
afterAll(() => {
  server.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const inData = (...args: string[]) => [...args, '--data', data];

describe('vedette up', () => {
  it('prints where everything is', () => {
    expect(output).toContain(url);
    expect(output).toMatch(new RegExp(`set up +${url}/\\S*#\\S+`));
    expect(output).toContain(`127.0.0.1:${ports[3]}`);
    expect(output).toContain(data);
  });

  it('takes logs with a key made beside it, and shows the alert that they raise', async () => {
    const made = await vedette(inData('key', 'create', '--name', 'test', '--scopes', 'ingest,read', '--json'));
    const { key } = JSON.parse(made.stdout) as { key: string };
    const line = (second: number) =>
      `2026-03-02T08:00:0${second}Z web1 sshd[811]: Failed password for root from 203.0.113.7 port 40022 ssh2\n`;
    const log = join(folder, 'auth.log');
    writeFileSync(log, [0, 1, 2, 3, 4, 5, 6, 7].map(line).join(''));
    const sent = await vedette(['send', log, '--url', url, '--key', key]);
    expect(sent.stdout).toContain('accepted 8  duplicates 0  rejected 0');
    expect((await vedette(['send', log, '--url', url, '--key', key])).stdout).toContain('accepted 0  duplicates 8');
    const titles = async () => {
      const answer = await fetch(`${url}/api/v1/alerts`, { headers: { authorization: `Bearer ${key}` } });
      const { items } = (await answer.json()) as { items: { rule: { title: string } }[] };
      return items.map(({ rule }) => rule.title);
    };
    await expect.poll(titles, { timeout: 20_000, interval: 200 }).toContain('SSH brute force');
  });

  it('lets a user made beside it sign in, until deactivated', async () => {
    const args = inData('user', 'create', '--username', 'anna', '--role', 'admin', '--password-stdin');
    expect((await vedette(args, { input: 'correct horse battery' })).code).toBe(0);
    const ben = inData('user', 'create', '--username', 'ben', '--role', 'viewer', '--password-stdin');
    await vedette(ben, { input: 'correct horse battery' });
    const login = async () => {
      const body = JSON.stringify({ username: 'ben', password: 'correct horse battery' });
      const headers = { 'content-type': 'application/json' };
      return (await fetch(`${url}/api/v1/auth/login`, { method: 'POST', headers, body })).status;
    };
    expect(await login()).toBe(200);
    await vedette(inData('user', 'deactivate', '--username', 'ben'));
    expect(await login()).toBe(401);
  });

  it('is seen by doctor, and keeps a second server off its folder', async () => {
    const { stdout } = await vedette(inData('doctor', ...ports));
    expect(stdout).toContain(`running at ${url}`);
    expect(stdout).toContain('held by the running server');
    const second = await vedette(
      inData('up', '--port', String(await freePort()), '--syslog-port', String(await freePort())),
    );
    expect(second.code).toBe(1);
    expect(second.stderr).toContain('vedette doctor');
  });

  it('stops cleanly at Ctrl-C', async () => {
    const ended = new Promise<number | null>((resolve) => server.on('close', resolve));
    server.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(output).toContain('Stopping');
    const { stdout } = await vedette(inData('doctor', '--json', ...ports));
    expect(stdout).toMatch(/"event store","status":"ok","message":"embedded ClickHouse holds 8 events/);
  });

  it('answers wrong settings with 2', async () => {
    expect((await vedette(inData('up', '--port', 'http'))).code).toBe(2);
  });
});
