/** Numbers, sizes and times, formatted alike everywhere. Times are UTC, as everything in the store is. */
const whole = new Intl.NumberFormat('en-US');
const SHORT = [
  { limit: 1e12, unit: 'T' },
  { limit: 1e9, unit: 'B' },
  { limit: 1e6, unit: 'M' },
  { limit: 1e3, unit: 'k' },
];

/** `1,234,567`. */
export function formatCount(value: number): string {
  return whole.format(value);
}

/** `1,234` → `1.2k`; three significant figures at most. */
export function formatShort(value: number): string {
  for (const { limit, unit } of SHORT)
    if (Math.abs(value) >= limit * 0.9995) return trimZero((value / limit).toPrecision(3)) + unit;
  return Number.isInteger(value) ? String(value) : trimZero(value.toFixed(value < 10 ? 1 : 0));
}

/** Bytes in powers of 1,024: `1.5 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : trimZero(value.toPrecision(value >= 1000 ? 4 : 3))} ${units[unit]}`;
}

/** A duration in ms: `340 ms`, `2.1 s`, `4 min`, `3 h`, `12 d`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 10_000) return `${trimZero((ms / 1000).toFixed(1))} s`;
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 172_800_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} d`;
}

/** Work per event in µs: `0.6 µs`, `340 µs`, `9.2 ms`. */
export function formatMicroseconds(value: number): string {
  return value < 1000 ? `${formatShort(value)} µs` : formatDuration(value / 1000);
}

/** `2026-02-06 12:00:00.123`; the text itself when it is no time. */
export function formatTime(iso: string): string {
  const time = Date.parse(iso);
  if (Number.isNaN(time)) return iso;
  return new Date(time).toISOString().replace('T', ' ').replace('Z', '');
}

/** `Feb 06 12:00:00` for rows, with the year when it is not this year's. */
export function formatRowTime(iso: string, now: number): string {
  const time = Date.parse(iso);
  if (Number.isNaN(time)) return iso;
  const date = new Date(time);
  const month = date.toLocaleString('en-US', { month: 'short', timeZone: 'UTC' });
  const clock = date.toISOString().slice(11, 19);
  const day = String(date.getUTCDate()).padStart(2, '0');
  return date.getUTCFullYear() === new Date(now).getUTCFullYear()
    ? `${month} ${day} ${clock}`
    : `${date.getUTCFullYear()} ${month} ${day} ${clock}`;
}

/** `12 s ago`, `just now`, `in 3 min` for clocks that run ahead of this one by more than the odd second. */
export function formatAgo(iso: string, now: number): string {
  const age = now - Date.parse(iso);
  if (Number.isNaN(age)) return iso;
  if (age > -10_000 && age < 2000) return 'just now';
  return age > 0 ? `${formatDuration(Math.max(age, 1000))} ago` : `in ${formatDuration(-age)}`;
}

/** `3 alerts`, `1 alert`. */
export function plural(count: number, singular: string, many = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : many}`;
}

function trimZero(text: string): string {
  return text.includes('.') && !text.includes('e') ? text.replace(/\.?0+$/, '') : text;
}
