import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCutLog } from './cuts.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vedette-cuts-'));
});
afterEach(() => rm(directory, { recursive: true }));

test('cuts come back in order, without the released ones', async () => {
  let log = await openCutLog({ directory });
  await Promise.all([log.append(0, 10), log.append(10, 25), log.append(25, 2 ** 50)]);
  await log.release(10);
  expect(log.load()).toEqual([
    { start: 10, end: 25 },
    { start: 25, end: 2 ** 50 },
  ]);
  await log.close();
  log = await openCutLog({ directory });
  await log.release(12);
  expect(log.load()[0]).toEqual({ start: 10, end: 25 });
  await expect(log.append(5, 5)).rejects.toThrow(RangeError);
  await log.close();
});

test('a cut torn by a crash is gone, those before it stay', async () => {
  const log = await openCutLog({ directory });
  await log.append(0, 10);
  await log.append(10, 20);
  await log.close();
  const path = join(directory, 'cuts.log');
  const whole = await readFile(path);
  for (let at = whole.length / 2; at < whole.length; at++) {
    for (const damaged of [whole.subarray(0, at), Buffer.from(whole).fill(whole[at]! ^ 1, at, at + 1)]) {
      await writeFile(path, damaged);
      const again = await openCutLog({ directory });
      expect(again.load()).toEqual([{ start: 0, end: 10 }]);
      await again.append(10, 30);
      await again.close();
      const third = await openCutLog({ directory });
      expect(third.load().at(-1)).toEqual({ start: 10, end: 30 });
      await third.close();
    }
  }
});

test('the file does not grow for ever, and appends during its rewriting are kept', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 50, maxLength: 120 }), async (lags) => {
      await rm(join(directory, 'cuts.log'), { force: true });
      const log = await openCutLog({ directory, maxReleased: 8 });
      const pending: Promise<void>[] = [];
      for (const [i, lag] of lags.entries()) {
        pending.push(log.append(i, i + 1));
        if (lag === 0) await pending.at(-1);
        pending.push(log.release(Math.max(0, i - lag - 4)));
      }
      await Promise.all(pending);
      await log.release(lags.length - 4);
      await log.append(lags.length, lags.length + 1);
      await log.close();
      const again = await openCutLog({ directory });
      await again.release(lags.length - 4);
      expect(again.load().map((cut) => cut.start)).toEqual([4, 3, 2, 1, 0].map((back) => lags.length - back));
      await again.close();
      expect((await stat(join(directory, 'cuts.log'))).size).toBeLessThan(24 * 40);
    }),
    { numRuns: 20 },
  );
});
