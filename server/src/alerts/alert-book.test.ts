import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Alert } from '@vedette/contracts';
import type { Signal } from '../detectors/detector.ts';
import { openStateStore, type StateStore } from '../store/state/state-store.ts';
import { createAlertBook, type AlertBook, type AlertBookOptions } from './alert-book.ts';

const T0 = Date.UTC(2026, 1, 6, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const RULE = {
  title: 'SSH brute force',
  description: 'Many failed logins.',
  falsePositives: ['A forgotten password'],
  tags: ['attack.credential-access', 'attack.t1110.001'],
};

let directory: string;
let state: StateStore;
let clock: number;
let nextId: number;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vedette-alerts-'));
  clock = T0 + HOUR;
  nextId = 1;
  state = openStateStore({ file: join(directory, 'state.db'), now: () => clock });
});
afterEach(() => {
  state.close();
  rmSync(directory, { recursive: true });
});

function makeBook(options: Partial<AlertBookOptions> = {}): AlertBook {
  return createAlertBook({
    state,
    now: () => clock,
    ids: () => `a${String(nextId++).padStart(6, '0')}`,
    ruleOf: (id) => (id === 'ssh' ? RULE : undefined),
    ...options,
  });
}

let nextEvent = 1;
function signal(change: Partial<Signal> = {}): Signal {
  const timestamp = change.timestamp ?? T0;
  return {
    ruleId: 'ssh',
    level: 10,
    lane: 'live',
    timestamp,
    firstSeen: timestamp,
    count: 1,
    eventIds: [nextEvent++],
    matched: [],
    entities: [
      { type: 'ip', value: '10.0.0.5' },
      { type: 'user', value: 'root' },
    ],
    foldKey: '10.0.0.5',
    continues: false,
    summary: 'Failed login for root from 10.0.0.5',
    ...change,
  };
}

const live = { lane: 'live' } as const;
let cutEnd = 0;
beforeEach(() => {
  cutEnd = 0;
});
const cut = () => ({ start: cutEnd, end: (cutEnd += 100) });
const all = async (book: AlertBook): Promise<Alert[]> => (await book.list({ lane: 'all' }, 2000)).items;

