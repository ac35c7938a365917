import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../testing/free-port.ts';
import { vedette, type RunResult } from '../testing/vedette.ts';

let folder: string;
let ports: string[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-doctor-'));
  ports = ['--port', String(await freePort()), '--syslog-port', String(await freePort())];
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Finding {
  name: string;
  status: string;
  message: string;
  mend?: string;
}
const findings = ({ stdout }: RunResult): Map<string, Finding> =>
  new Map(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Finding)
      .map((finding) => [finding.name, finding]),
  );
const doctor = (...args: string[]) =>
  vedette(['doctor', '--data', join(folder, 'data'), ...ports, '--json', ...args], { cwd: folder });

describe('vedette doctor', () => {
  it('finds nothing broken where nothing is, and leaves nothing behind', async () => {
    const found = findings(await doctor());
    for (const name of [
      'Node',
      'clock',
      'data folder',
      'binding',
      'console port',
      'syslog port',
      'event store',
      'rules',
    ]) {
      expect(found.get(name)).toMatchObject({ status: 'ok' });
    }
    expect(found.get('event store')?.message).toContain('embedded ClickHouse');
    expect(found.get('server')?.message).toBe('not running');
    expect(readdirSync(folder)).toEqual([]);
    for (const { status, mend } of found.values()) expect(mend === undefined).toBe(status === 'ok');
  });

  it('names a taken port, an open data folder and a rule that does not load, each with the remedy', async () => {
    mkdirSync(join(folder, 'data'));
    chmodSync(join(folder, 'data'), 0o755);
    writeFileSync(join(folder, 'bad.yml'), 'title: Bad\n');
    writeFileSync(join(folder, 'vedette.yaml'), `rules: [${join(folder, 'bad.yml')}]\n`);
    const squatter = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    const result = await doctor('--syslog-port', String((squatter.address() as AddressInfo).port));
    squatter.close();
    const found = findings(result);
    expect(result.code).toBe(1);
    expect(found.get('syslog port')).toMatchObject({ status: 'broken', mend: expect.stringContaining('syslog.port') });
    expect(found.get('data folder')).toMatchObject({ status: 'warning', mend: expect.stringContaining('chmod 700') });
    expect(found.get('rules')).toMatchObject({ status: 'warning', message: expect.stringContaining('bad.yml') });
  });

  it('refuses to listen to the world in the clear', async () => {
    const found = findings(await doctor('--host', '0.0.0.0'));
    expect(found.get('binding')).toMatchObject({ status: 'broken', mend: expect.stringContaining('--tls') });
  });

  it('says for people what --json says for programs', async () => {
    const { stdout } = await vedette(['doctor', '--data', join(folder, 'data'), ...ports], { cwd: folder });
    expect(stdout).toMatch(/^ok +Node +v24/);
    expect((await vedette(['doctor', '--help'])).stdout).toContain('Exit codes');
  });

  it('answers wrong settings with 2', async () => {
    const { code, stderr } = await doctor('--port', '99999');
    expect([code, stderr]).toEqual([2, expect.stringContaining('port')]);
  });
});
