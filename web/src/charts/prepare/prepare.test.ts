import { describe, expect, it } from 'vitest';
import { prepareHeatGrid } from './heat-grid.ts';
import { prepareHistogram } from './histogram.ts';
import { prepareRanking } from './ranking.ts';
import { prepareShares } from './shares.ts';
import { axisLabel, bucketLabel, bucketSpan } from './time-model.ts';
import { prepareTimeline } from './timeline.ts';

const hour = 3_600_000;
const at = (text: string) => Date.parse(text);
const counts = (high: number) => ({ info: 1, low: 0, medium: 0, high, critical: 0 });

describe('prepareHistogram', () => {
  const model = prepareHistogram({
    from: '2026-02-06T10:20:00Z',
    to: '2026-02-06T14:20:00Z',
    intervalMs: hour,
    buckets: [
      { ts: '2026-02-06T11:00:00Z', counts: counts(2) },
      { ts: '2026-02-06T13:00:00Z', counts: counts(5) },
    ],
  });
  it('fills quiet buckets with zero', () => {
    expect(model.times.map((time) => new Date(time).getUTCHours())).toEqual([11, 12, 13, 14]);
    expect(model.series.find((series) => series.key === 'high')!.values).toEqual([2, 0, 5, 0]);
  });
  it('says the total and the peak', () => expect(model.summary).toBe('9 events; most at 2026-02-06 13:00 UTC with 6.'));
  it('turns a brush into whole buckets, whatever its direction', () => {
    const span = { from: at('2026-02-06T12:00:00Z'), to: at('2026-02-06T14:00:00Z') };
    expect(bucketSpan(model, 2, 1)).toEqual(span);
    expect(bucketSpan(model, -5, 99)).toEqual({ from: model.times[0], to: at('2026-02-06T15:00:00Z') });
  });
  it('stays bounded when the server names an absurd range', () => {
    const absurd = prepareHistogram({
      from: '1601-01-01T00:00:00Z',
      to: '9999-01-01T00:00:00Z',
      intervalMs: 1000,
      buckets: [{ ts: '2026-02-06T11:00:00Z', counts: counts(1) }],
    });
    expect(absurd.times.length).toBeLessThanOrEqual(1000);
  });
  it('is empty without buckets', () => {
    const empty = prepareHistogram({
      from: '2026-02-06T10:00:00Z',
      to: '2026-02-06T11:00:00Z',
      intervalMs: 1,
      buckets: [],
    });
    expect(empty.times).toEqual([]);
    expect(bucketSpan(empty, 0, 1)).toBeUndefined();
  });
});

describe('prepareTimeline', () => {
  it('stacks malicious under the rest without counting twice', () => {
    const model = prepareTimeline({
      from: '2026-02-06T10:00:00Z',
      to: '2026-02-06T11:00:00Z',
      intervalMs: hour,
      timeline: [{ ts: '2026-02-06T10:00:00Z', total: 10, malicious: 3 }],
    });
    expect(model.series.map((series) => [series.key, series.values])).toEqual([
      ['malicious', [3]],
      ['noMatch', [7]],
    ]);
  });
});

describe('labels', () => {
  it('fit the range', () => {
    expect(axisLabel(at('2026-02-06T09:05:00Z'), 900_000, 24 * hour)).toBe('09:05');
    expect(axisLabel(at('2026-02-06T00:00:00Z'), hour, 7 * 24 * hour)).toBe('Feb 6');
    expect(axisLabel(at('2026-02-06T06:00:00Z'), hour, 7 * 24 * hour)).toBe('Feb 6 06:00');
    expect(axisLabel(at('2026-02-06T06:00:00Z'), 24 * hour, 90 * 24 * hour)).toBe('Feb 6');
    expect(axisLabel(at('2026-02-06T06:00:01.250Z'), 50, 1000)).toBe('06:00:01.250');
    expect(bucketLabel(at('2026-02-06T06:00:01.250Z'), 50)).toBe('2026-02-06 06:00:01.250 – 06:00:01.300');
    expect(bucketLabel(at('2026-02-06T23:45:00Z'), 900_000)).toBe('2026-02-06 23:45 – 2026-02-07 00:00');
  });
});

describe('prepareRanking', () => {
  it('sorts, cuts and scales', () => {
    const rows = prepareRanking(
      [
        { value: 'b', count: 5 },
        { value: 'a', count: 10 },
        { value: 'c', count: 0 },
      ],
      1,
      20,
    );
    expect(rows).toEqual([{ value: 'a', count: 10, length: 1, share: 0.5 }]);
  });
  it('takes nothing', () => expect(prepareRanking([])).toEqual([]));
});

describe('prepareShares', () => {
  it('puts the many small ones together', () => {
    const rows = Array.from({ length: 9 }, (_, index) => ({ value: `r${index}`, count: 9 - index }));
    const shares = prepareShares(rows, 4);
    expect(shares.map((share) => share.name)).toEqual(['r0', 'r1', 'r2', '6 others']);
    expect(shares.reduce((sum, share) => sum + share.share, 0)).toBeCloseTo(1);
    expect(shares.at(-1)).toMatchObject({ count: 21, rest: true });
  });
  it('never makes a rest of one', () => {
    const rows = ['a', 'b', 'c'].map((value) => ({ value, count: 1 }));
    expect(prepareShares(rows, 3).some((share) => share.rest)).toBe(false);
  });
});

describe('prepareHeatGrid', () => {
  it('lays out critical first and gathers high confidence', () => {
    const grid = prepareHeatGrid([
      { severity: 'high', confidence: 11, count: 7 },
      { severity: 'high', confidence: 8, count: 3 },
      { severity: 'info', confidence: 1, count: 1000 },
      { severity: 'info', confidence: 0, count: 5 },
    ]);
    expect(grid.rows.map((row) => row.severity)).toEqual(['critical', 'high', 'medium', 'low', 'info']);
    expect(grid.rows[1]!.cells.at(-1)!.count).toBe(10);
    expect(grid.total).toBe(1010);
    expect(grid.rows[4]!.cells[0]!.heat).toBe(1);
    expect(grid.rows[1]!.cells.at(-1)!.heat).toBeGreaterThan(0.2);
  });
});
