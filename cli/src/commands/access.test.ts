import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAccess } from '@vedette/server/access/access.ts';
import { openStateStore } from '@vedette/server/store/state/state-store.ts';
import { vedette } from '../testing/vedette.ts';

const PASSWORD = 'correct horse battery';
let data: string;

beforeEach(() => {
  data = join(mkdtempSync(join(tmpdir(), 'vedette-access-')), 'data');
});
afterEach(() => rmSync(join(data, '..'), { recursive: true }));

const user = (command: string, args: string[], input = '') =>
  vedette(['user', command, '--data', data, ...args], { input });
const key = (command: string, ...args: string[]) => vedette(['key', command, '--data', data, ...args]);
const create = (username: string, role: string) =>
  user('create', ['--username', username, '--role', role, '--password-stdin'], `${PASSWORD}\n`);

/** What the server would see: its own modules on the same folder. */
async function asServer<T>(look: (access: Awaited<ReturnType<typeof createAccess>>) => Promise<T>): Promise<T> {
  const state = openStateStore({ file: join(data, 'state.db'), now: Date.now });
  try {
    return await look(await createAccess({ state, sessionHours: 1 }));
  } finally {
    state.close();
  }
}
const signsIn = (username: string, password: string) =>
  asServer(async ({ accounts }) => (await accounts.checkPassword(username, password, '')) !== undefined);

describe('vedette user', () => {
  it('makes users that can sign in, in a private folder that it makes', async () => {
    const { code, stdout } = await create('anna', 'admin');
    expect([code, stdout]).toEqual([0, 'created admin anna\n']);
    expect(await signsIn('anna', PASSWORD)).toBe(true);
    expect(statSync(data).mode & 0o077).toBe(0);
    const again = await create('Anna', 'viewer');
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('exists already')]);
  });

  it('lists, changes passwords, deactivates and activates, but keeps the last administrator', async () => {
    await create('anna', 'admin');
    await create('ben', 'analyst');
    const list = await user('list', ['--json']);
    const users = list.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(users).toMatchObject([
      { username: 'anna', role: 'admin', active: true, lastLoginAt: null },
      { username: 'ben', role: 'analyst', active: true },
    ]);
    expect((await user('set-password', ['--username', 'ben', '--password-stdin'], 'another password')).code).toBe(0);
    expect(await signsIn('ben', PASSWORD)).toBe(false);
    expect(await signsIn('ben', 'another password')).toBe(true);
    expect((await user('deactivate', ['--username', 'ben'])).code).toBe(0);
    expect(await signsIn('ben', 'another password')).toBe(false);
    expect((await user('list', [])).stdout).toMatch(/ben\s+analyst\s+deactivated/);
    expect((await user('activate', ['--username', 'ben'])).code).toBe(0);
    expect(await signsIn('ben', 'another password')).toBe(true);
    const last = await user('deactivate', ['--username', 'anna']);
    expect([last.code, last.stderr]).toEqual([1, expect.stringContaining('last active administrator')]);
  });

  it('refuses bad names, roles and passwords with 2, and strangers with 1', async () => {
    expect((await create('no blanks', 'admin')).code).toBe(2);
    expect((await create('anna', 'owner')).code).toBe(2);
    const short = await user('create', ['--username', 'anna', '--role', 'admin', '--password-stdin'], 'short');
    expect([short.code, short.stderr]).toEqual([2, expect.stringContaining('at least 12')]);
    const unasked = await user('create', ['--username', 'anna', '--role', 'admin']);
    expect([unasked.code, unasked.stderr]).toEqual([2, expect.stringContaining('--password-stdin')]);
    expect((await user('list', [])).code).toBe(1);
    await create('anna', 'admin');
    expect((await user('deactivate', ['--username', 'ghost'])).code).toBe(1);
    expect((await vedette(['user', '--help'])).stdout).toContain('Examples:');
  });
});

describe('vedette key', () => {
  it('prints a key once that opens the door until it is revoked', async () => {
    const made = JSON.parse((await key('create', '--name', 'ci', '--scopes', 'read,ingest', '--json')).stdout) as {
      key: string;
      id: string;
    };
    expect(made).toMatchObject({ name: 'ci', scopes: ['ingest', 'read'] });
    const opens = () => asServer(({ authenticate }) => authenticate({ authorization: `Bearer ${made.key}` }, {}));
    expect(await opens()).toMatchObject({ kind: 'key', name: 'ci' });
    const list = (await key('list')).stdout;
    expect(list).toMatch(/ci\s+vdt_\w+\s+ingest,read\s+live/);
    expect(list).not.toContain(made.key);
    expect((await key('revoke', made.id)).code).toBe(0);
    expect(await opens()).toBe('failed');
    expect((await key('list', '--json')).stdout).toContain('"revokedAt":"20');
  });

  it('prints the bare key for people and revokes by name when it is clear which one', async () => {
    const { stdout, stderr } = await key('create', '--name', 'web1', '--scopes', 'ingest');
    expect(stdout).toMatch(/^vdt_\S{52}\n$/);
    expect(stderr).toContain('shown this once');
    await key('create', '--name', 'web1', '--scopes', 'ingest');
    const unclear = await key('revoke', 'web1');
    expect([unclear.code, unclear.stderr]).toEqual([1, expect.stringContaining('revoke by id')]);
    expect((await key('revoke', 'nothing')).code).toBe(1);
  });

  it('refuses unknown scopes with 2', async () => {
    expect((await key('create', '--name', 'x', '--scopes', 'ingest,all')).code).toBe(2);
    expect((await key('create', '--name', 'x')).code).toBe(2);
  });
});

describe('vedette', () => {
  it('shows version, help and unknown commands', async () => {
    expect((await vedette(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const unknown = await vedette(['user', 'fly']);
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining("unknown command 'fly'")]);
  });

  it('stops with the setting that is wrong', async () => {
    const wrong = await vedette(['user', 'list', '--data', data], { env: { VEDETTE_PROT: '1' } });
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('VEDETTE_PORT')]);
  });
});
