import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFileJournal } from '../journal/file-journal.ts';
import { JournalFullError, type Journal, type JournalRecord } from '../journal/journal.ts';
import { openSeenIds, type SeenIds } from '../journal/seen-ids.ts';
import { createAdmission, type Admission } from './admission.ts';
import type { AdmissionRequest } from './admitted.ts';
import { claimedIds, createIngest, type Ingest, type IngestMeta } from './ingest.ts';

const NOW = Date.UTC(2026, 1, 6, 12);
const META: IngestMeta = {
  input: 'http',
  source: 'web',
  format: '',
  lane: 'live',
  peer: '127.0.0.1',
  requestKey: '',
};

let directory: string;
let journal: Journal;
let seen: SeenIds;
let admission: Admission;
let ingest: Ingest;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'vedette-ingest-'));
  admission = createAdmission();
  await open();
});
afterEach(async () => {
  await Promise.all([journal.close(), seen.close(), admission.close()]);
  rmSync(directory, { recursive: true });
});

async function open(): Promise<void> {
  journal = await openFileJournal({ directory: join(directory, 'journal') });
  seen = await openSeenIds({ directory: join(directory, 'seen'), now: () => NOW });
  ingest = createIngest({ journal, seen, now: () => NOW });
}

const admit = (body: string | Buffer, change: Partial<AdmissionRequest> = {}) =>
  admission.admit(Buffer.from(body), {
    kind: 'events',
    contentType: 'application/json',
    contentEncoding: '',
    format: '',
    index: '',
    ...change,
  });
const send = async (body: string, meta: Partial<IngestMeta> = {}) => ingest(await admit(body), { ...META, ...meta });
async function records(): Promise<JournalRecord[]> {
  const all: JournalRecord[] = [];
  for (let at = journal.start; ; at = all.at(-1)!.next) {
    const next = await journal.read(at, 1 << 20);
    if (next.length === 0) return all;
    all.push(...next);
  }
}
const stored = async () =>
  (await records())
    .filter(({ meta }) => meta.framing === 'lines')
    .flatMap(({ payload }) =>
      payload
        .toString()
        .split('\n')
        .filter((line) => line !== ''),
    );

describe('admission', () => {
  it('reads bodies in its worker, and says why it refuses one', async () => {
    const admitted = await admit(gzipSync('[{"_id":"1","a":1}]'), { contentEncoding: 'gzip' });
    expect(Buffer.from(admitted.batches[0]!.payload).toString()).toBe('{"a":1}\n');
    await expect(admit('[')).rejects.toMatchObject({ name: 'AdmissionError', code: 'bad_json' });
  });

  it('bounds what is in memory at the same time', () => {
    const bounded = createAdmission({ maxPendingBytes: 100 });
    expect(bounded.reserve(60)).toBe(true);
    expect(bounded.reserve(60)).toBe(false);
    bounded.free(60);
    expect(bounded.reserve(200)).toBe(true);
    return bounded.close();
  });

  it('refuses what is under way when it is closed', async () => {
    const closing = createAdmission();
    const answer = closing.admit(Buffer.from('{}'), {
      kind: 'events',
      contentType: '',
      contentEncoding: '',
      format: '',
      index: '',
    });
    await Promise.all([expect(answer).rejects.toMatchObject({ code: 'unavailable' }), closing.close()]);
  });
});

