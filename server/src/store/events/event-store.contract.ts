/** What every event store does; run by `chdb.test.ts` and `clickhouse.test.ts` over real engines. */
import { flattenEvent, nestFields, type EcsDocument, type EcsEvent, type ExtraValue } from '@vedette/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { matchesQuery, printQuery, QueryError } from '../../search/index.ts';
import { queryFor } from '../../search/testing/arbitrary-query.ts';
import { CursorError } from './queries/cursor.ts';
import type { EventFilter, EventStore } from './event-store.ts';
import {
  blockOf,
  DAY,
  INGESTED,
  processCreation,
  quarantineOf,
  sampleEvent,
  sshFailure,
} from './testing/sample-events.ts';

const NOW = INGESTED + 3_600_000;

export interface ContractStore {
  store: EventStore;
  close(): Promise<void>;
}

export function eventStoreContract(name: string, open: (now: () => number) => Promise<ContractStore>): void {
  describe(`${name} keeps the event store's contract`, () => {
    let store: EventStore;
    let opened: ContractStore;
    let clock = NOW;

    beforeAll(async () => {
      opened = await open(() => clock);
      ({ store } = opened);
      await store.insert(blockOf(EVENTS, 'events-0'));
    });
    afterAll(() => opened?.close());

    const all: EventFilter = { lane: 'all' };
    const found = async (q: string, filter: Partial<EventFilter> = {}) => {
      const { items } = await store.search({ lane: 'all', ...filter, q }, { limit: 200 });
      return items.map(({ _id }) => Number(_id));
    };

    test('is ready', () => expect(store.ready()).toBe(true));

    test('gives back every event as it was', async () => {
      for (const event of EVENTS) {
        const [document] = await store.get([String(event.id)]);
        expect(document).toEqual(expectedDocument(event));
      }
    });

    test('stores a token once, even with other rows', async () => {
      await store.insert(blockOf(EVENTS, 'events-0'));
      await store.insert(blockOf([sshFailure(900, '192.0.2.9', 'eve')], 'events-0'));
      expect(await store.count(all)).toBe(EVENTS.length);
    });

    test('stores blocks at once, each whole', async () => {
      const other = [901, 902, 903].map((id) =>
        sampleEvent(id, { message: 'parallel', lane: 'exercise', timestamp: DAY }),
      );
      await Promise.all(other.map((event) => store.insert(blockOf([event], `parallel-${event.id}`))));
      await Promise.all(other.map((event) => store.insert(blockOf([event], `parallel-${event.id}`))));
      expect(await store.count({ lane: 'exercise' })).toBe(3);
    });

    test('lists newest first and pages without gaps or repeats', async () => {
      const seen: string[] = [];
      let cursor: string | undefined;
      for (let pages = 0; pages < 20; pages++) {
        const page = await store.search({ lane: 'live' }, { limit: 3, ...(cursor !== undefined && { cursor }) });
        seen.push(...page.items.map(({ _id }) => _id));
        if (page.nextCursor === null) break;
        cursor = page.nextCursor;
      }
      const live = EVENTS.filter(({ lane }) => lane === 'live');
      const expected = live.sort((a, b) => b.timestamp - a.timestamp || b.id - a.id).map(({ id }) => String(id));
      expect(seen).toEqual(expected);
    });

    test('refuses a cursor that is none, and a query that cannot be read', async () => {
      await expect(store.search(all, { limit: 1, cursor: 'nonsense' })).rejects.toThrow(CursorError);
      await expect(store.search({ ...all, q: '(a OR' }, { limit: 1 })).rejects.toThrow(QueryError);
      await expect(store.count({ ...all, q: 'source.port:many' })).rejects.toThrow(QueryError);
    });

    test('filters by lane and time', async () => {
      expect(await found('*', { lane: 'history' })).toEqual([6]);
      const from = new Date(DAY + 1000).toISOString();
      const to = new Date(DAY + 3000).toISOString();
      expect(await found('*', { from, to })).toEqual([2, 1]);
    });

    test.each([
      ['source.ip:192.0.2.7', [1]],
      ['source.ip:192.0.2.0/24', [2, 1]],
      ['source.ip:192.0.*', [2, 1]],
      ['source.ip:"2001:db8::1"', [3]],
      ['source.ip:[192.0.2.8 TO 192.0.2.255]', [2]],
      ['192.0.2.7', [1]],
      ['192.0.2.77', [2]],
      ['"failed password"', [3, 2, 1]],
      ['failed password root', [1]],
      ['iled passw', [3, 2, 1]],
      ['fail*192.0.2.77', [2]],
      ['user.name:ROOT', [1]],
      ['user.name:(root OR admin)', [2, 1]],
      ['user.name:r*', [1]],
      ['NOT user.name:root AND event.outcome:failure', [3, 2]],
      ['event.outcome:failure -user.name:root', [3, 2]],
      ['event.severity:medium', [4]],
      ['event.severity:>=7', [5, 4]],
      ['event.severity:>medium', [5]],
      ['event.severity:{5 TO 8]', [4]],
      ['event.severity:(low OR high)', [5, 3, 2, 1]],
      ['source.port:40001', [1]],
      ['process.executable:*\\\\whoami.exe', [4]],
      ['process.command_line:"whoami /all"', [4]],
      ['winlog.event_data.Image:*whoami.exe', [4]],
      ['winlog.event_data.ProcessId:4711', [4]],
      ['winlog.event_data.LogonId:0x3E7', [4]],
      ['winlog.event_data.Hashes.SHA256:AB12', [4]],
      ['_exists_:winlog.event_data.Image', [4]],
      ['winlog.event_data.Image:* AND NOT _exists_:winlog.event_data.Missing', [4]],
      ['message:"process create:"', [4]],
      ['message:password', [3, 2, 1]],
      ['tags:blue', [5]],
      ['custom.number:[1 TO 2]', [5]],
      ['custom.number:1.5', [5]],
      ['custom.flag:true', [5]],
      ['_exists_:custom.nothing', []],
      ['_exists_:custom.empty', [5]],
      ['_id:5', [5]],
      ['@timestamp:>2026-02-06T00:00:04Z', [6, 5]],
      ['@timestamp:2026-02-06', [6, 5, 4, 3, 2, 1]],
      ['vedette.intel.level:>0', [5]],
      ['"Grüße, 世界"', [5]],
      ['caf\\é', []],
      ['"100%"', [5]],
      ['"100_"', []],
    ])('finds %s', async (q, ids) => {
      expect((await found(q)).filter((id) => id < 100)).toEqual(ids);
    });

    test.each([
      `' OR 1=1 --`,
      `"' OR 1=1 --"`,
      `user.name:"x' OR '1'='1"`,
      `user.name:\\') OR 1=1--`,
      `source.type\\'\\)\\ OR\\ 1\\=1:x`,
      `{p0:String}`,
      `"{p0:String}"`,
      `user.name:"\\\\' OR 1=1 -- "`,
      `"\n\nDROP TABLE events\n\n"`,
      `extra.x:"');DROP TABLE events;--"`,
      `"\u0000"`,
      `a\\\\`,
    ])('finds nothing for the injection %j', async (q) => {
      let ids: number[] = [];
      try {
        ids = await found(q);
      } catch (error) {
        expect(error).toBeInstanceOf(QueryError);
      }
      expect(ids).toEqual([]);
      expect(await store.count({ lane: 'all' })).toBeGreaterThanOrEqual(EVENTS.length);
    });

    test('keeps SQL inside data as data', async () => {
      const raw = "x\n\nDROP TABLE events;\n\nINSERT INTO events VALUES ('";
      await store.insert(
        blockOf([sampleEvent(800, { raw, message: raw, userName: "'; DROP TABLE events; --" })], 'sql'),
      );
      const [document] = await store.get(['800']);
      expect(document).toMatchObject({
        event: { original: raw },
        message: raw,
        user: { name: "'; DROP TABLE events; --" },
      });
    });

    test('searches as the evaluator does, for any query', async () => {
      const documents = EVENTS.map((event) => flatDocument(event));
      const values = documents.flatMap((document) => Object.entries(document));
      await fc.assert(
        fc.asyncProperty(queryFor(values), async (query) => {
          const text = printQuery(query);
          const expected = EVENTS.filter((_, i) => matchesQuery(query, documents[i]!)).map(({ id }) => id);
          const ids = (await found(text)).filter((id) => id < 100);
          expect(
            ids.sort((a, b) => a - b),
            text,
          ).toEqual(expected.sort((a, b) => a - b));
        }),
        { numRuns: 150 },
      );
    });

    test('counts, over time and by severity', async () => {
      const histogram = await store.histogram({ lane: 'live', to: new Date(DAY + 60_000).toISOString() }, 12);
      const live = EVENTS.filter(({ lane }) => lane === 'live');
      expect(await store.count({ lane: 'live', q: '_id:<100' })).toBe(live.length);
      expect(histogram.intervalMs).toBe(5000);
      expect(histogram.buckets).toHaveLength(12);
      expect(histogram.buckets[0]).toEqual({
        ts: '2026-02-06T00:00:00.000Z',
        counts: { info: 0, low: 3, medium: 1, high: 0, critical: 0 },
      });
      expect(histogram.buckets[1]!.counts.high).toBe(1);
    });

    test('answers a histogram without any event', async () => {
      const histogram = await store.histogram({ lane: 'live', q: 'user.name:nobody' }, 10);
      expect(histogram.buckets.every(({ counts }) => counts.low === 0)).toBe(true);
      expect(histogram.from).toBe(new Date(NOW).toISOString());
    });

    test('summarises fields', async () => {
      const { total, sampled, fields } = await store.fields(
        { lane: 'all', q: 'event.outcome:failure' },
        ['user.name', 'source.ip', 'sshd.method'],
        2,
      );
      expect({ total, sampled }).toEqual({ total: 3, sampled: false });
      expect(fields.map(({ field, present }) => [field, present])).toEqual([
        ['user.name', 3],
        ['source.ip', 3],
        ['sshd.method', 3],
      ]);
      expect(fields[2]!.values).toEqual([{ value: 'password', count: 3 }]);
      const listed = await store.fields({ lane: 'all', q: '_id:5' }, [], 5);
      const custom = listed.fields.find(({ field }) => field === 'custom.number');
      expect(custom).toMatchObject({ present: 1, values: [{ value: '1.5', count: 1 }] });
      expect(listed.fields.some(({ field }) => field === 'vedette.twins')).toBe(false);
    });

    test('pivots on a value wherever it stands, by source type', async () => {
      const byAddress = await store.pivot('192.0.2.7', { lane: 'all' }, 5);
      expect(byAddress.groups.map(({ sourceType, count }) => [sourceType, count])).toEqual([
        ['auth', 1],
        ['firewall', 1],
      ]);
      expect(byAddress.total).toBe(2);
      expect(byAddress.groups[0]!.items[0]!._id).toBe('1');
      expect(byAddress.groups[0]!.firstSeen).toBe(new Date(DAY + 1000).toISOString());
      expect((await store.pivot('192.0.2.77', { lane: 'all' }, 5)).total).toBe(1);
      expect((await store.pivot('ALICE', { lane: 'all' }, 5)).groups.map(({ sourceType }) => sourceType)).toContain(
        'windows',
      );
      expect((await store.pivot('whoami.exe', { lane: 'all' }, 5)).total).toBe(1);
      expect((await store.pivot('hoami.exe', { lane: 'all' }, 5)).total).toBe(0);
      expect((await store.pivot("x' OR 1=1", { lane: 'all' }, 5)).total).toBe(0);
    });

    test('gives the figures of the overview', async () => {
      const figures = await store.figures({ lane: 'all', q: '_id:<100' });
      expect(figures.totals).toMatchObject({ events: EVENTS.length, malicious: 1, noMatch: EVENTS.length - 1 });
      expect(figures.bySeverity).toEqual({ info: 1, low: 3, medium: 1, high: 1, critical: 0 });
      expect(figures.byProtocol[0]).toEqual({ value: 'ssh', count: 3 });
      expect(figures.bySourceType[0]).toEqual({ value: 'auth', count: 3 });
      expect(figures.topMaliciousIps).toEqual([{ value: '198.51.100.4', count: 1, level: 9 }]);
      expect(figures.heatmap).toEqual([{ severity: 'high', confidence: 9, count: 1 }]);
      expect(figures.timeline.reduce((sum, { total }) => sum + total, 0)).toBe(EVENTS.length);
      expect(figures.topIps[0]).toEqual({ value: '192.0.2.7', count: 2 });
      const filtered = await store.figures({
        lane: 'all',
        q: '_id:<100',
        severity: 'low',
        protocol: 'ssh',
        sourceType: 'auth',
      });
      expect(filtered.totals.events).toBe(3);
    });

    test('keeps quarantined input with its bytes', async () => {
      const lines = [
        { id: 1, raw: Buffer.from('half a line') },
        { id: 2, raw: Buffer.from([0xff, 0xfe, 0]), source: 'other' },
      ];
      await store.insert(quarantineOf(lines, 'quarantine-0'));
      await store.insert(quarantineOf(lines, 'quarantine-0'));
      const first = await store.quarantine({}, { limit: 1 });
      expect(first.items[0]).toMatchObject({ id: '2', encoding: 'base64', raw: '//4A', bytes: 3, source: 'other' });
      const second = await store.quarantine({}, { limit: 1, cursor: first.nextCursor! });
      expect(second.items[0]).toMatchObject({ id: '1', encoding: 'utf8', raw: 'half a line', code: 'unparsed' });
      expect(second.nextCursor).toBeNull();
      expect((await store.quarantine({ source: 'other' }, { limit: 9 })).items).toHaveLength(1);
    });

    test('cancels on abort and goes on', async () => {
      const gone = AbortSignal.abort(new Error('the client went away'));
      await expect(store.count(all, { signal: gone })).rejects.toThrow('went away');
      const controller = new AbortController();
      const slow = store.fields(all, [], 50, { signal: controller.signal });
      controller.abort(new Error('the client went away'));
      await expect(slow).rejects.toThrow('went away');
      expect(await store.count(all)).toBeGreaterThan(0);
    });

    test('drops old ingest days only', async () => {
      const old = sampleEvent(950, { message: 'old ingest', ingested: INGESTED - 40 * 86_400_000 });
      const forged = sampleEvent(951, { message: 'old time, fresh ingest', timestamp: Date.UTC(1999, 0, 1) });
      await store.insert(blockOf([old, forged], 'retention'));
      expect(await store.retain(30)).toEqual(['20251229']);
      expect((await store.get(['950', '951'])).map(({ _id }) => _id)).toEqual(['951']);
      expect(await store.retain(30)).toEqual([]);
      clock = NOW;
    });

    test('tells its size', async () => {
      const { events, quarantined, bytes } = await store.size();
      expect(events).toBeGreaterThanOrEqual(EVENTS.length);
      expect(quarantined).toBe(2);
      expect(bytes).toBeGreaterThan(0);
    });
  });
}