describe('folding', () => {
  it('opens an alert with what its rule and signal say', async () => {
    const book = makeBook();
    const changes = book.apply(cut(), [signal({ eventIds: [41, 42], count: 2, firstSeen: T0 - MINUTE })]);
    expect(changes).toHaveLength(1);
    expect(changes[0]).toEqual({
      change: 'opened',
      alert: {
        id: 'a000001',
        rule: { id: 'ssh', title: 'SSH brute force' },
        level: 10,
        status: 'new',
        lane: 'live',
        count: 2,
        firstSeen: '2026-02-06T11:59:00.000Z',
        lastSeen: '2026-02-06T12:00:00.000Z',
        createdAt: '2026-02-06T13:00:00.000Z',
        entities: [
          { type: 'ip', value: '10.0.0.5' },
          { type: 'user', value: 'root' },
        ],
        attack: [
          {
            technique: 'T1110.001',
            tactic: 'TA0006',
            techniqueName: 'Password Guessing',
            tacticName: 'Credential Access',
          },
        ],
        eventIds: ['41', '42'],
        summary: 'Failed login for root from 10.0.0.5',
        assignee: null,
        previousId: null,
      },
    });
    expect(await all(book)).toEqual([changes[0]!.alert]);
  });

  it('folds by rule, lane and key, over cuts, and keeps the highest level', async () => {
    const book = makeBook();
    book.apply(cut(), [signal(), signal({ foldKey: 'other' }), signal({ lane: 'history' }), signal({ ruleId: 'r2' })]);
    const changes = book.apply(cut(), [
      signal({ timestamp: T0 + HOUR, level: 12, entities: [{ type: 'host', value: 'web1' }], summary: 'later' }),
      signal({ timestamp: T0 + MINUTE, level: 8, summary: 'earlier' }),
    ]);
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({
      change: 'updated',
      alert: { level: 12, count: 3, lastSeen: '2026-02-06T13:00:00.000Z', summary: 'later' },
    });
    expect(changes[0]!.alert.entities.map(({ value }) => value)).toEqual(['10.0.0.5', 'root', 'web1']);
    expect(await all(book)).toHaveLength(4);
    expect((await book.list({ ...live, host: 'WEB1' }, 10)).items).toHaveLength(1);
  });

  it('parts signals that are more than a day apart, also within one cut and out of order', async () => {
    const book = makeBook();
    book.apply(cut(), [
      signal({ timestamp: T0 + 60 * HOUR }),
      signal({ timestamp: T0 }),
      signal({ timestamp: T0 + 20 * HOUR }),
    ]);
    expect((await all(book)).map(({ count }) => count)).toEqual([1, 2]);
    book.apply(cut(), [signal({ timestamp: T0 - HOUR })]);
    expect((await all(book)).map(({ count, firstSeen }) => [count, firstSeen])).toEqual([
      [1, '2026-02-09T00:00:00.000Z'],
      [3, '2026-02-06T11:00:00.000Z'],
    ]);
  });

  it('opens a new alert that names the closed one it would have gone to', async () => {
    const book = makeBook();
    const [first] = book.apply(cut(), [signal()]);
    await book.change(first!.alert.id, { status: 'false_positive', reason: 'benign_activity' }, 'kim');
    const [second] = book.apply(cut(), [signal({ timestamp: T0 + MINUTE })]);
    expect(second).toMatchObject({ change: 'opened', alert: { previousId: first!.alert.id, count: 1, status: 'new' } });
    const [third] = book.apply(cut(), [signal({ timestamp: T0 + 2 * MINUTE })]);
    expect(third).toMatchObject({ change: 'updated', alert: { id: second!.alert.id } });
    expect((await book.get(first!.alert.id))!.count).toBe(1);
  });

  it('counts each event of a correlation once when it goes on firing', () => {
    const book = makeBook();
    const ids = Array.from({ length: 40 }, (_, i) => 1000 + i);
    book.apply(cut(), [signal({ eventIds: ids.slice(0, 8), count: 8 })]);
    const [change] = book.apply(cut(), [
      signal({ eventIds: ids.slice(1, 9), count: 8, continues: true, timestamp: T0 + 1 }),
      signal({ eventIds: ids.slice(20, 30), count: 10, continues: true, timestamp: T0 + 2 }),
    ]);
    expect(change!.alert.count).toBe(8 + 1 + 10);
  });

  it('keeps signals below medium out and counts them', async () => {
    const book = makeBook();
    expect(book.apply(cut(), [signal({ level: 6 }), signal({ level: 0 })])).toEqual([]);
    expect(book.counters()).toEqual({ opened: 0, folded: 0, belowMinimum: 2 });
    expect(await all(book)).toEqual([]);
  });

  it('bounds everything an alert keeps, but the count', async () => {
    const book = makeBook();
    const long = 'x'.repeat(10_000);
    const signals = Array.from({ length: 300 }, (_, i) =>
      signal({
        timestamp: T0 + i,
        eventIds: [10_000 + i],
        foldKey: long,
        summary: long,
        entities: [{ type: 'ip', value: `10.0.${i >> 8}.${i & 255}${long}` }],
        matched: [{ selection: 'selection', field: 'message', value: long, pattern: long }],
      }),
    );
    for (let at = 0; at < 300; at += 50) book.apply(cut(), signals.slice(at, at + 50));
    const alert = (await book.get('a000001'))!;
    expect(alert.count).toBe(300);
    expect(alert.eventIds).toHaveLength(100);
    expect(alert.eventIds.at(-1)).toBe('10299');
    expect(alert.entities).toHaveLength(50);
    expect(alert.evidence).toHaveLength(20);
    expect(alert.evidence.at(-1)!.eventId).toBe('10299');
    expect(JSON.stringify(alert).length).toBeLessThan(150_000);
  });

  it('makes of a flood of different alerts a bounded number, with the full count', async () => {
    const book = makeBook();
    const flood = (from: number) => Array.from({ length: 3000 }, (_, i) => signal({ foldKey: `k${from + i}` }));
    const changes = book.apply(cut(), flood(0));
    expect(changes.length).toBeLessThanOrEqual(501);
    book.apply(cut(), flood(2900));
    const alerts = await all(book);
    expect(alerts.reduce((sum, { count }) => sum + count, 0)).toBe(6000);
    expect(alerts.length).toBeLessThanOrEqual(1001);
  });

  it('gives one change for an alert however many signals a cut brings', () => {
    const book = makeBook();
    const changes = book.apply(
      cut(),
      Array.from({ length: 10_000 }, (_, i) => signal({ timestamp: T0 + i })),
    );
    expect(changes.map(({ change, alert }) => [change, alert.count])).toEqual([['opened', 10_000]]);
  });

  it('knows which alerts events opened', () => {
    const book = makeBook();
    book.apply(cut(), [signal({ eventIds: [100, 150], count: 2 }), signal({ foldKey: 'b', eventIds: [300] })]);
    book.apply(cut(), [signal({ eventIds: [400] })]);
    expect([book.openedBy(150, 200), book.openedBy(151, 301), book.openedBy(400, 500)]).toEqual([1, 1, 0]);
  });

  it('does not fall for hostile names', () => {
    const book = makeBook();
    const [change] = book.apply(cut(), [
      signal({
        ruleId: '__proto__',
        foldKey: "'; DROP TABLE alerts; --",
        entities: [{ type: 'user', value: '<script>' }],
      }),
    ]);
    expect(change!.alert).toMatchObject({
      rule: { id: '__proto__', title: '__proto__' },
      entities: [{ value: '<script>' }],
    });
  });
});

