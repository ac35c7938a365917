import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PENDING, createIdTable } from './id-table.ts';
import { openSeenIds } from './seen-ids.ts';

const HOUR = 3_600_000;
let directory: string;
let time = Date.UTC(2026, 0, 1);
const now = () => time;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vedette-seen-'));
  time = Date.UTC(2026, 0, 1);
});
afterEach(() => rm(directory, { recursive: true }));

test('an id is taken once, for 24 hours', async () => {
  const seen = await openSeenIds({ directory, now });
  expect([...seen.claim(['a', 'b', '', 'a', ''])]).toEqual([0, 0, 0, 1, 0]);
  seen.remember(['a', 'b'], time);
  expect([...seen.claim(['b', 'c'])]).toEqual([1, 0]);
  time += 24 * HOUR - 1000;
  expect([...seen.claim(['a'])]).toEqual([1]);
  time += 2000;
  expect([...seen.claim(['a'])]).toEqual([0]);
  await seen.close();
});

test('an id whose append is under way is neither new nor a duplicate; a failed append gives it back', async () => {
  const seen = await openSeenIds({ directory, now });
  seen.claim(['a', 'b']);
  expect([...seen.claim(['a'])]).toEqual([2]);
  let settled = false;
  const waiting = seen.settled().then(() => (settled = true));
  await Promise.resolve();
  expect(settled).toBe(false);
  seen.forget(['a', 'b']);
  await waiting;
  expect([...seen.claim(['a', 'b'])]).toEqual([0, 0]);
  seen.remember(['a'], time);
  seen.forget(['a']); // a durable id stays
  expect([...seen.claim(['a'])]).toEqual([1]);
  await seen.close();
});

test('after kill -9: committed ids are known, claimed but not kept ones are not, the journal brings the rest', async () => {
  const seen = await openSeenIds({ directory, now });
  seen.claim(['committed', 'in the journal only', 'claimed only']);
  seen.remember(['committed'], time);
  await seen.commit();
  seen.remember(['in the journal only'], time);
  const copy = `${directory}-after`;
  await cp(directory, copy, { recursive: true });
  await seen.close();
  const after = await openSeenIds({ directory: copy, now });
  after.remember(['in the journal only'], time);
  expect([...after.claim(['committed', 'in the journal only', 'claimed only'])]).toEqual([1, 1, 0]);
  await after.close();
  await rm(copy, { recursive: true });
});

test('the log is cut by the hour and old files go', async () => {
  let seen = await openSeenIds({ directory, now });
  for (let hour = 0; hour < 40; hour++) {
    seen.remember([`h${hour}`], time);
    await seen.commit();
    time += HOUR;
  }
  expect((await readdir(directory)).length).toBeLessThanOrEqual(26);
  await seen.close();
  seen = await openSeenIds({ directory, now });
  const ids = Array.from({ length: 40 }, (_, hour) => `h${hour}`);
  expect([...seen.claim(ids)]).toEqual(ids.map((_, hour) => (hour >= 16 ? 1 : 0)));
  await seen.close();
});

test('a hundred thousand ids come back', async () => {
  let seen = await openSeenIds({ directory, now });
  const ids = Array.from({ length: 100_000 }, (_, i) => `id-${i}`);
  expect(seen.claim(ids).every((each) => each === 0)).toBe(true);
  seen.remember(ids, time);
  await seen.close();
  seen = await openSeenIds({ directory, now });
  expect(seen.size).toBe(100_000);
  expect(seen.claim(ids).every((each) => each === 1)).toBe(true);
  expect(seen.claim(ids.map((id) => `${id}x`)).every((each) => each === 0)).toBe(true);
  await seen.close();
});

test('the table is a map while nothing expires or overflows', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 300 }), fc.constantFrom(0, 5, 6, (7 | PENDING) >>> 0)), {
        maxLength: 600,
      }),
      (steps) => {
        const table = createIdTable(100_000, () => 5);
        const model = new Map<number, number>();
        for (const [low, value] of steps) {
          table.set(1, low * 64, value);
          model.set(low, value);
        }
        for (const [low, value] of model) expect(table.get(1, low * 64)).toBe(value);
        expect(table.get(1, 1)).toBe(0);
      },
    ),
  );
});

test('memory is bounded: the oldest ids go first', () => {
  const table = createIdTable(10_000, () => 1);
  for (let i = 1; i <= 200_000; i++) table.set(Math.imul(i, 0x9e3779b1) >>> 0, i, i);
  expect(table.bytes).toBeLessThan(10_000 * 40);
  const known = (from: number, to: number) => {
    let count = 0;
    for (let i = from; i <= to; i++) if (table.get(Math.imul(i, 0x9e3779b1) >>> 0, i) === i) count++;
    return count;
  };
  expect(known(195_000, 200_000)).toBe(5001);
  expect(known(1, 150_000)).toBe(0);
});
