import { describe, expect, it } from 'vitest';
import { EMPTY_FEED, MOST_SHOWN, passesFilter, receive, release, seed } from './feed.ts';
import { parseFeedSearch } from './search.ts';

const events = (...ids: string[]) => ids.map((_id) => ({ _id }));
const ids = (items: readonly { _id: string }[]) => items.map((item) => item._id).join('');

describe('the feed', () => {
  it('puts the newest on top', () => {
    const feed = receive(receive(EMPTY_FEED, events('a', 'b'), false), events('c'), false);
    expect(ids(feed.shown)).toBe('cba');
  });
  it('moves nothing while it is held, and counts', () => {
    const before = receive(EMPTY_FEED, events('a'), false);
    const held = receive(receive(before, events('b', 'c'), true), events('d'), true);
    expect(held.shown).toBe(before.shown);
    expect(held.waitingCount).toBe(3);
    expect(ids(release(held).shown)).toBe('dcba');
    expect(release(held).waitingCount).toBe(0);
  });
  it('starts with stored events below what arrived meanwhile, each once', () => {
    const feed = seed(receive(EMPTY_FEED, events('c', 'd'), false), events('d', 'c', 'b', 'a'));
    expect(ids(feed.shown)).toBe('dcba');
    expect(receive(feed, events('a'), false)).toBe(feed);
  });
  it('stays bounded, held or not, but counts all', () => {
    const many = Array.from({ length: MOST_SHOWN + 5 }, (_, index) => ({ _id: String(index) }));
    expect(receive(EMPTY_FEED, many, false).shown).toHaveLength(MOST_SHOWN);
    const held = receive(EMPTY_FEED, many, true);
    expect(held.waiting).toHaveLength(MOST_SHOWN);
    expect(held.waitingCount).toBe(MOST_SHOWN + 5);
  });
});

describe('passesFilter', () => {
  const event = { _id: '1', event: { severity: 9 }, source: { ip: '10.0.0.1' }, message: 'Failed password' };
  it('compares level and text', () => {
    expect(passesFilter(event, {})).toBe(true);
    expect(passesFilter(event, { minLevel: 9, text: 'FAILED' })).toBe(true);
    expect(passesFilter(event, { minLevel: 10 })).toBe(false);
    expect(passesFilter(event, { text: '10.0.0.1' })).toBe(true);
    expect(passesFilter(event, { text: 'root' })).toBe(false);
    expect(passesFilter({ _id: '2' }, { minLevel: 1 })).toBe(false);
  });
});

it('filters live in the URL', () => {
  expect(parseFeedSearch({ minLevel: '7', text: 'x' })).toEqual({ minLevel: 7, text: 'x' });
  expect(parseFeedSearch({ minLevel: '0' })).toEqual({});
});
