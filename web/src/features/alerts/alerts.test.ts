import type { Alert } from '@vedette/contracts';
import { describe, expect, it } from 'vitest';
import { flattenPages, neighbour, prependAlerts, replaceAlerts } from './alert-pages.ts';
import type { AlertPages } from './api/alerts.ts';
import { evidenceSearch } from './evidence-query.ts';
import { belongsToList } from './filter-match.ts';
import { parseAlertSearch } from './search.ts';

const alert = (id: string, change: Partial<Alert> = {}): Alert => ({
  id,
  rule: { id: 'r-1', title: 'SSH brute force' },
  level: 10,
  status: 'new',
  lane: 'live',
  count: 8,
  firstSeen: '2026-02-06T12:00:00Z',
  lastSeen: '2026-02-06T12:02:00Z',
  createdAt: '2026-02-06T12:02:01Z',
  entities: [
    { type: 'ip', value: '203.0.113.7' },
    { type: 'user', value: 'root' },
  ],
  attack: [],
  eventIds: ['1'],
  summary: '8 failed logins from 203.0.113.7',
  assignee: null,
  previousId: null,
  ...change,
});
const pages = (...items: Alert[][]): AlertPages => ({
  pages: items.map((page) => ({ items: page, nextCursor: null, total: 9 })),
  pageParams: items.map(() => null),
});

describe('belongsToList', () => {
  const scope = { filters: {}, lane: 'live' } as const;
  it('takes everything of its lane without filters', () => {
    expect(belongsToList(alert('a'), scope)).toBe(true);
    expect(belongsToList(alert('a', { lane: 'history' }), scope)).toBe(false);
    expect(belongsToList(alert('a', { lane: 'history' }), { ...scope, lane: 'all' })).toBe(true);
  });
  it('honours every filter', () => {
    const holds = (filters: object) => belongsToList(alert('a'), { ...scope, filters });
    expect(
      [{ minLevel: 10 }, { status: 'new' }, { rule: 'r-1' }, { rule: 'ssh' }, { user: 'root' }].map(holds),
    ).toEqual(Array(5).fill(true));
    expect([{ ip: '203.0.113.7' }, { q: 'failed' }, { q: '0.113' }].map(holds)).toEqual(Array(3).fill(true));
    expect([{ minLevel: 11 }, { status: 'resolved' }, { rule: 'r-2' }, { user: 'ROOT' }].map(holds)).toEqual(
      Array(4).fill(false),
    );
    expect([{ ip: '203.0.113' }, { host: 'root' }, { q: 'exfil' }].map(holds)).toEqual(Array(3).fill(false));
  });
  it('honours the time range', () => {
    expect(belongsToList(alert('a'), { ...scope, from: '2026-02-06T12:02:00Z' })).toBe(true);
    expect(belongsToList(alert('a'), { ...scope, from: '2026-02-06T12:03:00Z' })).toBe(false);
    expect(belongsToList(alert('a'), { ...scope, to: '2026-02-06T12:00:00Z' })).toBe(false);
  });
});

describe('pages', () => {
  it('list every alert once', () => {
    expect(flattenPages(pages([alert('a'), alert('b')], [alert('b'), alert('c')])).map((each) => each.id)).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(flattenPages(undefined)).toEqual([]);
  });
  it('change in place', () => {
    const data = pages([alert('a'), alert('b')], [alert('c')]);
    const changed = replaceAlerts(data, new Map([['c', alert('c', { count: 99 })]]));
    expect(flattenPages(changed).map((each) => each.count)).toEqual([8, 8, 99]);
    expect(changed.pages[0]).toBe(data.pages[0]);
    expect(replaceAlerts(data, new Map([['x', alert('x')]]))).toBe(data);
  });
  it('take new alerts on top, newest first and only once', () => {
    const data = prependAlerts(pages([alert('a')]), [
      alert('b', { lastSeen: '2026-02-06T12:05:00Z' }),
      alert('a'),
      alert('c', { lastSeen: '2026-02-06T12:06:00Z' }),
    ]);
    expect(flattenPages(data).map((each) => each.id)).toEqual(['c', 'b', 'a']);
    expect(data.pages[0]!.total).toBe(11);
  });
});

describe('evidenceSearch', () => {
  it('names the events while all are listed', () => {
    expect(evidenceSearch(alert('a', { count: 2, eventIds: ['7', '8'] }))).toEqual({
      q: '_id:(7 OR 8)',
      range: '2026-02-06T12:00:00.000Z..2026-02-06T12:02:01.000Z',
    });
  });
  it('falls back to entities and time, in the alert’s lane', () => {
    expect(evidenceSearch(alert('a', { lane: 'exercise' }))).toMatchObject({
      q: '(source.ip:203.0.113.7 OR destination.ip:203.0.113.7) AND user.name:root',
      lane: 'exercise',
    });
  });
});

describe('neighbour', () => {
  const list = [alert('a'), alert('b')];
  it('moves and stops at the ends', () => {
    expect(neighbour(list, 'a', 1)?.id).toBe('b');
    expect(neighbour(list, 'b', 1)?.id).toBe('b');
    expect(neighbour(list, 'a', -1)?.id).toBe('a');
  });
  it('starts at the top', () => {
    expect(neighbour(list, undefined, 1)?.id).toBe('a');
    expect(neighbour(list, 'gone', -1)?.id).toBe('a');
    expect(neighbour([], 'a', 1)).toBeUndefined();
  });
});

it('the URL holds every filter', () => {
  const search = { minLevel: '10', status: 'new', rule: 'r', user: '007', ip: '::1', host: 'h', q: 'x', id: 'a' };
  expect(parseAlertSearch(search)).toEqual({ ...search, minLevel: 10 });
  expect(parseAlertSearch({ minLevel: '99', status: 'odd', extra: 'x' })).toEqual({});
});
