/** Round intervals for histograms, so that bars begin where people expect them to. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ROUND: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((n) => n),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 28, 91, 182, 364].map((n) => n * DAY),
];

export interface Buckets {
  /** Start of the first bucket, ms; a multiple of the interval. */
  start: number;
  intervalMs: number;
  count: number;
}

/** At most `wanted` buckets that cover [from, to). */
export function roundBuckets(from: number, to: number, wanted: number): Buckets {
  for (let i = 0; ; i++) {
    const intervalMs = ROUND[i] ?? ROUND.at(-1)! * 2 ** (i - ROUND.length + 1);
    const start = Math.floor(from / intervalMs) * intervalMs;
    const count = Math.max(1, Math.ceil((to - start) / intervalMs));
    if (count <= wanted) return { start, intervalMs, count };
    // A range that straddles a boundary of every interval needs two buckets, whatever is wanted.
    if (count === 2 && intervalMs > 2 * (to - from)) return { start, intervalMs, count };
  }
}
