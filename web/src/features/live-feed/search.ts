/** The live feed's filters in the URL. */
import { compact, pickNumber, pickText } from '../../lib/url.ts';

export interface FeedSearch {
  /** Events below this level are left out. */
  minLevel?: number;
  /** Text that the line, an address, user or host must contain. */
  text?: string;
}

export function parseFeedSearch(search: Record<string, unknown>): FeedSearch {
  return compact({
    minLevel: pickNumber(search, 'minLevel', 1, 15),
    text: pickText(search, 'text')?.slice(0, 256),
  });
}
