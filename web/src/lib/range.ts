/**
 * The time range that every page shares. In the URL it is one word: `24h` (the last 24 hours), `all`, or
 * `FROM..TO` with ISO times of which one may be missing. A relative range is resolved against a clock that moves only
 * when the reader refreshes, so that everything on a page covers the same time.
 */
const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const RELATIVE = /^(\d{1,4})([mhd])$/;

export const DEFAULT_RANGE = '24h';

/** Ranges offered by the picker, with their spoken names. */
export const RANGE_PRESETS = [
  { value: '15m', label: 'Last 15 minutes' },
  { value: '1h', label: 'Last hour' },
  { value: '6h', label: 'Last 6 hours' },
  { value: '24h', label: 'Last 24 hours' },
  { value: '7d', label: 'Last 7 days' },
  { value: '30d', label: 'Last 30 days' },
  { value: 'all', label: 'All time' },
] as const;

/** ISO times, `from` inclusive, `to` exclusive; a missing end is open. */
export interface ResolvedRange {
  from?: string;
  to?: string;
}

export function isRangeText(text: string): boolean {
  return text === 'all' || RELATIVE.test(text) || parseAbsolute(text) !== undefined;
}

/** True when the range ends now, so that new data belongs to it. */
export function isOpenEnded(text: string): boolean {
  return text === 'all' || RELATIVE.test(text) || parseAbsolute(text)?.to === undefined;
}

/** Turns the URL's word into times. `now` in milliseconds. Unreadable text counts as the default. */
export function resolveRange(text: string, now: number): ResolvedRange {
  if (text === 'all') return {};
  const absolute = parseAbsolute(text);
  if (absolute) return absolute;
  const [, amount, unit] = RELATIVE.exec(text) ?? RELATIVE.exec(DEFAULT_RANGE)!;
  const span = Number(amount) * UNIT_MS[unit!]!;
  return { from: new Date(now - span).toISOString(), to: new Date(now).toISOString() };
}

/** `FROM..TO` from two times in milliseconds, in whole seconds, at least one second long. */
export function absoluteRangeText(from: number, to: number): string {
  const start = Math.floor(Math.min(from, to) / 1000) * 1000;
  const end = Math.max(Math.ceil(Math.max(from, to) / 1000) * 1000, start + 1000);
  return `${new Date(start).toISOString()}..${new Date(end).toISOString()}`;
}

/** What the picker's button says: `Last 24 hours`, or the two times in UTC. */
export function rangeLabel(text: string): string {
  const preset = RANGE_PRESETS.find(({ value }) => value === text);
  if (preset) return preset.label;
  const absolute = parseAbsolute(text);
  if (!absolute) {
    const [, amount, unit] = RELATIVE.exec(text) ?? [];
    return amount === undefined ? rangeLabel(DEFAULT_RANGE) : `Last ${amount} ${unitName(unit!)}`;
  }
  if (absolute.from === undefined) return `until ${shortTime(absolute.to!)}`;
  if (absolute.to === undefined) return `since ${shortTime(absolute.from)}`;
  const sameDay = absolute.from.slice(0, 10) === absolute.to.slice(0, 10);
  return `${shortTime(absolute.from)} – ${sameDay ? absolute.to.slice(11, 19) : shortTime(absolute.to)}`;
}

function parseAbsolute(text: string): ResolvedRange | undefined {
  const [from = '', to = '', ...rest] = text.split('..');
  if (!text.includes('..') || rest.length > 0 || (from === '' && to === '')) return undefined;
  const start = from === '' ? undefined : Date.parse(from);
  const end = to === '' ? undefined : Date.parse(to);
  if (Number.isNaN(start) || Number.isNaN(end)) return undefined;
  if (start !== undefined && end !== undefined && start >= end) return undefined;
  return {
    ...(start === undefined ? {} : { from: new Date(start).toISOString() }),
    ...(end === undefined ? {} : { to: new Date(end).toISOString() }),
  };
}

const shortTime = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;

function unitName(unit: string): string {
  if (unit === 'm') return 'minutes';
  return unit === 'h' ? 'hours' : 'days';
}
