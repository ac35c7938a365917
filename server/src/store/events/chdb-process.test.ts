import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { blockDirectory, removeStaleBlockFiles, writeBlockFile } from './block-file.ts';
import { openChdbStore, type ChdbStore } from './chdb.ts';
import { startChdb, type ChdbProcess } from './chdb-process.ts';
import { QueryLimitError, StoreUnavailableError, type Block } from './event-store.ts';
import { blockOf, sampleEvent } from './testing/sample-events.ts';

const directories: string[] = [];
const open: { close(): Promise<void> }[] = [];

function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), 'vedette-engine-'));
  directories.push(directory);
  return directory;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((item) => item.close()));
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

async function engine(limits: { readSeconds?: number; readResultBytes?: number } = {}): Promise<ChdbProcess> {
  const settings = {
    directory: temporary(),
    readSessions: 2,
    maxMemory: 1024 ** 3,
    readMemory: 256 * 1024 ** 2,
    readSeconds: 30,
    readResultBytes: 1024 ** 2,
    ...limits,
  };
  const started = await startChdb(settings, () => Promise.resolve());
  open.push(started);
  return started;
}

async function store(directory = temporary()): Promise<ChdbStore> {
  const opened = await openChdbStore({ directory, now: () => Date.UTC(2026, 1, 7) });
  open.push(opened);
  return opened;
}

const plain = (text: string) => ({ text, params: {} });
/** Takes half a minute, most of it asleep, in steps that can be interrupted. */
const SLOW = plain('SELECT sum(sleepEachRow(0.05)) AS slow_rows FROM numbers(600)');

async function running(process: ChdbProcess): Promise<number> {
  const rows = await process.write("SELECT count() AS n FROM system.processes WHERE query LIKE '%slow_rows%' AND query NOT LIKE '%processes%'");
  return Number(rows[0]!['n']);
}

test('an aborted query stops in the engine, and its session serves again', async () => {
  const process = await engine();
  const controllers = [new AbortController(), new AbortController(), new AbortController()];
  const queries = controllers.map(({ signal }) => process.read(SLOW, { signal }));
  const outcomes = Promise.allSettled(queries);
  await expect.poll(() => running(process)).toBe(2); // the third waits for a session
  controllers.forEach((controller) => controller.abort(new Error('gone')));
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  await expect.poll(() => running(process), { timeout: 10_000 }).toBe(0);
  expect(await process.read(plain('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
});

test('a query beyond its limits is refused as such', async () => {
  const process = await engine({ readSeconds: 1 });
  await expect(process.read(SLOW)).rejects.toThrow(QueryLimitError);
  await expect(process.read(plain('SELECT groupArray(number) AS all FROM numbers(100000000)'))).rejects.toThrow(QueryLimitError);
  await expect(process.read(plain('SELECT repeat(toString(number), 1000) AS x FROM numbers(100000)'))).rejects.toThrow(QueryLimitError);
});

test('a read session reads tables only', async () => {
  const process = await engine();
  const file = join(temporary(), 'secret');
  writeFileSync(file, 'secret');
  for (const sql of [
    'CREATE TABLE t (x UInt8) ENGINE = Memory',
    'SET readonly = 0',
    'SELECT 1 SETTINGS max_execution_time = 0',
    `SELECT * FROM file('${file}', LineAsString)`,
    "SELECT * FROM url('http://127.0.0.1:1/', LineAsString)",
    "SELECT * FROM executable('id', TabSeparated, 'x String')",
  ])
    await expect(process.read(plain(sql)), sql).rejects.toThrow(/readonly|READONLY/);
});

test('one process holds a data folder at a time', async () => {
  const directory = temporary();
  await store(directory);
  await expect(openChdbStore({ directory, now: () => 0 })).rejects.toThrow();
});

test('killed again and again while it inserts, it stores every row exactly once', async () => {
  const directory = temporary();
  const opened = await store(directory);
  const blockFiles = blockDirectory(directory);
  const rows = 500;
  const blocks = Array.from({ length: 30 }, (_, n): Block => {
    const events = Array.from({ length: rows }, (_, i) => sampleEvent(n * rows + i + 1, { message: `event ${i}` }));
    const { data, ...block } = blockOf(events, `block-${n}`);
    return { ...block, data: { file: writeBlockFile(blockFiles, data as Uint8Array) } };
  });
  let killing = true;
  let kills = 0;
  const killer = (async () => {
    for (let wait = 30; killing && kills < 8; wait = (wait * 7) % 90) {
      await pause(wait);
      if (opened.pid === 0) continue;
      process.kill(opened.pid, 'SIGKILL');
      kills++;
      await expect.poll(() => opened.ready(), { timeout: 20_000, interval: 5 }).toBe(true);
    }
  })();
  for (const block of blocks) await insertUntilStored(opened, block);
  killing = false;
  await killer;
  // A file is gone once its block is stored, so what is sent again comes as bytes.
  for (let n = 0; n < 5; n++) {
    const events = Array.from({ length: rows }, (_, i) => sampleEvent(n * rows + i + 1, { message: `event ${i}` }));
    await insertUntilStored(opened, blockOf(events, `block-${n}`));
  }
  expect(kills).toBeGreaterThan(2);
  expect(await opened.count({ lane: 'all' })).toBe(30 * rows);
  const { values } = (await opened.fields({ lane: 'all' }, ['event.severity', 'user.name'], 1)).fields[0]!;
  expect(values).toEqual([]);
  expect(readdirSync(blockFiles)).toEqual([]);
});

async function insertUntilStored(opened: ChdbStore, block: Block): Promise<void> {
  for (let attempt = 0; attempt < 2000; attempt++) {
    try {
      return await opened.insert(block);
    } catch (error) {
      expect(error).toBeInstanceOf(StoreUnavailableError);
      await pause(10);
    }
  }
  throw new Error('the block was never stored');
}

test('a block that is no block is refused for good, and its file removed', async () => {
  const directory = temporary();
  const opened = await store(directory);
  const files = blockDirectory(directory);
  const file = writeBlockFile(files, Buffer.from('nonsense'));
  const outcome = await opened.insert({ table: 'events', rows: 1, data: { file }, token: 'x' }).catch((error: Error) => error);
  expect(outcome).toBeInstanceOf(Error);
  expect(outcome).not.toBeInstanceOf(StoreUnavailableError);
  expect(readdirSync(files)).toEqual([]);
  expect(await opened.count({ lane: 'all' })).toBe(0);
});

test('reads that were under way when the engine dies are told so', async () => {
  const process_ = await engine();
  const query = process_.read(SLOW);
  const outcome = expect(query).rejects.toThrow(StoreUnavailableError);
  await pause(100);
  process.kill(process_.pid, 'SIGKILL');
  await outcome;
  expect(process_.ready()).toBe(false);
  await expect(process_.read(plain('SELECT 1'))).rejects.toThrow(StoreUnavailableError);
  await expect.poll(() => process_.ready(), { timeout: 20_000 }).toBe(true);
});

test('block files of dead processes are removed, those of living ones stay', () => {
  const directory = temporary();
  const name = (pid: number) => join(directory, `${pid}-00000000-0000-0000-0000-000000000000.native`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(name(4_194_399), '');
  writeFileSync(name(process.ppid), '');
  writeFileSync(join(directory, 'something-else'), '');
  const own = writeBlockFile(directory, Buffer.from('x'));
  expect(removeStaleBlockFiles(directory)).toBe(1);
  expect(readdirSync(directory).map((file) => join(directory, file)).sort()).toEqual(
    [own, name(process.ppid), join(directory, 'something-else')].sort(),
  );
});
