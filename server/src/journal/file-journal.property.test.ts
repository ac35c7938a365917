/** Random appends, releases, crashes: every acknowledged record is there exactly once, and nothing else. */
import { mkdtemp, open, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openFileJournal } from './file-journal.ts';
import { exampleMeta, readAll } from './journal.contract.ts';

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('append' as const),
      sizes: fc.array(fc.nat(3000), { minLength: 1, maxLength: 12 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('release' as const), part: fc.double({ min: 0, max: 1, noNaN: true }) }),
  },
  {
    weight: 3,
    // What a crash may leave behind the last sync: nothing, part of a record, junk.
    arbitrary: fc.record({
      type: fc.constant('crash' as const),
      torn: fc.uint8Array({ maxLength: 200 }),
      whole: fc.boolean(),
    }),
  },
);

test('what was acknowledged is read exactly once, in order, whatever happens in between', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 25 }),
      fc.constantFrom(2048, 16_384, 1024 * 1024),
      fc.constantFrom(0, 5000, 1024 * 1024),
      async (steps, segmentBytes, memoryBytes) => {
        const directory = await mkdtemp(join(tmpdir(), 'vedette-journal-'));
        const openJournal = () => openFileJournal({ directory, segmentBytes, memoryBytes, firstSegmentBytes: 1024 });
        let journal = await openJournal();
        let expected: { position: number; text: string }[] = [];
        let serial = 0;
        try {
          for (const each of steps) {
            if (each.type === 'append') {
              const texts = each.sizes.map((size) => `${serial++} ${'x'.repeat(size)}`);
              const positions = await Promise.all(
                texts.map((text) => journal.append(exampleMeta(), Buffer.from(text))),
              );
              texts.forEach((text, i) => expected.push({ position: positions[i]!, text }));
            } else if (each.type === 'release') {
              const kept = Math.floor(expected.length * each.part);
              await journal.release(kept < expected.length ? expected[kept]!.position : journal.stats().end);
              expected = expected.slice(kept);
            } else {
              const { end } = journal.stats();
              await journal.close();
              await tear(directory, end, each.whole ? Buffer.concat([each.torn, each.torn]) : Buffer.from(each.torn));
              journal = await openJournal();
            }
            const records = await readAll(journal, journal.start, 4000);
            expect(records.map(({ position, payload }) => ({ position, text: payload.toString() }))).toEqual(expected);
          }
        } finally {
          await journal.close();
          await rm(directory, { recursive: true });
        }
      },
    ),
    { numRuns: 60 },
  );
});

/** Writes junk behind the end of the newest segment, as a write that was never synced may. */
async function tear(directory: string, end: number, junk: Buffer): Promise<void> {
  const newest = (await readdir(directory))
    .filter((name) => /^[0-9a-f]+\.segment$/.test(name))
    .sort()
    .at(-1);
  if (!newest || junk.length === 0) return;
  const path = join(directory, newest);
  expect((await stat(path)).isFile()).toBe(true);
  const handle = await open(path, 'r+');
  await handle.write(junk, 0, junk.length, end - Number.parseInt(newest, 16));
  await handle.close();
}
