/**
 * What the live feed shows: newest first, bounded, and held back while the reader looks closely. Pure: every step
 * returns a new state.
 */
import { fieldOf, fieldText, lineOf, type EventDocument } from '../../lib/documents.ts';
import type { FeedSearch } from './search.ts';

/** Events kept on screen, and events kept back while paused. */
export const MOST_SHOWN = 1000;

export interface Feed {
  shown: readonly EventDocument[];
  /** Arrived while held, newest first; at most `MOST_SHOWN`. */
  waiting: readonly EventDocument[];
  /** All that arrived while held, also what no longer fits. */
  waitingCount: number;
}

export const EMPTY_FEED: Feed = { shown: [], waiting: [], waitingCount: 0 };

/** `items` in the order of arrival; those that are there already are left out. */
export function receive(feed: Feed, items: readonly EventDocument[], held: boolean): Feed {
  const known = new Set([...feed.shown, ...feed.waiting].map((event) => event._id));
  const newest = items.filter((event) => !known.has(event._id)).reverse();
  if (newest.length === 0) return feed;
  if (!held) return { ...feed, shown: [...newest, ...feed.shown].slice(0, MOST_SHOWN) };
  return {
    ...feed,
    waiting: [...newest, ...feed.waiting].slice(0, MOST_SHOWN),
    waitingCount: feed.waitingCount + newest.length,
  };
}

/** Puts stored events, newest first, below what has arrived since. */
export function seed(feed: Feed, stored: readonly EventDocument[]): Feed {
  const known = new Set([...feed.shown, ...feed.waiting].map((event) => event._id));
  const older = stored.filter((event) => !known.has(event._id));
  return { ...feed, shown: [...feed.shown, ...older].slice(0, MOST_SHOWN) };
}

/** Shows what waited. */
export function release(feed: Feed): Feed {
  if (feed.waitingCount === 0) return feed;
  return { shown: [...feed.waiting, ...feed.shown].slice(0, MOST_SHOWN), waiting: [], waitingCount: 0 };
}

export function passesFilter(event: EventDocument, { minLevel, text }: FeedSearch): boolean {
  if (minLevel !== undefined && Number(fieldOf(event, 'event.severity') ?? 0) < minLevel) return false;
  if (text === undefined) return true;
  const wanted = text.toLowerCase();
  return (
    SEARCHED.some((field) => fieldText(event, field).toLowerCase().includes(wanted)) ||
    lineOf(event).toLowerCase().includes(wanted)
  );
}

const SEARCHED = ['source.ip', 'destination.ip', 'user.name', 'host.name', 'vedette.source', 'vedette.source_type'];