describe('exactly once', () => {
  it('skips cuts it has seen, also after a restart', async () => {
    const cuts = [cut(), cut(), cut()];
    const signals = cuts.map((_, i) => [
      signal({ timestamp: T0 + i }),
      signal({ timestamp: T0 + i, foldKey: `k${i}` }),
    ]);
    const first = makeBook();
    cuts.slice(0, 2).forEach((each, i) => first.apply(each, signals[i]!));
    expect(first.position()).toBe(200);
    const before = await all(first);

    state.close();
    state = openStateStore({ file: join(directory, 'state.db'), now: () => clock });
    const second = makeBook();
    expect(second.position()).toBe(200);
    expect(second.apply(cuts[0]!, signals[0]!)).toEqual([]);
    expect(second.apply(cuts[1]!, signals[1]!)).toEqual([]);
    expect(await all(second)).toEqual(before);
    expect(second.apply(cuts[2]!, signals[2]!)).toHaveLength(2);
    expect((await all(second)).reduce((sum, { count }) => sum + count, 0)).toBe(6);
  });

  it('takes a cut in whole or not at all', async () => {
    let calls = 0;
    const failing = makeBook({
      ids: () => {
        if (++calls === 2) throw new Error('power cut');
        return `x${calls}`;
      },
    });
    const signals = [signal(), signal({ foldKey: 'other' })];
    const each = cut();
    expect(() => failing.apply(each, signals)).toThrow('power cut');
    expect(failing.position()).toBe(0);
    expect(await all(failing)).toEqual([]);
    expect(makeBook().apply(each, signals)).toHaveLength(2);
  });
});

describe('status changes', () => {
  it('keeps who, when and why', async () => {
    const book = makeBook();
    const [opened] = book.apply(cut(), [signal()]);
    const { id } = opened!.alert;
    clock += MINUTE;
    await book.change(id, { status: 'investigating', assignee: 'kim' }, 'kim');
    await book.change(id, { comment: 'Asked the owner.' }, 'lee');
    expect(
      await book.change(id, { status: 'resolved', reason: 'confirmed_attack', comment: 'blocked' }, 'kim'),
    ).toMatchObject({
      status: 'resolved',
      assignee: 'kim',
    });
    expect((await book.get(id))!.history).toEqual([
      { at: '2026-02-06T13:00:00.000Z', by: 'vedette', from: null, to: 'new', reason: null, comment: '' },
      { at: '2026-02-06T13:01:00.000Z', by: 'kim', from: 'new', to: 'investigating', reason: null, comment: '' },
      {
        at: '2026-02-06T13:01:00.000Z',
        by: 'lee',
        from: 'investigating',
        to: 'investigating',
        reason: null,
        comment: 'Asked the owner.',
      },
      {
        at: '2026-02-06T13:01:00.000Z',
        by: 'kim',
        from: 'investigating',
        to: 'resolved',
        reason: 'confirmed_attack',
        comment: 'blocked',
      },
    ]);
  });

  it.each([
    [['resolved'], 'acknowledged'],
    [['resolved'], 'false_positive'],
    [['resolved'], 'new'],
    [['investigating'], 'new'],
    [[], 'new'],
    [['acknowledged'], 'acknowledged'],
  ] as const)('refuses after %j: %s', async (path, to) => {
    const book = makeBook();
    const { id } = book.apply(cut(), [signal()])[0]!.alert;
    for (const status of path) await book.change(id, { status, reason: 'other' }, 'kim');
    expect(await book.change(id, { status: to, reason: 'other' }, 'kim')).toMatchObject({ code: 'illegal_transition' });
  });

  it('asks for a reason to close, and allows reopening', async () => {
    const book = makeBook();
    const { id } = book.apply(cut(), [signal()])[0]!.alert;
    expect(await book.change(id, { status: 'resolved' }, 'kim')).toMatchObject({ code: 'invalid' });
    expect(await book.change(id, { status: 'resolved', reason: 'duplicate' }, 'kim')).toMatchObject({
      status: 'resolved',
    });
    expect(await book.change(id, { status: 'investigating' }, 'kim')).toMatchObject({ status: 'investigating' });
    expect(await book.change('none', { status: 'resolved' }, 'kim')).toMatchObject({ code: 'not_found' });
  });

  it('lets only one of two simultaneous changes through', async () => {
    const book = makeBook();
    const { id } = book.apply(cut(), [signal()])[0]!.alert;
    const answers = await Promise.all([
      book.change(id, { status: 'resolved', reason: 'other' }, 'kim'),
      book.change(id, { status: 'acknowledged' }, 'lee'),
    ]);
    expect(answers.filter((answer) => 'code' in answer)).toHaveLength(1);
    expect((await book.get(id))!.history).toHaveLength(2);
  });
});

