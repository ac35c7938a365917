import { open, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openFileJournal } from './file-journal.ts';
import type { FileJournalOptions } from './file-journal.ts';
import { describeJournal, exampleMeta, readAll } from './journal.contract.ts';
import { JournalFullError } from './journal.ts';
import type { Journal } from './journal.ts';
import type { OpenFile } from './segments.ts';

function harnessOf(limits: Partial<FileJournalOptions>) {
  return async () => {
    const directory = await mkdtemp(join(tmpdir(), 'vedette-journal-'));
    const opened: Journal[] = [];
    return {
      async open(more = {}) {
        const journal = await openFileJournal({ directory, ...limits, ...more });
        opened.push(journal);
        return journal;
      },
      async cleanUp() {
        for (const journal of opened) await journal.close();
        await rm(directory, { recursive: true });
      },
    };
  };
}

describeJournal('files', harnessOf({ segmentBytes: 1024 * 1024 }));
describeJournal('files, read from disk, many segments', harnessOf({ segmentBytes: 4096, memoryBytes: 0 }));

describe('file journal', () => {
  let directory: string;
  let journals: Journal[] = [];
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'vedette-journal-'));
  });
  afterEach(async () => {
    for (const each of journals) await each.close();
    journals = [];
    await rm(directory, { recursive: true });
  });
  async function openJournal(options: Partial<FileJournalOptions> = {}): Promise<Journal> {
    const journal = await openFileJournal({ directory, ...options });
    journals.push(journal);
    return journal;
  }
  const texts = async (journal: Journal) => (await readAll(journal)).map((each) => each.payload.toString());
  const diskUse = async () => {
    let bytes = 0;
    for (const name of await readdir(directory)) bytes += (await stat(join(directory, name))).size;
    return bytes;
  };

  test('a new journal begins where it is told to; one that exists goes on where it was', async () => {
    const first = await openJournal({ firstPosition: 4096 });
    expect(first.start).toBe(4096);
    expect(await first.append(exampleMeta(), Buffer.from('a'))).toBe(4096);
    await first.close();
    const again = await openJournal({ firstPosition: 9999 });
    expect(again.start).toBe(4096);
    expect((await readAll(again)).map(({ payload }) => payload.toString())).toEqual(['a']);
  });

  test('an idle journal takes little room; a busy one reuses its segments', async () => {
    const journal = await openJournal({ segmentBytes: 64 * 1024, firstSegmentBytes: 16 * 1024 });
    expect(await diskUse()).toBeLessThan(20_000);
    for (let i = 0; i < 400; i++) {
      const position = await journal.append(exampleMeta(), Buffer.alloc(4000, i));
      if (i % 10 === 9) await journal.release(position);
    }
    expect(await diskUse()).toBeLessThan(5 * 64 * 1024);
    const [last] = (await readAll(journal)).slice(-1);
    expect(last!.payload.equals(Buffer.alloc(4000, 399))).toBe(true);
  });

  test('a record that was torn off by a crash is cut, whatever byte it was torn at', async () => {
    const journal = await openJournal({ memoryBytes: 0 });
    await journal.append(exampleMeta(), Buffer.from('first'));
    const last = await journal.append(exampleMeta(), Buffer.from('second'));
    const { end } = journal.stats();
    await journal.close();
    const path = join(directory, '0000000000000000.segment');
    const whole = await readFile(path);
    for (let cut = last; cut < end; cut++) {
      await writeFile(path, whole.subarray(0, cut));
      let again = await openJournal();
      expect(await texts(again)).toEqual(['first']);
      expect(await again.append(exampleMeta(), Buffer.from('third'))).toBe(last);
      await again.close();
      again = await openJournal();
      expect(await texts(again)).toEqual(['first', 'third']);
      await again.close();

      const corrupt = Buffer.from(whole);
      corrupt[cut]! ^= 0x55;
      await writeFile(path, corrupt);
      again = await openJournal();
      expect(await texts(again)).toEqual(['first']);
      await again.close();
    }
  });

  test('what lies behind a torn record never comes back', async () => {
    const journal = await openJournal();
    const positions = await Promise.all(
      ['aaaa', 'bbbb', 'cccc'].map((each) => journal.append(exampleMeta(), Buffer.from(each))),
    );
    await journal.close();
    const path = join(directory, '0000000000000000.segment');
    const bytes = await readFile(path);
    bytes[positions[1]! + 20]! ^= 1;
    await writeFile(path, bytes);
    const again = await openJournal();
    await again.append(exampleMeta(), Buffer.from('dddd')); // takes exactly the room of bbbb
    await again.close();
    expect(await texts(await openJournal())).toEqual(['aaaa', 'dddd']);
  });

  test('damage in the middle is reported and skipped; the rest stays readable', async () => {
    const troubles: string[] = [];
    const options = { memoryBytes: 0, segmentBytes: 4096, onTrouble: (message: string) => troubles.push(message) };
    const journal = await openJournal(options);
    const positions: number[] = [];
    for (let i = 0; i < 100; i++) positions.push(await journal.append(exampleMeta(), Buffer.from(`record ${i}`)));
    await journal.close();
    const path = join(directory, '0000000000000000.segment');
    const bytes = await readFile(path);
    bytes[positions[3]! + 40]! ^= 1;
    await writeFile(path, bytes);
    const expected = positions.map((_, i) => `record ${i}`).filter((_, i) => i !== 3);
    expect(await texts(await openJournal(options))).toEqual(expected);
    expect(troubles).toEqual([
      `the journal is damaged from ${positions[3]} to ${positions[4]}: what lay there is lost`,
    ]);
  });

  describe('on a failing disk', () => {
    let failing: { method: 'writev' | 'write' | 'datasync'; code: string } | null = null;
    let syncs = 0;
    const flaky: OpenFile = async (path, flags, mode) => {
      const handle = await open(path, flags, mode);
      return new Proxy(handle, {
        get(target, property: keyof FileHandle) {
          const value: unknown = target[property];
          if (typeof value !== 'function') return value;
          return (...args: unknown[]) => {
            if (property === 'datasync') syncs++;
            if (failing?.method === property) {
              return Promise.reject(Object.assign(new Error(failing.code), { code: failing.code }));
            }
            return (value as (...all: unknown[]) => unknown).apply(target, args);
          };
        },
      });
    };
    afterEach(() => {
      failing = null;
    });

    test('nothing is acknowledged that is not durable, and the journal goes on afterwards', async () => {
      for (const method of ['writev', 'datasync'] as const) {
        const journal = await openJournal({ open: flaky });
        await journal.append(exampleMeta(), Buffer.from(`before ${method}`));
        failing = { method, code: 'EIO' };
        await expect(journal.append(exampleMeta(), Buffer.from('lost'))).rejects.toThrow('EIO');
        failing = null;
        await journal.append(exampleMeta(), Buffer.from(`after ${method}`));
        expect((await texts(journal)).slice(-2)).toEqual([`before ${method}`, `after ${method}`]);
        await journal.close();
        expect((await texts(await openJournal())).slice(-2)).toEqual([`before ${method}`, `after ${method}`]);
      }
    });

    test('a full disk is a full journal until there is room', async () => {
      const journal = await openJournal({ open: flaky, retryMs: 5 });
      await journal.append(exampleMeta(), Buffer.from('before'));
      failing = { method: 'writev', code: 'ENOSPC' };
      await expect(journal.append(exampleMeta(), Buffer.from('lost'))).rejects.toThrow(JournalFullError);
      expect(journal.full).toBe(true);
      failing = { method: 'write', code: 'ENOSPC' };
      await expect(journal.append(exampleMeta(), Buffer.from('lost'))).rejects.toThrow(JournalFullError);
      failing = null;
      await journal.drained();
      await journal.append(exampleMeta(), Buffer.from('after'));
      await journal.close();
      expect(await texts(await openJournal())).toEqual(['before', 'after']);
    });

    test('concurrent appends share a sync', async () => {
      const journal = await openJournal({ open: flaky });
      await journal.append(exampleMeta(), Buffer.from('x'));
      syncs = 0;
      await Promise.all(Array.from({ length: 500 }, () => journal.append(exampleMeta(), Buffer.from('x'))));
      expect(syncs).toBeLessThan(5);
    });
  });
});
