/** What a chart over time shows, decided before anything is drawn. */
import { formatCount } from '../../lib/format.ts';

export interface TimeSeries {
  key: string;
  name: string;
  /** CSS custom property that holds the colour. */
  color: string;
  values: number[];
  /** Lines lie over the bars. */
  line?: boolean;
}

export interface TimeModel {
  /** Start of each bucket, ms. */
  times: number[];
  intervalMs: number;
  series: TimeSeries[];
  /** One sentence for those who cannot see the chart. */
  summary: string;
}

/** Most buckets that are drawn; the API gives at most 500. */
const MOST_BUCKETS = 1000;

/** Bucket starts from the first to the last, without holes: a quiet hour must look quiet. */
export function bucketTimes(starts: readonly number[], from: number, to: number, intervalMs: number): number[] {
  if (intervalMs <= 0 || starts.length === 0) return [...starts];
  const anchor = starts[0]!;
  const before = Math.max(0, Math.floor((anchor - from) / intervalMs + 1e-9));
  const first = anchor - before * intervalMs;
  const end = Math.max(to, starts.at(-1)! + 1);
  const count = Math.min(MOST_BUCKETS, Math.max(1, Math.ceil((end - first) / intervalMs)));
  return Array.from({ length: count }, (_, index) => first + index * intervalMs);
}

/** Index of the bucket that holds `time`; -1 when none does. */
export function bucketAt(times: readonly number[], intervalMs: number, time: number): number {
  if (times.length === 0) return -1;
  const index = Math.floor((time - times[0]!) / intervalMs + 1e-9);
  return index >= 0 && index < times.length ? index : -1;
}

/** The time range of the buckets between two indexes, in any order, cut to what exists. */
export function bucketSpan(model: TimeModel, a: number, b: number): { from: number; to: number } | undefined {
  const last = model.times.length - 1;
  if (last < 0) return undefined;
  const low = Math.min(Math.max(Math.min(a, b), 0), last);
  const high = Math.min(Math.max(Math.max(a, b), 0), last);
  return { from: model.times[low]!, to: model.times[high]! + model.intervalMs };
}

const pad = (value: number) => String(value).padStart(2, '0');

/** Label under a bucket: clock for short ranges, day for long ones; the day where it changes. */
export function axisLabel(time: number, intervalMs: number, spanMs: number): string {
  const date = new Date(time);
  const day = `${date.toLocaleString('en-US', { month: 'short', timeZone: 'UTC' })} ${date.getUTCDate()}`;
  if (intervalMs >= 86_400_000) return day;
  const clock = `${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}`;
  if (spanMs > 86_400_000 * 1.5)
    return date.getUTCHours() === 0 && date.getUTCMinutes() === 0 ? day : `${day} ${clock}`;
  if (intervalMs >= 60_000) return clock;
  const seconds = `${clock}:${pad(date.getUTCSeconds())}`;
  return intervalMs < 1000 ? `${seconds}.${String(date.getUTCMilliseconds()).padStart(3, '0')}` : seconds;
}

/** `Feb 6 12:00 – 12:15`: the bucket's span for tooltips. */
export function bucketLabel(time: number, intervalMs: number): string {
  const iso = (value: number) => new Date(value).toISOString();
  const start = iso(time);
  const end = iso(time + intervalMs);
  const clock = (text: string) => text.slice(11, intervalMs < 1000 ? 23 : intervalMs < 60_000 ? 19 : 16);
  const from = `${start.slice(0, 10)} ${clock(start)}`;
  return start.slice(0, 10) === end.slice(0, 10)
    ? `${from} – ${clock(end)}`
    : `${from} – ${end.slice(0, 10)} ${clock(end)}`;
}

/** Sentence with the total and the peak. */
export function timeSummary(what: string, times: readonly number[], totals: readonly number[]): string {
  const total = totals.reduce((sum, value) => sum + value, 0);
  if (total === 0) return `No ${what} in this time.`;
  const peak = Math.max(...totals);
  const at = new Date(times[totals.indexOf(peak)]!).toISOString().slice(0, 16).replace('T', ' ');
  return `${formatCount(total)} ${what}; most at ${at} UTC with ${formatCount(peak)}.`;
}
