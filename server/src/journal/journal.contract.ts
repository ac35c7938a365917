/** What every journal must do; run against each implementation. */
import { describe, expect, test } from 'vitest';
import { JournalFullError } from './journal.ts';
import type { Journal, JournalRecord, RecordMeta } from './journal.ts';

export interface JournalHarness {
  /** Opens the journal of this test, again after `close` (with what was in it). */
  open(limits?: { capacityBytes?: number }): Promise<Journal>;
  cleanUp(): Promise<void>;
}

export function exampleMeta(overrides: Partial<RecordMeta> = {}): RecordMeta {
  return {
    source: 'nginx on web1',
    input: 'http',
    lane: 'live',
    framing: 'lines',
    format: '',
    receivedAt: 1_700_000_000_000,
    ...overrides,
  };
}

/** Everything from `position` to the end. */
export async function readAll(journal: Journal, position = journal.start, step = 1000): Promise<JournalRecord[]> {
  const all: JournalRecord[] = [];
  for (;;) {
    const records = await journal.read(position, step);
    if (records.length === 0) return all;
    all.push(...records);
    position = records.at(-1)!.next;
  }
}

const text = (record: JournalRecord): string => record.payload.toString('utf8');

export function describeJournal(name: string, createHarness: () => Promise<JournalHarness>): void {
  describe(`journal: ${name}`, () => {
    async function using(body: (harness: JournalHarness) => Promise<void>): Promise<void> {
      const harness = await createHarness();
      try {
        await body(harness);
      } finally {
        await harness.cleanUp();
      }
    }

    test('gives back what was appended, in order, with all that the input knew', () =>
      using(async (harness) => {
        const journal = await harness.open();
        const metas = [
          exampleMeta(),
          exampleMeta({ source: 'syslog 10.0.0.5', input: 'syslog-udp', framing: 'octets', peer: '10.0.0.5' }),
          exampleMeta({ clientIds: ['a', '', 'c"\u2028'], receivedAt: 1_700_000_000_001 }),
          exampleMeta({
            framing: 'rejected',
            rejection: { code: 'too_large', reason: 'the frame is larger than 1 MiB' },
          }),
          exampleMeta({ file: { file: '1:2', generation: 3, offset: 4, print: 'p' }, lane: 'history', format: 'sshd' }),
          exampleMeta(),
        ];
        const positions = [];
        for (const [i, meta] of metas.entries())
          positions.push(await journal.append(meta, Buffer.from(`payload ${i}`)));
        const records = await readAll(journal);
        expect(records.map((each) => each.position)).toEqual(positions);
        expect(records.map(text)).toEqual(metas.map((_, i) => `payload ${i}`));
        expect(records.map((each) => ({ ...each.meta }))).toEqual(metas);
        expect(records.map((each) => each.next).slice(0, -1)).toEqual(positions.slice(1));
        expect(journal.stats().end).toBe(records.at(-1)!.next);
        await journal.close();
        const again = await readAll(await harness.open());
        expect(again.map(text)).toEqual(records.map(text));
        expect(again.map((each) => JSON.parse(JSON.stringify(each.meta)) as unknown)).toEqual(
          JSON.parse(JSON.stringify(metas)),
        );
      }));

    test('positions leave room to name every event of a record', () =>
      using(async (harness) => {
        const journal = await harness.open();
        const payload = Buffer.from('\n'.repeat(100));
        const position = await journal.append(exampleMeta(), payload);
        const [record] = await journal.read(position, 1);
        expect(record!.next - record!.position).toBeGreaterThanOrEqual(payload.length);
      }));

    test('concurrent appends all become durable and ascend in the order of the calls', () =>
      using(async (harness) => {
        const journal = await harness.open();
        const appended = await Promise.all(
          Array.from({ length: 2000 }, (_, i) =>
            journal.append(exampleMeta({ source: `s${i % 7}` }), Buffer.from(`${i}`)),
          ),
        );
        expect([...appended].sort((a, b) => a - b)).toEqual(appended);
        await journal.close();
        const records = await readAll(await harness.open());
        expect(records.map(text)).toEqual(Array.from({ length: 2000 }, (_, i) => `${i}`));
        expect(records.map((each) => each.meta.source)).toEqual(Array.from({ length: 2000 }, (_, i) => `s${i % 7}`));
      }));

    test('reads at least one record however small the limit, and no more than the limit otherwise', () =>
      using(async (harness) => {
        const journal = await harness.open();
        for (let i = 0; i < 10; i++) await journal.append(exampleMeta(), Buffer.alloc(100, i));
        expect(await journal.read(journal.start, 1)).toHaveLength(1);
        expect(await journal.read(journal.start, 350)).toHaveLength(3);
        expect(await journal.read(journal.stats().end, 350)).toEqual([]);
      }));

    test('tells a waiting reader when something is there, and when it closes', () =>
      using(async (harness) => {
        const journal = await harness.open();
        const position = journal.stats().end;
        let woken = false;
        const waiting = journal.available(position).then(() => (woken = true));
        await new Promise((resolve) => setImmediate(resolve));
        expect(woken).toBe(false);
        await journal.append(exampleMeta(), Buffer.from('x'));
        await waiting;
        await journal.available(position);
        const last = journal.available(journal.stats().end);
        await journal.close();
        await last;
        await expect(journal.append(exampleMeta(), Buffer.from('x'))).rejects.toThrow('closed');
      }));

    test('release moves the start, for good', () =>
      using(async (harness) => {
        let journal = await harness.open();
        for (let i = 0; i < 10; i++) await journal.append(exampleMeta(), Buffer.from(`${i}`));
        const records = await readAll(journal);
        await Promise.all([journal.release(records[3]!.next), journal.release(records[1]!.next)]);
        expect(journal.start).toBe(records[4]!.position);
        expect((await readAll(journal)).map(text)).toEqual(['4', '5', '6', '7', '8', '9']);
        await expect(journal.read(records[0]!.position, 1)).rejects.toThrow(RangeError);
        await journal.close();
        journal = await harness.open();
        expect(journal.start).toBe(records[4]!.position);
        expect((await readAll(journal)).map(text)).toEqual(['4', '5', '6', '7', '8', '9']);
        await journal.release(journal.stats().end);
        await journal.close();
        journal = await harness.open();
        expect(await readAll(journal)).toEqual([]);
        expect(journal.stats()).toMatchObject({ backlogBytes: 0, end: records.at(-1)!.next });
        expect(await journal.append(exampleMeta(), Buffer.from('next'))).toBe(records.at(-1)!.next);
      }));

    test('a full journal refuses, and tells when there is room again', () =>
      using(async (harness) => {
        const journal = await harness.open({ capacityBytes: 100_000 });
        const payload = Buffer.alloc(1000);
        let accepted = 0;
        let refusal: unknown;
        while (!refusal) {
          await journal.append(exampleMeta(), payload).then(
            () => accepted++,
            (error: unknown) => (refusal = error),
          );
        }
        expect(refusal).toBeInstanceOf(JournalFullError);
        expect(accepted).toBeGreaterThan(50);
        expect(journal.full).toBe(true);
        let drained = false;
        const waiting = journal.drained().then(() => (drained = true));
        const records = await readAll(journal);
        expect(records).toHaveLength(accepted);
        await journal.release(records[0]!.next);
        expect(drained).toBe(false);
        await journal.release(records[Math.floor(accepted / 2)]!.next);
        await waiting;
        expect(journal.full).toBe(false);
        await journal.append(exampleMeta(), payload);
        expect(await readAll(journal)).toHaveLength(accepted - Math.floor(accepted / 2));
      }));

    test('empty and large payloads', () =>
      using(async (harness) => {
        let journal = await harness.open();
        const large = Buffer.alloc(3_000_000, 'large ');
        await journal.append(exampleMeta(), Buffer.alloc(0));
        await journal.append(exampleMeta(), large);
        await journal.append(exampleMeta(), new Uint8Array([1, 2, 3]));
        await journal.close();
        journal = await harness.open();
        const records = await readAll(journal);
        expect(records.map((each) => each.payload.length)).toEqual([0, 3_000_000, 3]);
        expect(records[1]!.payload.equals(large)).toBe(true);
      }));
  });
}
