/** `minute`, `hour`, `day`, `week`, `month`, `year` of a time stamp, in UTC. */

export const TIME_PARTS = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
export type TimePart = (typeof TIME_PARTS)[number];

/** The part of an ISO time or epoch number (seconds, or milliseconds above 10^11); NaN when it is no time. */
export function timePart(value: string, part: TimePart): number {
  const epoch = /^\d{1,15}(\.\d{1,9})?$/.test(value) ? Number(value) : Number.NaN;
  const ms = Number.isNaN(epoch) ? parseTime(value) : epoch > 1e11 ? epoch : epoch * 1000;
  const time = new Date(ms);
  switch (part) {
    case 'minute':
      return time.getUTCMinutes();
    case 'hour':
      return time.getUTCHours();
    case 'day':
      return time.getUTCDate();
    case 'week':
      return isoWeek(time);
    case 'month':
      return time.getUTCMonth() + 1;
    case 'year':
      return time.getUTCFullYear();
  }
}

/** ISO-like times only; those without a zone are UTC. */
function parseTime(value: string): number {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/.exec(value);
  if (!match) return Number.NaN;
  return Date.parse(`${match[1]}T${match[2] ?? '00:00'}${match[3] ?? 'Z'}`);
}

/** ISO 8601 week: the one that holds the year's first Thursday is week 1. */
function isoWeek(time: Date): number {
  const day = time.getUTCDay() || 7;
  const thursday = Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate() + 4 - day);
  const yearStart = Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1);
  return Math.ceil(((thursday - yearStart) / 86_400_000 + 1) / 7);
}
