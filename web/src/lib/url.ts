/**
 * The URL holds all state: pages parse their filters from it and links write them back. Search parameters are plain
 * strings (no JSON), so that a link can be read, typed and shared.
 */
import type { LaneFilter } from '@vedette/contracts';
import { laneFilterSchema } from '@vedette/contracts';
import { isRangeText } from './range.ts';

/** `?a=b` → `{a: 'b'}`; of a repeated parameter the last one counts. */
export function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

/** `{a: 'b', c: undefined}` → `?a=b`; empty values are left out. */
export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search))
    if (value !== undefined && value !== null && value !== '') params.set(key, String(value));
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** Filters that every page shares. */
export interface GlobalSearch {
  /** `24h`, `all` or `FROM..TO`, see `range.ts`. */
  range?: string;
  lane?: LaneFilter;
}

/** Reads the shared filters; what cannot be read is dropped. `from=`/`to=` are accepted in place of `range=`. */
export function parseGlobalSearch(search: Record<string, unknown>): GlobalSearch {
  const result: GlobalSearch = {};
  const range = pickText(search, 'range') ?? absoluteRange(pickText(search, 'from'), pickText(search, 'to'));
  if (range !== undefined && isRangeText(range)) result.range = range;
  const lane = laneFilterSchema.safeParse(search['lane'] ?? undefined);
  if (lane.success && lane.data !== 'live') result.lane = lane.data;
  return result;
}

function absoluteRange(from: string | undefined, to: string | undefined): string | undefined {
  return from === undefined && to === undefined ? undefined : `${from ?? ''}..${to ?? ''}`;
}

/** A page's own filters: the search without the shared ones. */
export function ownSearch<T extends GlobalSearch>(search: T): Omit<T, keyof GlobalSearch> {
  const own: Partial<T> = { ...search };
  delete own.range;
  delete own.lane;
  return own as Omit<T, keyof GlobalSearch>;
}

/** A non-empty text parameter, cut at 4,096 characters as the API does. */
export function pickText(search: Record<string, unknown>, key: string): string | undefined {
  const value = search[key];
  if (typeof value !== 'string' || value === '') return undefined;
  return value.slice(0, 4096);
}

/** A parameter that is one of `allowed`. */
export function pickOne<T extends string>(
  search: Record<string, unknown>,
  key: string,
  allowed: readonly T[],
): T | undefined {
  return allowed.find((value) => value === search[key]);
}

/** A whole number between `min` and `max`. */
export function pickNumber(search: Record<string, unknown>, key: string, min: number, max: number): number | undefined {
  const text = search[key];
  if (typeof text !== 'string' || !/^\d{1,6}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= min && value <= max ? value : undefined;
}

/** The object without its undefined members. */
export function compact<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
