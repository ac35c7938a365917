/** The hunt page's state in the URL: query and chosen columns. */
import { compact, pickText } from '../../lib/url.ts';

export interface HuntSearch {
  q?: string;
  /** Field names, comma-separated; without it the default columns. */
  cols?: string;
}

export const DEFAULT_COLUMNS = ['vedette.source_type', 'host.name', 'user.name', 'source.ip', 'message'] as const;
const FIELD = /^[@A-Za-z0-9_][A-Za-z0-9_.@-]{0,127}$/;
const MOST_COLUMNS = 12;

export function parseHuntSearch(search: Record<string, unknown>): HuntSearch {
  return compact({ q: pickText(search, 'q'), cols: pickText(search, 'cols') });
}

/** Column names of the URL's word; unreadable names are dropped. */
export function columnsOf(cols: string | undefined): string[] {
  if (cols === undefined) return [...DEFAULT_COLUMNS];
  const names = cols.split(',').filter((name) => FIELD.test(name));
  return [...new Set(names)].slice(0, MOST_COLUMNS);
}

/** The URL's word for columns; undefined for the default. */
export function columnsText(columns: readonly string[]): string | undefined {
  const text = columns.join(',');
  return text === DEFAULT_COLUMNS.join(',') || text === '' ? undefined : text;
}

/** Adds a column before the message (which takes the rest of the row), or removes it. */
export function toggleColumn(columns: readonly string[], name: string): string[] {
  if (columns.includes(name)) return columns.filter((column) => column !== name);
  const last = columns.at(-1) === 'message' ? ['message'] : [];
  return [...columns.slice(0, columns.length - last.length), name, ...last];
}
