import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendAudit, listAudit, type Actor } from './audit.ts';
import { migrate } from './migrations/migrate.ts';
import { migrations } from './migrations/index.ts';
import { settingOrInitial } from './settings.ts';
import { openStateStore, type StateStore } from './state-store.ts';
import { findUserByName, insertUser, listUsers, updateUser } from './users.ts';

let folder: string;
let state: StateStore;
const now = () => 1_000;
const actor: Actor = { kind: 'system', id: '', name: '', ip: '' };
const user = (id: string, username = id) => ({
  id,
  username,
  password_hash: 'x',
  role: 'admin' as const,
  created_at: 1,
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-state-'));
  state = openStateStore({ file: join(folder, 'deep', 'state.db'), now });
});
afterEach(() => {
  state.close();
  rmSync(folder, { recursive: true, force: true });
});

const pragma = (name: string) => Object.values(state.sqlite.prepare(`PRAGMA ${name}`).get()!)[0];

describe('openStateStore', () => {
  it('is durable, waits for other writers and keeps foreign keys', () => {
    expect(pragma('journal_mode')).toBe('wal');
    expect(pragma('synchronous')).toBe(2);
    expect(pragma('busy_timeout')).toBe(5000);
    expect(pragma('foreign_keys')).toBe(1);
    expect(pragma('user_version')).toBe(migrations.length);
  });

  it('is for its owner alone', () => {
    expect(statSync(join(folder, 'deep', 'state.db')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'deep')).mode & 0o777).toBe(0o700);
  });

  it('opens again with what was written, and twice at once', async () => {
    await state.commit([insertUser(state.db, user('a'))]);
    const second = openStateStore({ file: join(folder, 'deep', 'state.db'), now });
    expect(await findUserByName(second.db, 'A')).toMatchObject({ id: 'a' });
    await second.commit([insertUser(second.db, user('b'))]);
    second.close();
    expect((await listUsers(state.db)).map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('refuses a database of a newer version', () => {
    state.sqlite.exec('PRAGMA user_version = 9999');
    expect(() => openStateStore({ file: join(folder, 'deep', 'state.db'), now })).toThrow(/newer version/);
  });

  it('leaves the schema as it was when a migration fails', () => {
    const sqlite = new DatabaseSync(':memory:');
    const good = { number: 1, name: 'good', sql: 'CREATE TABLE a (x)' };
    const bad = { number: 2, name: 'bad', sql: 'CREATE TABLE b (x); CREATE TABLE a (x)' };
    expect(() => migrate(sqlite, [good, bad])).toThrow(/already exists/);
    expect(sqlite.prepare("SELECT group_concat(name) AS names FROM sqlite_schema WHERE type = 'table'").get()).toEqual({
      names: 'a',
    });
    migrate(sqlite, [good, { ...bad, sql: 'CREATE TABLE b (x)' }]);
    expect(sqlite.prepare('PRAGMA user_version').get()).toEqual({ user_version: 2 });
    sqlite.close();
  });

  it('lets several processes create it at the same moment', () => {
    const file = join(folder, 'race', 'state.db');
    const module = new URL('./state-store.ts', import.meta.url).href;
    const open = `const { openStateStore } = await import(${JSON.stringify(module)});
      openStateStore({ file: ${JSON.stringify(file)}, now: Date.now }).close();`;
    const script = `${JSON.stringify(process.execPath)} --input-type=module -e '${open}'`;
    const { status, stderr } = spawnSync('sh', ['-c', `${script} & a=$!; ${script} & b=$!; wait $a && wait $b`]);
    expect(stderr.toString().replace(/^.*Warning.*\n.*\n/gm, '')).toBe('');
    expect(status).toBe(0);
  });
});

describe('commit', () => {
  const entry = (action: string) => appendAudit(state.db, { at: 1, actor, action, target: '' });

  it('writes all or nothing', async () => {
    const broken = state.db.insertInto('users').values({ ...user('c'), role: 'king' as never } as never);
    await expect(state.commit([entry('one'), broken])).rejects.toThrow(/NOT NULL|CHECK/);
    expect(await listAudit(state.db, 10)).toEqual([]);
  });

  it('writes nothing when the first statement changes nothing', async () => {
    expect(await state.commit([updateUser(state.db, 'nobody', { role: 'viewer' }), entry('one')])).toBe(false);
    expect(await listAudit(state.db, 10)).toEqual([]);
    expect(await state.commit([insertUser(state.db, user('a')), entry('two')])).toBe(true);
    expect(await state.commit([insertUser(state.db, user('b', 'A')), entry('three')])).toBe(false);
    expect((await listAudit(state.db, 10)).map(({ action }) => action)).toEqual(['two']);
  });
});

describe('transaction', () => {
  it('rolls back what throws and passes the error on', () => {
    const insert = () => state.sqlite.exec("INSERT INTO settings VALUES ('a', 'b')");
    expect(() =>
      state.transaction(() => {
        insert();
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(state.transaction(insert)).toBeUndefined();
    expect(state.sqlite.prepare('SELECT count(*) AS n FROM settings').get()).toEqual({ n: 1 });
  });

  it('is the only kind: Kysely cannot leave one open between its awaits', async () => {
    await expect(state.db.transaction().execute(async () => undefined)).rejects.toThrow(/StateStore/);
  });
});

it('binds booleans as numbers', async () => {
  await state.commit([insertUser(state.db, user('a'))]);
  await state.db
    .updateTable('users')
    .set({ active: false as never })
    .execute();
  expect(await listUsers(state.db)).toMatchObject([{ active: 0 }]);
});

it('keeps the first value of a setting', async () => {
  expect(await settingOrInitial(state.db, 'secret', 'one')).toBe('one');
  expect(await settingOrInitial(state.db, 'secret', 'two')).toBe('one');
});
