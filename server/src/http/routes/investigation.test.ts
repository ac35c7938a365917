/** Reading routes over a real event store and real alerts: one application, filled once. */
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { QueryLimitError, StoreUnavailableError } from '../../store/events/event-store.ts';
import { blockOf, DAY, processCreation, quarantineOf, sshFailure } from '../../store/events/testing/sample-events.ts';
import { createServiceApp, RULE, sampleSignal } from '../testing-services.ts';

let t: Awaited<ReturnType<typeof createServiceApp>>;
let reader: string;
let analyst: string;

beforeAll(async () => {
  t = await createServiceApp({ store: true });
  const failures = Array.from({ length: 20 }, (_, i) => sshFailure(i + 1, '203.0.113.7', i < 15 ? 'root' : 'alice'));
  const hostile = sshFailure(30, '198.51.100.9', '<script>alert(1)</script>', { extra: { __proto__x: '1' } });
  await t.store!.insert(blockOf([...failures, hostile, processCreation(40)], 't1'));
  await t.store!.insert(quarantineOf([{ id: 900, raw: Buffer.from('not a line') }], 'q1'));
  t.alerts.apply({ start: 0, end: 100 }, [
    sampleSignal({
      timestamp: DAY + 20_000,
      firstSeen: DAY + 1000,
      count: 8,
      eventIds: [1, 2, 3, 20],
      matched: [{ selection: 'selection', field: 'event.outcome', value: 'failure', pattern: 'failure' }],
    }),
    sampleSignal({ foldKey: '2', level: 8, timestamp: DAY + 5000, entities: [{ type: 'user', value: 'mallory' }] }),
    sampleSignal({ foldKey: '3', level: 14, timestamp: DAY + 6000, lane: 'exercise' }),
  ]);
  reader = `Bearer ${(await t.addKey('read')).key}`;
  analyst = `Bearer ${await t.tokenOf((await t.addUser('kim', 'analyst')).id)}`;
});
afterAll(() => t.close());

const get = async (url: string, authorization = reader) => {
  const response = await t.app.inject({ url: `/api/v1${url}`, headers: { authorization } });
  return { status: response.statusCode, body: response.json() };
};

describe('events', () => {
  it('are found by query, newest first, page by page', async () => {
    const first = await get('/events?q=user.name:root&limit=10');
    expect(first.body.items.map(({ _id }: { _id: string }) => Number(_id))).toEqual([
      15, 14, 13, 12, 11, 10, 9, 8, 7, 6,
    ]);
    const second = await get(`/events?q=user.name:root&limit=10&cursor=${first.body.nextCursor}`);
    expect(second.body.items).toHaveLength(5);
    expect(second.body.nextCursor).toBeNull();
  });

  it.each([
    ['/events?q=user.name:(', 400, 'bad_query'],
    ['/events?cursor=nonsense', 400, 'bad_cursor'],
    ['/events?limit=0', 422, 'invalid'],
    ['/events?from=yesterday', 422, 'invalid'],
    ['/events/999999', 404, 'not_found'],
  ])('%s is refused', async (url, status, code) => {
    expect(await get(url)).toMatchObject({ status, body: { error: { code } } });
  });

  it('says where a query cannot be read', async () => {
    expect((await get('/events?q=user.name:(')).body.error.details).toEqual({ position: expect.any(Number) as number });
  });

  it('come whole by id, with histogram and field values', async () => {
    expect((await get('/events/30')).body).toMatchObject({ _id: '30', user: { name: '<script>alert(1)</script>' } });
    const range = 'from=2026-02-06T00:00:00Z&to=2026-02-06T00:01:00Z';
    const histogram = await get(`/events/histogram?${range}&buckets=6`);
    const total = histogram.body.buckets.reduce(
      (sum: number, { counts }: { counts: Record<string, number> }) => sum + counts['low']! + counts['medium']!,
      0,
    );
    expect(total).toBe(22);
    const fields = await get('/events/fields?fields=user.name&q=event.outcome:failure');
    expect(fields.body).toMatchObject({
      total: 21,
      fields: [{ field: 'user.name', values: [{ value: 'root', count: 15 }, {}, {}] }],
    });
  });

  it('are pivoted to by any value', async () => {
    const { body } = await get('/pivot?value=203.0.113.7&newest=2');
    expect(body).toMatchObject({
      total: 20,
      groups: [{ sourceType: 'auth', count: 20, items: [{ _id: '20' }, { _id: '19' }] }],
    });
  });

  it('that could not be read are in quarantine', async () => {
    const { body } = await get('/quarantine');
    expect(body.items).toMatchObject([{ raw: 'not a line', code: 'unparsed', reason: 'no valid source address' }]);
  });
});

