import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ownSearch, parseGlobalSearch, parseSearch, pickNumber, pickOne, stringifySearch } from './url.ts';

describe('search parameters', () => {
  it('survive a round trip as plain text, whatever they hold', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ minLength: 1, unit: 'grapheme' }), fc.string({ minLength: 1, unit: 'grapheme' })),
        (search) => {
          expect({ ...parseSearch(stringifySearch(search)) }).toEqual({ ...search });
        },
      ),
    );
  });
  it('leave empty values out and never turn text into numbers', () => {
    expect(stringifySearch({ q: '', user: '0123', lane: undefined })).toBe('?user=0123');
    expect(parseSearch('?user=0123')).toEqual({ user: '0123' });
  });
});

describe('parseGlobalSearch', () => {
  it('keeps a readable range and lane and drops the rest', () => {
    expect(parseGlobalSearch({ range: '7d', lane: 'history', other: 'x' })).toEqual({ range: '7d', lane: 'history' });
    expect(parseGlobalSearch({ range: 'soon', lane: 'prod' })).toEqual({});
  });
  it('accepts from and to', () => {
    expect(parseGlobalSearch({ from: '2026-01-01T00:00:00Z' })).toEqual({ range: '2026-01-01T00:00:00Z..' });
  });
  it('leaves the default lane out of the URL', () => expect(parseGlobalSearch({ lane: 'live' })).toEqual({}));
});

it('ownSearch leaves the shared filters out', () => {
  expect(ownSearch({ range: '1h', lane: 'all', q: 'x' })).toEqual({ q: 'x' });
});

describe('pick', () => {
  it('refuses numbers outside their range and words outside their list', () => {
    expect(pickNumber({ l: '10' }, 'l', 0, 15)).toBe(10);
    for (const l of ['16', '-1', '1e1', '', 'x']) expect(pickNumber({ l }, 'l', 0, 15)).toBeUndefined();
    expect(pickOne({ s: 'new' }, 's', ['new', 'resolved'])).toBe('new');
    expect(pickOne({ s: '__proto__' }, 's', ['new'])).toBeUndefined();
  });
});
