/** Which part of Sources & health is open, and the source that the quarantine list is narrowed to. */
import { compact, pickOne, pickText } from '../../lib/url.ts';

const SOURCE_TABS = ['sources', 'pipeline', 'quarantine', 'intel'] as const;
export type SourceTab = (typeof SOURCE_TABS)[number];

export interface SourceSearch {
  tab?: SourceTab;
  source?: string;
}

export function parseSourceSearch(search: Record<string, unknown>): SourceSearch {
  return compact({
    tab: pickOne(search, 'tab', SOURCE_TABS),
    source: pickText(search, 'source')?.slice(0, 256),
  });
}
