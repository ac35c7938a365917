/** Events over time by severity: the hunt page's histogram. */
import { SEVERITIES, type Histogram } from '@vedette/contracts';
import { bucketAt, bucketTimes, timeSummary, type TimeModel } from './time-model.ts';

const NAMES = { info: 'Info', low: 'Low', medium: 'Medium', high: 'High', critical: 'Critical' } as const;

export function prepareHistogram(histogram: Histogram): TimeModel {
  const { intervalMs } = histogram;
  const buckets = histogram.buckets.map((bucket) => ({ ...bucket, time: Date.parse(bucket.ts) }));
  const times = bucketTimes(
    buckets.map((bucket) => bucket.time),
    Date.parse(histogram.from),
    Date.parse(histogram.to),
    intervalMs,
  );
  const series = SEVERITIES.map((severity) => ({
    key: severity,
    name: NAMES[severity],
    color: `--bar-${severity}`,
    values: new Array<number>(times.length).fill(0),
  }));
  const totals = new Array<number>(times.length).fill(0);
  for (const bucket of buckets) {
    const index = bucketAt(times, intervalMs, bucket.time);
    if (index === -1) continue;
    SEVERITIES.forEach((severity, row) => {
      series[row]!.values[index]! += bucket.counts[severity];
      totals[index]! += bucket.counts[severity];
    });
  }
  return { times, intervalMs, series, summary: timeSummary('events', times, totals) };
}
