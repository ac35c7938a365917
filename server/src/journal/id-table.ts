/**
 * A set of 64-bit hashes with the second each was seen, in typed arrays: 12 bytes a slot, 17 to 34 bytes an id. It is
 * split into shards that grow, and drop what expired, one at a time, so that no insertion takes longer than a few
 * milliseconds. Where even the largest size is not enough, a shard drops its oldest quarter.
 */
const SHARDS = 256;
const FIRST_SLOTS = 64;
const WORDS = 3;
/** Marks an entry whose append is still under way. */
export const PENDING = 0x8000_0000;

export interface IdTable {
  /** The time word: seconds, with `PENDING` set or not; 0 where the hash is unknown, forgotten or expired. */
  get(high: number, low: number): number;
  /** 0 forgets. */
  set(high: number, low: number, time: number): void;
  /** Entries, expired ones among them. */
  readonly size: number;
  readonly bytes: number;
}

/** Entries with a time before `expiry()` count as absent. `capacity` is the number of ids kept at most, roughly. */
export function createIdTable(capacity: number, expiry: () => number): IdTable {
  const maxSlots = Math.max(FIRST_SLOTS, 2 ** Math.ceil(Math.log2((capacity / SHARDS) * 1.5)));
  const shards = Array.from({ length: SHARDS }, () => new Uint32Array(FIRST_SLOTS * WORDS));
  const used = new Uint32Array(SHARDS);

  /** Word index of the entry, or of the free slot where it belongs. */
  function find(shard: Uint32Array, high: number, low: number): number {
    const mask = shard.length / WORDS - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const at = slot * WORDS;
      if ((shard[at] === high && shard[at + 1] === low) || (shard[at] === 0 && shard[at + 1] === 0)) return at;
    }
  }

  function isLive(time: number): boolean {
    return time >= PENDING || (time !== 0 && time >= expiry());
  }

  /** Makes room: without the dead, larger if need be, without the oldest where it may not grow. */
  function rebuild(index: number): void {
    const before = shards[index]!;
    const times: number[] = [];
    for (let at = 2; at < before.length; at += WORDS) if (isLive(before[at]!)) times.push(before[at]!);
    let slots = before.length / WORDS;
    let oldest = 0;
    if (times.length > slots / 2) {
      if (slots < maxSlots) slots *= 2;
      else oldest = Uint32Array.from(times).sort()[times.length >> 2]!;
    }
    const after = new Uint32Array(slots * WORDS);
    shards[index] = after;
    used[index] = 0;
    // Of entries as old as the oldest quarter's newest, all or none would go: a burst within one second needs a count.
    let drop = oldest === 0 ? 0 : times.length >> 2;
    for (let from = 0; from < before.length; from += WORDS) {
      const time = before[from + 2]!;
      if (!isLive(time)) continue;
      if (drop > 0 && time <= oldest) {
        drop--;
        continue;
      }
      const at = find(after, before[from]!, before[from + 1]!);
      after[at] = before[from]!;
      after[at + 1] = before[from + 1]!;
      after[at + 2] = time;
      used[index]!++;
    }
  }

  return {
    get(high, low) {
      const shard = shards[high >>> 24]!;
      const time = shard[find(shard, high, low) + 2]!;
      return isLive(time) ? time : 0;
    },
    set(high, low, time) {
      const index = high >>> 24;
      let shard = shards[index]!;
      let at = find(shard, high, low);
      if (shard[at] === 0 && shard[at + 1] === 0) {
        if (time === 0) return;
        if (used[index]! + 1 > (shard.length / WORDS) * 0.7) {
          rebuild(index);
          shard = shards[index]!;
          at = find(shard, high, low);
        }
        shard[at] = high;
        shard[at + 1] = low;
        used[index]!++;
      }
      shard[at + 2] = time;
    },
    get size() {
      return used.reduce((sum, each) => sum + each, 0);
    },
    get bytes() {
      return shards.reduce((sum, each) => sum + each.byteLength, 0);
    },
  };
}
