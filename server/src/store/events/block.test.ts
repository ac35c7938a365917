import type { EcsEvent } from '@vedette/contracts';
import { type ExtraValue } from '@vedette/contracts';
import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEventBlock, MAX_TEXT } from './block.ts';
import { openChdbStore, type ChdbStore } from './chdb.ts';
import { decodeExtra, encodeExtra } from './extra-values.ts';
import { blockOf, DAY, processCreation, sampleEvent } from './testing/sample-events.ts';

test('values outside the promoted fields keep their type', () => {
  const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as ExtraValue);
  fc.assert(
    fc.property(fc.oneof(json, fc.string({ unit: fc.constantFrom('\u0001', 'a', '{', '"') })), (value) => {
      expect(decodeExtra(encodeExtra(value))).toEqual(value);
    }),
  );
});

describe('blocks through a real store', () => {
  const directory = mkdtempSync(join(tmpdir(), 'vedette-block-'));
  let store: ChdbStore;
  let token = 0;
  beforeAll(async () => {
    store = await openChdbStore({ directory, now: () => DAY });
  });
  afterAll(async () => {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  });

  async function stored(...events: EcsEvent[]) {
    await store.insert(blockOf(events, `token-${token++}`));
    return store.get(events.map(({ id }) => String(id)));
  }

  test('one block object is filled again and again', async () => {
    const block = createEventBlock();
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 5000; i++) {
        const event = sampleEvent(1_000_000 + round * 5000 + i, {
          message: `round ${round} event ${i}`,
          userName: `user${i % 300}`,
        });
        const line = Buffer.from(`>>${event.raw}<<`);
        block.append(event, line, 2, line.length - 2);
      }
      expect(block.rows).toBe(5000);
      expect(block.bytes).toBeGreaterThan(5000 * 40);
      await store.insert({
        table: 'events',
        rows: 5000,
        data: Uint8Array.from(block.finish()),
        token: `again-${round}`,
      });
      expect(block.rows).toBe(0);
    }
    expect(await store.count({ lane: 'all', q: 'event AND user.name:user*' })).toBe(15_000);
    expect(await store.count({ lane: 'all', q: 'message:"round 2 event 4999"' })).toBe(1);
  });

  test('many distinct values widen the dictionary', async () => {
    const events = Array.from({ length: 70_000 }, (_, i) =>
      sampleEvent(2_000_000 + i, { hostName: `host-${i}`, message: 'x' }),
    );
    await store.insert(blockOf(events, 'wide'));
    expect(await store.count({ lane: 'all', q: 'host.name:host-69999' })).toBe(1);
    expect(await store.count({ lane: 'all', q: 'host.name:host-*' })).toBe(70_000);
  });

  test('what a column cannot carry is kept beside it', async () => {
    const odd = sampleEvent(1, {
      sourceIp: '300.1.1.1',
      destinationIp: '::',
      sourcePort: 70_000,
      processPid: -1,
      sourceBytes: 1.5,
      timestamp: Date.UTC(1601, 0, 1),
      ingested: DAY,
      message: 'odd',
    });
    const future = sampleEvent(2, { timestamp: Date.UTC(9999, 0, 1), message: 'late' });
    const [first, second] = await stored(odd, future);
    expect(first).toMatchObject({
      source: { ip: '300.1.1.1', port: 70_000, bytes: 1.5 },
      destination: { ip: '::' },
      process: { pid: -1 },
      '@timestamp': '1900-01-01T00:00:00.000Z',
    });
    expect(second!['@timestamp']).toBe('2299-12-31T23:59:59.999Z');
  });

  test('hostile sizes are cut and named', async () => {
    const record: Record<string, ExtraValue> = {};
    for (let i = 0; i < 5000; i++) record[`key${i}`] = i;
    let deep: ExtraValue = 'bottom';
    for (let i = 0; i < 200; i++) deep = { d: deep };
    const event = sampleEvent(3, {
      userAgent: 'u'.repeat(MAX_TEXT + 1),
      message: 'x',
      extra: {
        ['k'.repeat(600)]: 1,
        big: 'b'.repeat(200_000),
        list: Array.from({ length: 50_000 }, (_, i) => i),
        deep,
      },
      record,
      recordPrefix: 'r.',
    });
    const [document] = await stored(event);
    const truncated = (document!['vedette'] as { truncated: string[] }).truncated;
    expect(truncated).toEqual(expect.arrayContaining(['user_agent.original', 'big', 'list']));
    expect((document!['user_agent'] as { original: string }).original).toHaveLength(MAX_TEXT);
    expect(document!['list']).toBeUndefined();
    expect(Object.keys(document!['r'] as object).length).toBeLessThanOrEqual(1024);
    expect(JSON.stringify(document!['deep'])).toContain('bottom');
  });

  test('names that JavaScript objects are wary of are data', async () => {
    const record = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": "x", "hasOwnProperty": 1}') as Record<
      string,
      ExtraValue
    >;
    const [document] = await stored(sampleEvent(4, { message: 'x', record, recordPrefix: 'winlog.event_data.' }));
    const data = (document!['winlog'] as Record<string, Record<string, ExtraValue>>)['event_data']!;
    expect(JSON.parse(JSON.stringify(data))).toEqual(record);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('a record comes back exactly, though its twins are stored once', async () => {
    const records: Record<string, ExtraValue>[] = [
      {
        Image: 'C:\\a.exe',
        CommandLine: 'x',
        ProcessId: 4,
        SourcePort: '443',
        SourceIp: '192.0.2.1',
        DestinationIp: '2001:DB8::1',
      },
      {
        Image: 'C:\\A.exe',
        CommandLine: '',
        ProcessId: '4',
        SourcePort: 443,
        SourceIp: '192.0.2.10',
      },
      { Image: null, CommandLine: ['x'], ProcessId: '04', SourcePort: '0443', ObjectName: 'HKLM\\x', EventID: 1 },
    ];
    const events = records.map((record, i) =>
      processCreation(10 + i, {
        processExecutable: 'C:\\a.exe',
        processCommandLine: 'x',
        processPid: 4,
        sourcePort: 443,
        sourceIp: '192.0.2.1',
        destinationIp: '2001:db8::1',
        registryPath: 'HKLM\\x',
        record,
      }),
    );
    const documents = await stored(...events);
    documents.forEach((document, i) => {
      const data = (document['winlog'] as Record<string, ExtraValue>)['event_data'];
      expect(JSON.parse(JSON.stringify(data))).toEqual(records[i]);
    });
    expect(await store.count({ lane: 'all', q: '_id:<100 AND winlog.event_data.Image:"c:\\a.exe"' })).toBe(2);
    expect(await store.count({ lane: 'all', q: 'winlog.event_data.SourcePort:443' })).toBe(2);
  });

  test('a message is found again in its line, in bytes and behind JSON escapes', async () => {
    const messages = [
      'Grüße aus Köln',
      'line\nbreak "quoted" \\ tab\t',
      'ünï\r\ncödé',
      'plain',
      '"',
      '\\"',
      'not in the line',
    ];
    const events = messages.flatMap((message, i) => [
      sampleEvent(100 + i, { message, raw: `ä ${message}` }),
      sampleEvent(120 + i, { message, raw: JSON.stringify({ ä: 1, message }) }),
      sampleEvent(140 + i, { message, raw: 'something else' }),
    ]);
    const documents = await stored(...events);
    documents.forEach((document, i) => expect(document['message']).toBe(events[i]!.message));
    for (const [i, message] of messages.entries()) {
      const q = `_id:(${100 + i} OR ${120 + i} OR ${140 + i}) AND message:"${message.replace(/["\\]/g, '\\$&')}"`;
      expect(await store.count({ lane: 'all', q }), message).toBe(3);
    }
  });
});
