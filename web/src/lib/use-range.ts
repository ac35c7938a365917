/** The page's time range: its word from the URL, resolved against a clock that moves on refresh only. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { DEFAULT_RANGE, isOpenEnded, resolveRange, type ResolvedRange } from './range.ts';

let now = Date.now();
const watchers = new Set<() => void>();

/** Moves the end of relative ranges to the present; queries that use the range follow. */
export function refreshRange(): void {
  now = Date.now();
  for (const watcher of watchers) watcher();
}

function subscribe(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
}

export interface PageRange extends ResolvedRange {
  /** The word in the URL. */
  text: string;
  /** The range ends now: new data belongs to it. */
  openEnded: boolean;
}

export function useRange(): PageRange {
  const text = useRangeText();
  const clock = useSyncExternalStore(subscribe, () => now);
  return useMemo(() => ({ ...resolveRange(text, clock), text, openEnded: isOpenEnded(text) }), [text, clock]);
}

export function useRangeText(): string {
  const search: { range?: string } = useSearch({ strict: false });
  return search.range ?? DEFAULT_RANGE;
}

/** Changes the range in the URL, keeping the page and its other filters. */
export function useSetRange(): (text: string) => void {
  const navigate = useNavigate();
  return (text) => {
    refreshRange();
    void navigate({ to: '.', search: (search: object) => ({ ...search, range: text }) });
  };
}

/** Refreshes every `ms` while the tab is visible and the range is relative. */
export function useAutoRefresh(ms: number): void {
  const relative = isOpenEnded(useRangeText());
  useEffect(() => {
    if (!relative) return;
    const timer = setInterval(() => {
      if (!document.hidden) refreshRange();
    }, ms);
    return () => clearInterval(timer);
  }, [relative, ms]);
}
