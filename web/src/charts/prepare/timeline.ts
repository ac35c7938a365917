/** Events over time with those that an indicator matched: the overview's timeline. */
import type { Stats } from '@vedette/contracts';
import { bucketAt, bucketTimes, timeSummary, type TimeModel } from './time-model.ts';

export function prepareTimeline(stats: Pick<Stats, 'from' | 'to' | 'intervalMs' | 'timeline'>): TimeModel {
  const points = stats.timeline.map((point) => ({ ...point, time: Date.parse(point.ts) }));
  const times = bucketTimes(
    points.map((point) => point.time),
    Date.parse(stats.from),
    Date.parse(stats.to),
    stats.intervalMs,
  );
  const malicious = new Array<number>(times.length).fill(0);
  const rest = new Array<number>(times.length).fill(0);
  const totals = new Array<number>(times.length).fill(0);
  for (const point of points) {
    const index = bucketAt(times, stats.intervalMs, point.time);
    if (index === -1) continue;
    malicious[index]! += point.malicious;
    rest[index]! += Math.max(0, point.total - point.malicious);
    totals[index]! += point.total;
  }
  return {
    times,
    intervalMs: stats.intervalMs,
    series: [
      { key: 'malicious', name: 'Malicious', color: '--series-malicious', values: malicious },
      { key: 'noMatch', name: 'No match', color: '--series-total', values: rest },
    ],
    summary: timeSummary('events', times, totals),
  };
}
