/**
 * The recent messages of one topic, oldest dropped first, bounded by number and by size: what a client that was away
 * for a moment catches up from, and the only queue there is — clients hold a place in it, not messages of their own.
 */
export interface LiveEntry {
  /** Number of the message over all topics, ascending. */
  readonly n: number;
  /** The message as it goes over the wire. */
  readonly text: string;
}

export interface LiveHistory {
  push(entry: LiveEntry): void;
  /** The entry at a place; undefined when nothing is there yet. Places ascend by one for ever. */
  at(place: number): LiveEntry | undefined;
  /** Place of the first entry whose number is above `n`. */
  placeAfter(n: number): number;
  /** Place of the oldest entry that is still held. */
  readonly oldest: number;
  /** Place of the entry that comes next. */
  readonly next: number;
  /** Number of the newest entry that was dropped; -1 when none was. */
  readonly droppedUpTo: number;
}

/** `maxChars` counts characters of text; the newest entry is always held. */
export function createLiveHistory({ maxEntries, maxChars }: { maxEntries: number; maxChars: number }): LiveHistory {
  const slots: (LiveEntry | undefined)[] = [];
  let oldest = 0;
  let next = 0;
  let chars = 0;
  let droppedUpTo = -1;

  const drop = (): void => {
    const slot = oldest % maxEntries;
    const entry = slots[slot]!;
    slots[slot] = undefined;
    chars -= entry.text.length;
    droppedUpTo = entry.n;
    oldest += 1;
  };
  const at = (place: number): LiveEntry | undefined =>
    place >= oldest && place < next ? slots[place % maxEntries] : undefined;

  return {
    push(entry) {
      while (next - oldest >= maxEntries || (next > oldest && chars + entry.text.length > maxChars)) drop();
      slots[next % maxEntries] = entry;
      chars += entry.text.length;
      next += 1;
    },
    at,
    placeAfter(n) {
      let low = oldest;
      let high = next;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (at(middle)!.n > n) high = middle;
        else low = middle + 1;
      }
      return low;
    },
    get oldest() {
      return oldest;
    },
    get next() {
      return next;
    },
    get droppedUpTo() {
      return droppedUpTo;
    },
  };
}
