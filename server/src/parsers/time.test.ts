import { EcsEvent } from '@vedette/contracts';
import { describe, expect, test } from 'vitest';
import { anyTime, asctime, clfTime, epochTime, isoTime, stamp, yearlessTime } from './time.ts';

const NOON = Date.UTC(2026, 2, 1, 12);
const CONTEXT = { receivedAt: NOON, source: '', peer: '' };
const iso = (ms: number) => (Number.isNaN(ms) ? 'NaN' : new Date(ms).toISOString());

describe('isoTime', () => {
  test.each([
    ['2026-02-27T10:00:00Z', '2026-02-27T10:00:00.000Z'],
    ['2026-02-27T10:00:00+02:00', '2026-02-27T08:00:00.000Z'],
    ['2026-02-27T10:00:00.5-0530', '2026-02-27T15:30:00.500Z'],
    ['2026-02-27 10:00:00,123', '2026-02-27T10:00:00.123Z'],
    ['2026/02/27 10:00:00 +0100', '2026-02-27T09:00:00.000Z'],
    ['2026-02-27T10:00:00.123456789Z', '2026-02-27T10:00:00.123Z'],
    ['2026-02-27 10:00:00 UTC', '2026-02-27T10:00:00.000Z'],
    ['2026-02-27T10:00:00+02', '2026-02-27T08:00:00.000Z'],
    ['2024-02-29T23:59:60Z', '2024-03-01T00:00:00.000Z'],
    ['2026-02-29T10:00:00Z', 'NaN'],
    ['2026-13-01T10:00:00Z', 'NaN'],
    ['2026-02-27T25:00:00Z', 'NaN'],
    ['2026-02-27', 'NaN'],
    ['', 'NaN'],
  ])('%s', (text, expected) => expect(iso(isoTime(text))).toBe(expected));
});

test('other spellings', () => {
  expect(iso(clfTime('10/Oct/2000:13:55:36 -0700', 0))).toBe('2000-10-10T20:55:36.000Z');
  expect(iso(asctime('Sun Dec 04 04:47:44 2005', 0))).toBe('2005-12-04T04:47:44.000Z');
  expect(iso(asctime('Thu Oct 13 12:24:49.880562 2022', 0))).toBe('2022-10-13T12:24:49.880Z');
  expect(iso(asctime('Thu Oct  3 12:24:49 2022', 0))).toBe('2022-10-03T12:24:49.000Z');
  for (const value of [1772190000, 1772190000000, 1772190000000000, 1772190000000000000]) {
    expect(iso(epochTime(value))).toBe('2026-02-27T11:00:00.000Z');
  }
  expect(iso(anyTime('1772190000.25'))).toBe('2026-02-27T11:00:00.250Z');
  expect(iso(anyTime('2026-02-27'))).toBe('2026-02-27T00:00:00.000Z');
  for (const none of [null, undefined, {}, true, '', 'yesterday', -5, Number.NaN]) {
    expect(iso(anyTime(none))).toBe('NaN');
  }
});

test('a time without a year is in the newest year that is not more than a day ahead', () => {
  const at = (month: number, day: number, receivedAt: number) => iso(yearlessTime(month, day, 3_600_000, receivedAt));
  expect(at(2, 28, NOON)).toBe('2026-02-28T01:00:00.000Z');
  expect(at(3, 2, NOON)).toBe('2026-03-02T01:00:00.000Z');
  expect(at(3, 3, NOON)).toBe('2025-03-03T01:00:00.000Z');
  expect(at(12, 31, Date.UTC(2026, 0, 1, 0, 5))).toBe('2025-12-31T01:00:00.000Z');
  expect(at(1, 1, Date.UTC(2025, 11, 31, 23, 59))).toBe('2026-01-01T01:00:00.000Z');
  expect(at(2, 29, NOON)).toBe('2024-02-29T01:00:00.000Z');
  expect(at(2, 30, NOON)).toBe('NaN');
  // The hour decides on the anniversary, whichever is asked first.
  expect(iso(yearlessTime(3, 2, 13 * 3_600_000, NOON))).toBe('2025-03-02T13:00:00.000Z');
  expect(iso(yearlessTime(3, 2, 11 * 3_600_000, NOON))).toBe('2026-03-02T11:00:00.000Z');
});

test('impossible and unreadable times give way to the receipt time, the original is kept', () => {
  const flags = [
    ['1601-01-01T00:00:00Z', 'out_of_range'],
    ['9999-12-31T23:59:59Z', 'out_of_range'],
    ['tomorrow', 'unreadable'],
  ];
  for (const [text, flag] of flags) {
    const event = new EcsEvent();
    stamp(event, anyTime(text), text, CONTEXT);
    expect(event.timestamp).toBe(NOON);
    expect(event.extra).toEqual({ 'vedette.time_original': text, 'vedette.time_flag': flag });
  }
  const event = new EcsEvent();
  stamp(event, anyTime(undefined), undefined, CONTEXT);
  expect([event.timestamp, event.extra]).toEqual([NOON, null]);
});