const EVENTS: EcsEvent[] = [
  sshFailure(1, '192.0.2.7', 'root'),
  sshFailure(2, '192.0.2.77', 'Admin'),
  sshFailure(3, '2001:db8::1', 'guest'),
  processCreation(4),
  sampleEvent(5, {
    sourceType: 'firewall',
    severity: 11,
    sourceIp: '10.0.0.5',
    destinationIp: '192.0.2.7',
    intelIp: '198.51.100.4',
    intelLevel: 9,
    message: 'Grüße, 世界: 100% of 2 disks',
    extra: {
      tags: ['Blue', 'green', 7],
      custom: { number: 1.5, flag: true, nothing: null, empty: {}, deep: [{ a: 1 }], text: '\u0001odd' },
      'destination.port': 70_000,
      'source.mac': '00:11:22:33:44:55',
    },
  }),
  sampleEvent(6, {
    lane: 'history',
    message: 'caf\u00e9',
    raw: 'caf\u00e9 closed',
    rawLatin1: true,
    timestamp: DAY + 6000,
  }),
];

function flatDocument(event: EcsEvent): Record<string, ExtraValue> {
  return { ...flattenEvent(event), 'event.original': event.raw, _id: String(event.id) };
}

function expectedDocument(event: EcsEvent): EcsDocument {
  const flat: Record<string, ExtraValue> = { ...flattenEvent(event), 'event.original': event.raw };
  for (const name of ['@timestamp', 'event.ingested']) flat[name] = new Date(Number(flat[name])).toISOString();
  return { ...nestFields(flat), _id: String(event.id) } as EcsDocument;
}
