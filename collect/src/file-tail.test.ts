import { appendFile, copyFile, mkdir, mkdtemp, open, rename, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FileMark } from './file-mark.ts';
import { createFileTail } from './file-tail.ts';
import type { FileTail, FileTailOptions } from './file-tail.ts';
import { listFiles } from './file-list.ts';
import { looksRotated, rotationBase } from './tail-state.ts';

let directory: string;
let tails: FileTail[];
let taken: { path: string; text: string; tooLong: boolean; mark: FileMark }[];
let skew = 0;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vedette-tail-'));
  await mkdir(join(directory, 'logs'));
  tails = [];
  taken = [];
  skew = 0;
});
afterEach(async () => {
  for (const tail of tails) await tail.stop();
  await rm(directory, { recursive: true });
});

const inLogs = (name: string) => join(directory, 'logs', name);
async function follow(options: Partial<FileTailOptions> = {}): Promise<FileTail> {
  const tail = createFileTail({
    paths: [inLogs('app.log*')],
    stateFile: join(directory, 'state', 'tail.json'),
    onPiece: async ({ path, payload, tooLong, mark }) => {
      taken.push({ path, text: payload.toString('latin1'), tooLong, mark });
    },
    now: () => Date.now() + skew,
    pollMs: 20,
    ...options,
  });
  tails.push(tail);
  await tail.start();
  return tail;
}
const text = () => taken.map((each) => each.text).join('');
async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 1000 && !condition(); i++) await delay(10);
  expect(condition(), text().slice(-500)).toBe(true);
}
/** Long enough for several looks at all files. */
const settle = () => delay(150);
const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `line ${from + i} ${'.'.repeat(30)}\n`).join('');

describe('following', () => {
  test('what is there, what is appended, new files; a partial line waits for its end', async () => {
    await writeFile(inLogs('app.log'), 'one\ntwo\nthr');
    await follow();
    await until(() => text() === 'one\ntwo\n');
    await appendFile(inLogs('app.log'), 'ee\n');
    await until(() => text() === 'one\ntwo\nthree\n');
    await writeFile(inLogs('app.log.new'), 'other\n');
    await until(() => text() === 'one\ntwo\nthree\nother\n');
  });

  test('pieces are large, end at newlines and cover every byte', async () => {
    const all = lines(0, 5000);
    await writeFile(inLogs('app.log'), all);
    await follow({ chunkBytes: 10_000 });
    await until(() => text() === all);
    for (const { text: piece, mark } of taken) {
      expect(piece.endsWith('\n')).toBe(true);
      expect(piece.length).toBeLessThanOrEqual(10_000);
      expect(mark.offset % 1).toBe(0);
    }
    expect(taken.length).toBeLessThan(40);
    expect(taken.at(-1)!.mark.offset).toBe(all.length);
  });

  test('a last line without newline is taken when its file has been quiet for long', async () => {
    await writeFile(inLogs('app.log'), 'one\ntwo');
    await follow();
    await until(() => text() === 'one\n');
    skew = 31_000;
    await until(() => text() === 'one\ntwo');
    await appendFile(inLogs('app.log'), '\nthree\n');
    await until(() => text() === 'one\ntwo\nthree\n');
  });

  test('a line beyond the limit keeps its first bytes; the next one is whole, and memory stays bounded', async () => {
    const handle = await open(inLogs('app.log'), 'w');
    await handle.write('before\n');
    const block = Buffer.alloc(1024 * 1024, 'x');
    for (let i = 0; i < 100; i++) await handle.write(block);
    await handle.write('\nafter\n');
    await handle.close();
    const before = process.memoryUsage().rss;
    await follow();
    await until(() => text().endsWith('after\n'));
    expect(taken.map((each) => each.tooLong)).toEqual([false, true, false]);
    expect(taken[1]!.text).toBe('x'.repeat(64 * 1024));
    expect(process.memoryUsage().rss - before).toBeLessThan(60 * 1024 * 1024);
  });

  test('nothing moves on before it is durable', async () => {
    await writeFile(inLogs('app.log'), lines(0, 100));
    let failures = 2;
    await follow({
      onPiece: async ({ payload, path, tooLong, mark }) => {
        if (failures-- > 0) throw new Error('full');
        taken.push({ path, text: payload.toString(), tooLong, mark });
      },
    });
    await until(() => text() === lines(0, 100));
  });
});