describe('lists and figures', () => {
  const seed = (book: AlertBook) =>
    book.apply(cut(), [
      signal({ timestamp: T0, foldKey: '1' }),
      signal({ timestamp: T0 + HOUR, foldKey: '2', level: 14, entities: [{ type: 'user', value: 'Alice' }] }),
      signal({ timestamp: T0 + 2 * HOUR, foldKey: '3', ruleId: 'r2', summary: '100% of disk', entities: [] }),
      signal({ timestamp: T0 + 3 * HOUR, foldKey: '4', lane: 'exercise' }),
    ]);

  it.each([
    [{}, [3, 2, 1]],
    [{ lane: 'all' }, [4, 3, 2, 1]],
    [{ lane: 'exercise' }, [4]],
    [{ minLevel: 11 }, [2]],
    [{ status: 'new' }, [3, 2, 1]],
    [{ status: 'resolved' }, []],
    [{ rule: 'ssh' }, [2, 1]],
    [{ rule: 'BRUTE' }, [2, 1]],
    [{ rule: 'r2' }, [3]],
    [{ user: 'alice' }, [2]],
    [{ ip: '10.0.0.5' }, [1]],
    [{ ip: '10.0.0' }, []],
    [{ host: 'web1' }, []],
    [{ q: '100%' }, [3]],
    [{ q: '1_0' }, []],
    [{ q: 'alice' }, [2]],
    [{ from: T0 + HOUR }, [3, 2]],
    [{ to: T0 + HOUR }, [1]],
    [{ from: T0 + 1, to: T0 + 2 * HOUR }, [2]],
  ] as const)('filters by %j', async (filter, keys) => {
    const book = makeBook();
    seed(book);
    const { items } = await book.list({ ...live, ...filter }, 10);
    expect(items.map(({ id }) => Number(id.slice(1)))).toEqual(keys);
  });

  it('pages through everything exactly once, also through equal times', async () => {
    const book = makeBook();
    for (let i = 0; i < 25; i++) book.apply(cut(), [signal({ foldKey: `k${i}`, timestamp: T0 + (i % 3) })]);
    const seen: string[] = [];
    let after: Awaited<ReturnType<AlertBook['list']>>['next'] = null;
    do {
      const page: Awaited<ReturnType<AlertBook['list']>> = await book.list(live, 7, after ?? undefined);
      seen.push(...page.items.map(({ id }) => id));
      after = page.next;
    } while (after !== null);
    expect(seen).toHaveLength(25);
    expect(new Set(seen).size).toBe(25);
  });

  it('counts by severity, rule, status and entity', async () => {
    const book = makeBook();
    const changes = seed(book);
    await book.change(changes[0]!.alert.id, { status: 'resolved', reason: 'other' }, 'kim');
    expect(await book.figures(live, 10)).toEqual({
      total: 3,
      open: 2,
      bySeverity: { info: 0, low: 0, medium: 0, high: 2, critical: 1 },
      byRule: [
        { value: 'SSH brute force', count: 2 },
        { value: 'r2', count: 1 },
      ],
    });
    expect(await book.countByEntity('user', live, { top: 5 })).toEqual([
      { value: 'Alice', count: 1 },
      { value: 'root', count: 1 },
    ]);
    expect(await book.countByEntity('ip', live, { values: ['10.0.0.5', '1.1.1.1'] })).toEqual([
      { value: '10.0.0.5', count: 1 },
    ]);
  });

  it('finds page, entity and text among many by its indexes', async () => {
    const plan = (sql: string) =>
      state.sqlite
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all()
        .map((row) => row['detail'] as string)
        .join('; ');
    const listing = "SELECT * FROM alerts WHERE alerts.lane = 'live' ORDER BY last_seen DESC, id DESC LIMIT 50";
    expect(plan(listing)).toMatch(/USING INDEX alerts_by_lane/);
    expect(plan(listing)).not.toMatch(/TEMP B-TREE/);
    expect(plan(listing.replace("WHERE alerts.lane = 'live'", ''))).toMatch(/USING INDEX alerts_by_time/);
    expect(plan("SELECT alert_id FROM alert_entities WHERE type = 'ip' AND value = '10.0.0.5'")).toMatch(/PRIMARY KEY/);
  });
});
