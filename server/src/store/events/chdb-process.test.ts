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

async function engine(limits: { readSeconds?: number; readSessions?: number } = {}): Promise<ChdbProcess> {
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
const ENDLESS = plain('SELECT count() AS n FROM numbers(1000000000000) WHERE sipHash64(number) = 1');

test('an aborted query stops in the engine: its session serves again at once', async () => {
  const process = await engine({ readSeconds: 300, readSessions: 1 });
  const controllers = [new AbortController(), new AbortController()];
  const queries = controllers.map(({ signal }) => process.read(ENDLESS, { signal }));
  const outcomes = Promise.allSettled(queries);
  const next = process.read(plain('SELECT 1 AS one'));
  await pause(300);
  controllers.forEach((controller) => controller.abort(new Error('gone')));
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await next).toEqual([{ one: 1 }]);
});

test('reads run beside each other', async () => {
  const process = await engine({ readSessions: 2 });
  const controller = new AbortController();
  const endless = process.read(ENDLESS, { signal: controller.signal });
  expect(await process.read(plain('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
  controller.abort(new Error('enough'));
  await expect(endless).rejects.toThrow('enough');
});

test('a query beyond its limits is refused as such', async () => {
  const process = await engine({ readSeconds: 1 });
  await expect(process.read(ENDLESS)).rejects.toThrow(QueryLimitError);
  await expect(process.read(plain('SELECT groupArray(number) AS all FROM numbers(100000000)'))).rejects.toThrow(
    QueryLimitError,
  );
  await expect(process.read(plain('SELECT repeat(toString(number), 1000) AS x FROM numbers(100000)'))).rejects.toThrow(
    QueryLimitError,
  );
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

test('a block that is no block is refused for good', async () => {
  const directory = temporary();
  const opened = await store(directory);
  const files = blockDirectory(directory);
  const file = writeBlockFile(files, Buffer.from('nonsense'));
  const outcome = await opened
    .insert({ table: 'events', rows: 1, data: { file }, token: 'x' })
    .catch((error: Error) => error);
  expect(outcome).toBeInstanceOf(Error);
  expect(outcome).not.toBeInstanceOf(StoreUnavailableError);
  expect(await opened.count({ lane: 'all' })).toBe(0);
});

test('reads that were under way when the engine dies are told so', async () => {
  const process_ = await engine();
  const query = process_.read(ENDLESS);
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
  expect(
    readdirSync(directory)
      .map((file) => join(directory, file))
      .sort(),
  ).toEqual([own, name(process.ppid), join(directory, 'something-else')].sort());
});