describe('alerts', () => {
  it('are listed with filters and pages', async () => {
    const { body } = await get('/alerts');
    expect(body.items).toMatchObject([
      {
        rule: { id: RULE.id, title: RULE.title },
        level: 10,
        count: 8,
        attack: [{ technique: 'T1110.001', tactic: 'TA0006' }],
      },
      { level: 8 },
    ]);
    expect((await get('/alerts?ip=203.0.113.7&minLevel=9&rule=brute&status=new&user=ROOT')).body.items).toHaveLength(1);
    expect((await get('/alerts?lane=all')).body.items).toHaveLength(3);
    const page = await get('/alerts?limit=1');
    const rest = await get(`/alerts?limit=1&cursor=${page.body.nextCursor}`);
    expect([page.body.items[0].level, rest.body.items[0].level, rest.body.nextCursor]).toEqual([10, 8, null]);
    expect((await get('/alerts?from=2026-02-06T00:00:10Z')).body.items).toHaveLength(1);
    expect(await get('/alerts?cursor=x')).toMatchObject({ status: 400, body: { error: { code: 'bad_cursor' } } });
  });

  it('show their evidence with what matched', async () => {
    const [alert] = (await get('/alerts')).body.items;
    const { body } = await get(`/alerts/${alert.id}`);
    expect(body.evidence.map(({ event }: { event: { _id: string } }) => event._id)).toEqual(['1', '2', '3', '20']);
    expect(body.evidence.at(-1).matched).toEqual([
      { selection: 'selection', field: 'event.outcome', value: 'failure', pattern: 'failure' },
    ]);
    expect(body).toMatchObject({ ruleDescription: RULE.description, ruleFalsePositives: RULE.falsePositives });
    expect((await get('/alerts/none')).status).toBe(404);
  });

  it('change by the rules, for those who may, and tell who did it', async () => {
    const { id } = (await get('/alerts?minLevel=8&rule=brute')).body.items.at(-1);
    const patch = (payload: object, authorization = analyst) =>
      t.app.inject({ method: 'PATCH', url: `/api/v1/alerts/${id}`, payload, headers: { authorization } });
    expect((await patch({ status: 'acknowledged' }, reader)).statusCode).toBe(403);
    expect((await patch({ status: 'resolved' })).json()).toMatchObject({ error: { code: 'invalid' } });
    expect((await patch({ status: 'resolved', reason: 'benign_activity' })).json()).toMatchObject({
      status: 'resolved',
    });
    const again = await patch({ status: 'acknowledged' });
    expect([again.statusCode, again.json().error.code]).toEqual([409, 'illegal_transition']);
    expect((await get(`/alerts/${id}`)).body.history.at(-1)).toMatchObject({ by: 'kim', from: 'new', to: 'resolved' });
    const bulk = await t.app.inject({
      method: 'POST',
      url: '/api/v1/alerts/bulk',
      payload: { ids: [id, 'none'], status: 'investigating' },
      headers: { authorization: analyst },
    });
    expect(bulk.json()).toMatchObject({ updated: [id], refused: [{ id: 'none', code: 'not_found' }] });
  });
});

describe('figures', () => {
  it('join events and alerts', async () => {
    const { status, body } = await get('/stats?from=2026-02-06T00:00:00Z&to=2026-02-07T00:00:00Z');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      totals: { events: 22 },
      alerts: { total: 2, open: 2, bySeverity: { high: 1, medium: 1 }, byRule: [{ value: RULE.title, count: 2 }] },
      incidents: { total: 0 },
    });
    expect(body.topUsers.slice(0, 2)).toEqual([
      { value: 'root', events: 15, alerts: 1, incidents: 0 },
      { value: 'mallory', events: 0, alerts: 1, incidents: 0 },
    ]);
    expect(body.topIps[0]).toEqual({ value: '203.0.113.7', events: 20, alerts: 1, incidents: 0 });
    expect(body.newestAlerts).toHaveLength(2);
    expect((await get('/stats?severity=high')).body.alerts).toMatchObject({ total: 1 });
  });
});

describe('rules and intel', () => {
  it('list what is loaded', async () => {
    expect((await get('/rules?q=BRUTE')).body).toMatchObject({ items: [{ id: RULE.id, yaml: RULE.yaml }], total: 1 });
    expect((await get('/rules?minLevel=11')).body.items).toEqual([]);
    expect((await get(`/rules/${RULE.id}`)).body.title).toBe(RULE.title);
    expect((await get('/rules/none')).status).toBe(404);
    expect((await get('/intel/feeds')).body.items).toEqual([]);
    expect((await get('/intel/lookup?value=203.0.113.7')).body).toEqual({ value: '203.0.113.7', level: 0, feed: null });
    expect((await get('/intel/lookup?value=example')).status).toBe(422);
  });
});

describe('a store in trouble', () => {
  it.each([
    [new QueryLimitError('memory'), 'query_limit'],
    [new StoreUnavailableError('restarting'), 'unavailable'],
  ])('%s', async (error, code) => {
    const search = t.deps.events.search;
    t.deps.events.search = () => Promise.reject(error);
    expect(await get('/events')).toMatchObject({ status: 503, body: { error: { code } } });
    t.deps.events.search = search;
  });

  it('stops a query whose caller goes away, and no other', async () => {
    const search = t.deps.events.search;
    const asked = Promise.withResolvers<AbortSignal>();
    const aborted = Promise.withResolvers<void>();
    t.deps.events.search = (_filter, _page, options) => {
      asked.resolve(options!.signal!);
      return new Promise((_, reject) => {
        options!.signal!.addEventListener('abort', () => {
          aborted.resolve();
          reject(new Error('aborted'));
        });
      });
    };
    await t.app.listen({ host: '127.0.0.1', port: 0 });
    const url = `http://127.0.0.1:${(t.app.server.address() as AddressInfo).port}/api/v1/events`;
    const controller = new AbortController();
    const answer = fetch(url, { headers: { authorization: reader }, signal: controller.signal });
    const signal = await asked.promise;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(signal.aborted).toBe(false);
    controller.abort();
    await expect(answer).rejects.toThrow();
    await aborted.promise;
    t.deps.events.search = search;
  });
});