describe('ingest', () => {
  it('appends one record with what is known of it', async () => {
    const outcome = await send('{"a":1}\n{"a":2}', { source: 'nginx on web1', format: 'json', lane: 'history' });
    expect(outcome).toMatchObject({ accepted: 2, duplicates: 0 });
    const [record, ...others] = await records();
    expect(others).toEqual([]);
    expect(record!.payload.toString()).toBe('{"a":1}\n{"a":2}\n');
    expect(record!.meta).toEqual({
      source: 'nginx on web1',
      input: 'http',
      lane: 'history',
      framing: 'lines',
      format: 'json',
      receivedAt: NOW,
      peer: '127.0.0.1',
    });
    expect(outcome.batches[0]!.stored).toEqual([
      { item: 0, id: record!.position },
      { item: 1, id: record!.position + 8 },
    ]);
  });

  it('keeps rejected items for quarantine with their bytes and reason', async () => {
    await send('{"a":1}\n{"broken":\n{"a":2}');
    const [rejected] = (await records()).filter(({ meta }) => meta.framing === 'rejected');
    expect(rejected!.payload.toString()).toBe('{"broken":');
    expect(rejected!.meta.rejection).toMatchObject({ code: 'bad_json' });
    expect(await stored()).toEqual(['{"a":1}', '{"a":2}']);
  });

  it('stores each id once: in a body, in a later body, and after a restart', async () => {
    expect(await send('[{"_id":"1","a":1},{"_id":"2","a":2},{"_id":"1","a":3}]')).toMatchObject({
      accepted: 2,
      duplicates: 1,
      batches: [{ duplicateItems: [2] }],
    });
    expect(await send('[{"_id":"2","a":2},{"_id":"3","a":4},{"a":5}]')).toMatchObject({ accepted: 2, duplicates: 1 });
    expect(await stored()).toEqual(['{"a":1}', '{"a":2}', '{"a":4}', '{"a":5}']);
    expect((await records()).map(({ meta }) => meta.clientIds)).toEqual([
      ['1', '2'],
      ['3', ''],
    ]);

    await Promise.all([journal.close(), seen.close()]);
    rmSync(join(directory, 'seen'), { recursive: true });
    await open();
    for (const { meta } of await records()) seen.remember(claimedIds(meta), meta.receivedAt);
    expect(await send('[{"_id":"1"},{"_id":"2"},{"_id":"3"}]')).toMatchObject({ accepted: 0, duplicates: 3 });
  });

  it('keeps the ids of different sources and lanes apart', async () => {
    const body = '{"_id":"1"}';
    for (const meta of [{}, { source: 'other' }, { lane: 'exercise' as const }])
      expect(await send(body, meta)).toMatchObject({ accepted: 1 });
    expect(await send(body)).toMatchObject({ duplicates: 1 });
  });

  it('takes a request with a key once, also after a restart', async () => {
    const meta = { requestKey: 'request k1 abc' };
    expect(await send('{"a":1}\n{"a":2}', meta)).toMatchObject({ accepted: 2, duplicates: 0 });
    expect(await send('{"a":1}\n{"a":2}', meta)).toMatchObject({ accepted: 0, duplicates: 2 });
    await Promise.all([journal.close(), seen.close()]);
    rmSync(join(directory, 'seen'), { recursive: true });
    await open();
    for (const record of await records()) seen.remember(claimedIds(record.meta), NOW);
    expect(await send('{"a":1}\n{"a":2}', meta)).toMatchObject({ accepted: 0, duplicates: 2 });
    expect(await stored()).toHaveLength(2);
  });

  it('stores what two requests send at the same time once', async () => {
    const ids = (from: number) => JSON.stringify(Array.from({ length: 50 }, (_, i) => ({ _id: `${from + i}` })));
    const outcomes = await Promise.all([send(ids(0)), send(ids(25)), send(ids(0)), send(ids(10))]);
    expect(outcomes.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(75);
    expect(outcomes.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(125);
    const clientIds = (await records()).flatMap(({ meta }) => meta.clientIds ?? []);
    expect(new Set(clientIds).size).toBe(clientIds.length);
  });

  it('takes a request with a key once when it is sent twice at the same time', async () => {
    const meta = { requestKey: 'request k1 abc' };
    const outcomes = await Promise.all([send('{"a":1}', meta), send('{"a":1}', meta)]);
    expect(outcomes.map(({ accepted }) => accepted).sort()).toEqual([0, 1]);
    expect(await stored()).toHaveLength(1);
  });

  it('gives claims back when the journal refuses', async () => {
    let refuse = true;
    const failing = createIngest({
      journal: {
        append: (meta, payload) =>
          refuse ? Promise.reject(new JournalFullError('full')) : journal.append(meta, payload),
      },
      seen,
      now: () => NOW,
    });
    const meta = { ...META, requestKey: 'request k1 abc' };
    const body = await admit('[{"_id":"1"},{"_id":"2"}]');
    const outcome = await failing(body, meta);
    expect(outcome).toMatchObject({ accepted: 0, duplicates: 0, batches: [{ failedItems: [0, 1] }] });
    expect(outcome.batches[0]!.error).toBeInstanceOf(JournalFullError);
    await expect(failing(await admit('x'), META)).rejects.toBeInstanceOf(JournalFullError);
    refuse = false;
    expect(await failing(body, meta)).toMatchObject({ accepted: 2 });
    expect(await failing(body, meta)).toMatchObject({ duplicates: 2 });
  });
});
