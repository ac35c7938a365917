import { describe, expect, it } from 'vitest';
import {
  formatAgo,
  formatBytes,
  formatCount,
  formatDuration,
  formatMicroseconds,
  formatRowTime,
  formatShort,
  formatTime,
  plural,
} from './format.ts';

const now = Date.parse('2026-02-06T12:00:00Z');

describe('numbers', () => {
  it('are short where space is', () => {
    expect([0, 7, 0.25, 999, 1000, 1234, 999_999, 1_250_000, 3e9].map(formatShort)).toEqual([
      '0',
      '7',
      '0.3',
      '999',
      '1k',
      '1.23k',
      '1M',
      '1.25M',
      '3B',
    ]);
  });
  it('are whole where they are read', () => {
    expect(formatCount(1234567)).toBe('1,234,567');
    expect(plural(1, 'alert')).toBe('1 alert');
    expect(plural(2, 'query', 'queries')).toBe('2 queries');
  });
  it('count bytes in powers of 1,024', () => {
    expect([0, 1023, 1024, 1536, 1048576, 1023 * 1024].map(formatBytes)).toEqual([
      '0 B',
      '1023 B',
      '1 KiB',
      '1.5 KiB',
      '1 MiB',
      '1023 KiB',
    ]);
  });
});

describe('times', () => {
  it('grow coarser with age', () => {
    expect([12, 2100, 45_000, 240_000, 10_800_000, 1e9].map(formatDuration)).toEqual([
      '12 ms',
      '2.1 s',
      '45 s',
      '4 min',
      '3 h',
      '12 d',
    ]);
    expect([0.61, 340, 9200].map(formatMicroseconds)).toEqual(['0.6 µs', '340 µs', '9 ms']);
    expect(formatAgo('2026-02-06T11:59:30Z', now)).toBe('30 s ago');
    expect(formatAgo('2026-02-06T12:00:08Z', now)).toBe('just now');
    expect(formatAgo('2026-02-06T12:05:00Z', now)).toBe('in 5 min');
  });
  it('are UTC', () => {
    expect(formatTime('2026-02-06T14:00:00.5+02:00')).toBe('2026-02-06 12:00:00.500');
    expect(formatRowTime('2026-02-06T14:00:00+02:00', now)).toBe('Feb 06 12:00:00');
    expect(formatRowTime('2015-12-10T06:55:46Z', now)).toBe('2015 Dec 10 06:55:46');
  });
  it('never hide text that is no time', () => expect(formatTime('soon')).toBe('soon'));
});
