/** Times in SQL. */
import type { Parameters } from './sql.ts';

/** What DateTime64 holds: 1900 to 2299. */
const EARLIEST = -2_208_988_800_000;
const LATEST = 10_413_791_999_999;

/** `ms` since the epoch as a DateTime64(3). */
export function timeSql(ms: number, params: Parameters): string {
  const known = Math.min(Math.max(Math.trunc(ms), EARLIEST), LATEST);
  return `fromUnixTimestamp64Milli(${params.bind('Int64', known)}, 'UTC')`;
}