describe('rotation', () => {
  test('renaming while writing: nothing lost, nothing twice', async () => {
    await follow();
    let handle = await open(inLogs('app.log'), 'a');
    let written = 0;
    for (let round = 1; round <= 5; round++) {
      for (let i = 0; i < 50; i++) await handle.write(lines(written, (written += 7)));
      await rename(inLogs('app.log'), inLogs(`app.log.${round}`));
      await handle.write(lines(written, (written += 3))); // the writer has the old file open still
      const next = await open(inLogs('app.log'), 'a');
      await next.write(lines(written, (written += 3)));
      await handle.close();
      handle = next;
    }
    await handle.close();
    await until(() => text().length >= lines(0, written).length);
    await settle();
    expect(text().split('\n').sort()).toEqual(lines(0, written).split('\n').sort());
  });

  test('renamed to where nobody follows: read to its end through the open handle', async () => {
    await writeFile(inLogs('app.log'), lines(0, 10));
    await follow({ paths: [inLogs('app.log')] });
    await until(() => text() === lines(0, 10));
    const handle = await open(inLogs('app.log'), 'a');
    await rename(inLogs('app.log'), inLogs('old'));
    await handle.write(lines(10, 20));
    await writeFile(inLogs('app.log'), lines(20, 30));
    await until(() => text().length === lines(0, 30).length);
    await handle.close();
  });

  test('truncation in place: the new content is read from its beginning, also when it has grown longer', async () => {
    await writeFile(inLogs('app.log'), lines(0, 10));
    await follow();
    await until(() => text() === lines(0, 10));
    await truncate(inLogs('app.log'), 0);
    await appendFile(inLogs('app.log'), lines(10, 12));
    await until(() => text() === lines(0, 12));
    await writeFile(inLogs('app.log'), lines(12, 60));
    await until(() => text() === lines(0, 60));
  });

  test('copy and truncate: what only the copy still has is read from it, the rest is not read twice', async () => {
    await writeFile(inLogs('app.log'), lines(0, 100));
    const tail = await follow();
    await until(() => text() === lines(0, 100));
    await tail.stop();
    await appendFile(inLogs('app.log'), lines(100, 120)); // nobody looks: only the copy will have it
    await copyFile(inLogs('app.log'), inLogs('app.log.1'));
    await truncate(inLogs('app.log'), 0);
    await appendFile(inLogs('app.log'), lines(120, 125));
    await follow();
    await until(() => text().length === lines(0, 125).length);
    await settle();
    expect(text().split('\n').sort()).toEqual(lines(0, 125).split('\n').sort());
  });

  test('a copy beside the file that is followed waits', async () => {
    await writeFile(inLogs('app.log'), lines(0, 100));
    await follow();
    await until(() => text() === lines(0, 100));
    await copyFile(inLogs('app.log'), inLogs('app.log.1'));
    await settle();
    expect(text()).toBe(lines(0, 100));
    await truncate(inLogs('app.log'), 0);
    await appendFile(inLogs('app.log'), lines(100, 105));
    await until(() => text() === lines(0, 105));
    await settle();
    expect(text()).toBe(lines(0, 105));
  });

  test('a copy that is shorter than what was read of its original, which is then truncated, is not read at all', async () => {
    await writeFile(inLogs('app.log'), lines(0, 100));
    await follow();
    await until(() => text() === lines(0, 100));
    await copyFile(inLogs('app.log'), inLogs('app.log.1'));
    await appendFile(inLogs('app.log'), lines(100, 110));
    await until(() => text() === lines(0, 110));
    await truncate(inLogs('app.log'), 0);
    await appendFile(inLogs('app.log'), lines(110, 112));
    await until(() => text() === lines(0, 112));
    await settle();
    expect(text()).toBe(lines(0, 112));
  });

  test('names of rotation', () => {
    expect(rotationBase('/l/app.log.2.gz')).toBe('/l/app.log');
    expect(rotationBase('/l/app.log-20260101')).toBe('/l/app.log');
    expect(rotationBase('/l/app.log-2026-01-01.gz')).toBe('/l/app.log');
    expect(looksRotated('/l/app.log')).toBe(false);
    expect(looksRotated('/l/app.log.1')).toBe(true);
  });
});

