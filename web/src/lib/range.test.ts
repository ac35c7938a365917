import { describe, expect, it } from 'vitest';
import { absoluteRangeText, isOpenEnded, isRangeText, rangeLabel, resolveRange } from './range.ts';

const now = Date.parse('2026-02-06T12:00:00Z');

describe('resolveRange', () => {
  it('counts relative ranges back from now', () => {
    expect(resolveRange('24h', now)).toEqual({ from: '2026-02-05T12:00:00.000Z', to: '2026-02-06T12:00:00.000Z' });
    expect(resolveRange('15m', now).from).toBe('2026-02-06T11:45:00.000Z');
  });
  it('leaves all time open', () => expect(resolveRange('all', now)).toEqual({}));
  it('reads absolute ranges, also with an open end and with an offset', () => {
    expect(resolveRange('2026-02-01T00:00:00+02:00..', now)).toEqual({ from: '2026-01-31T22:00:00.000Z' });
    expect(resolveRange('..2026-02-01T00:00:00Z', now)).toEqual({ to: '2026-02-01T00:00:00.000Z' });
  });
  it('takes the default for what cannot be read', () => {
    expect(resolveRange('yesterday', now)).toEqual(resolveRange('24h', now));
    expect(resolveRange('2026-02-02T00:00:00Z..2026-02-01T00:00:00Z', now)).toEqual(resolveRange('24h', now));
  });
});

describe('range text', () => {
  it('is checked before it is believed', () => {
    for (const text of ['5m', '24h', '7d', 'all', '2026-01-01T00:00:00Z..']) expect(isRangeText(text)).toBe(true);
    for (const text of ['', '..', '24', '24w', 'x..y', '99999h', '2026-01-02..2026-01-01'])
      expect(isRangeText(text)).toBe(false);
  });
  it('round-trips a brushed range in whole seconds, whatever the direction of the drag', () => {
    const text = absoluteRangeText(now + 1500, now + 200);
    expect(resolveRange(text, 0)).toEqual({ from: '2026-02-06T12:00:00.000Z', to: '2026-02-06T12:00:02.000Z' });
    expect(isRangeText(absoluteRangeText(now, now))).toBe(true);
  });
  it('knows which ranges take new data', () => {
    expect(isOpenEnded('1h')).toBe(true);
    expect(isOpenEnded('2026-01-01T00:00:00Z..')).toBe(true);
    expect(isOpenEnded('2026-01-01T00:00:00Z..2026-01-02T00:00:00Z')).toBe(false);
  });
  it('has a name', () => {
    expect(rangeLabel('24h')).toBe('Last 24 hours');
    expect(rangeLabel('3h')).toBe('Last 3 hours');
    expect(rangeLabel('2026-01-01T00:00:00Z..2026-01-01T01:00:00Z')).toBe('2026-01-01 00:00:00 – 01:00:00');
  });
});