describe('archives', () => {
  test('are read once, in pieces, with their last line', async () => {
    const all = `${lines(0, 20_000)}last`;
    await writeFile(inLogs('app.log.1.gz'), gzipSync(all));
    const tail = await follow({ chunkBytes: 100_000 });
    await until(() => text() === all);
    for (const { text: piece } of taken) expect(piece.length).toBeLessThan(300_000);
    await settle();
    await tail.stop();
    await follow();
    await settle();
    expect(text()).toBe(all);
  });

  test('of a file that was followed: only what was not read', async () => {
    await writeFile(inLogs('app.log'), lines(0, 200));
    const tail = await follow();
    await until(() => text() === lines(0, 200));
    await tail.stop();
    await writeFile(inLogs('app.log.1.gz'), gzipSync(lines(0, 230)));
    await unlink(inLogs('app.log'));
    await writeFile(inLogs('app.log'), lines(230, 240));
    await follow();
    await until(() => text().length === lines(0, 240).length);
    await settle();
    expect(text().split('\n').sort()).toEqual(lines(0, 240).split('\n').sort());
  });

  test('while the original is still followed the archive waits for its end', async () => {
    await writeFile(inLogs('app.log.1'), lines(0, 200));
    await follow();
    await until(() => text() === lines(0, 200));
    await writeFile(inLogs('app.log.1.gz'), gzipSync(lines(0, 200)));
    await unlink(inLogs('app.log.1'));
    await settle();
    skew = 31_000;
    await settle();
    expect(text()).toBe(lines(0, 200));
  });

  test('half written, damaged, bombs: troubles are told, the rest goes on', async () => {
    const troubles: string[] = [];
    const packed = gzipSync(lines(0, 3000));
    await writeFile(inLogs('app.log.1.gz'), packed.subarray(0, packed.length / 2));
    await writeFile(inLogs('app.log.2.gz'), 'no archive');
    await writeFile(inLogs('app.log.3.gz'), gzipSync(Buffer.alloc(50_000_000)));
    await follow({ onTrouble: (message) => troubles.push(message), maxArchiveBytes: 10_000_000 });
    await until(() => troubles.length === 3);
    const bombs = taken.filter((each) => each.path.includes('.3.'));
    expect(bombs.length).toBeLessThanOrEqual(1);
    taken = taken.filter((each) => each.path.includes('.1.'));
    await writeFile(inLogs('app.log.1.gz'), packed);
    await writeFile(inLogs('app.log'), 'fine\n');
    await until(() => text().length === lines(0, 3000).length + 5);
    expect(text().replace('fine\n', '')).toBe(lines(0, 3000));
  });

  test('a line beyond the limit inside an archive', async () => {
    await writeFile(inLogs('app.log.1.gz'), gzipSync(`a\n${'x'.repeat(5_000_000)}\nb\nc`));
    await follow();
    await until(() => text().endsWith('c'));
    expect(taken.map((each) => [each.tooLong, each.text.length])).toEqual([
      [false, 2],
      [true, 65_536],
      [false, 3],
    ]);
    expect(taken.at(-1)!.mark.offset).toBe(5_000_006);
  });
});

describe('restart', () => {
  test('goes on at the exact byte, also after renaming', async () => {
    await writeFile(inLogs('app.log'), lines(0, 10));
    const tail = await follow();
    await until(() => text() === lines(0, 10));
    await tail.stop();
    await appendFile(inLogs('app.log'), lines(10, 15));
    await rename(inLogs('app.log'), inLogs('app.log.1'));
    await writeFile(inLogs('app.log'), lines(15, 20));
    await follow();
    await until(() => text().length === lines(0, 20).length);
    await settle();
    expect(text().split('\n').sort()).toEqual(lines(0, 20).split('\n').sort());
  });

  test('a later place that became durable elsewhere wins over the saved one; a place that does not match is not used', async () => {
    await writeFile(inLogs('app.log'), lines(0, 10));
    let tail = await follow();
    await until(() => text() === lines(0, 10));
    const [{ mark }] = taken.slice(-1) as [(typeof taken)[0]];
    await tail.stop();
    await rm(join(directory, 'state'), { recursive: true });
    await appendFile(inLogs('app.log'), lines(10, 12));
    tail = await follow({ marks: [mark] });
    await until(() => text() === lines(0, 12));
    await tail.stop();
    await rm(join(directory, 'state'), { recursive: true });
    taken = [];
    await follow({ marks: [{ ...mark, print: '5:wrong:5:wrong' }] });
    await until(() => text() === lines(0, 12));
  });

  test('an older place does not win', async () => {
    await writeFile(inLogs('app.log'), lines(0, 10));
    const tail = await follow({ chunkBytes: 64 });
    await until(() => text() === lines(0, 10));
    const { mark } = taken[0]!;
    await tail.stop();
    await follow({ marks: [mark] });
    await settle();
    expect(text()).toBe(lines(0, 10));
  });
});

test('files, folders and patterns', async () => {
  await writeFile(inLogs('b.log'), '');
  await writeFile(inLogs('a.log'), '');
  await writeFile(inLogs('.hidden'), '');
  await mkdir(inLogs('sub'));
  await writeFile(inLogs('sub/c.log'), '');
  expect(await listFiles([join(directory, 'logs')])).toEqual([inLogs('a.log'), inLogs('b.log')]);
  expect(await listFiles([inLogs('**/*.log'), inLogs('a.log'), inLogs('none')])).toEqual([
    inLogs('a.log'),
    inLogs('b.log'),
    inLogs('sub/c.log'),
  ]);
});
