/**
 * De-duplication of clients' own event ids and idempotency keys for 24 hours.
 *
 * Order: `claim` before the append; `remember` once the append is durable, `forget` when it failed; `commit` before the
 * journal is released. Only what is durable in the journal is ever written to the log here, so a crash between claim and
 * append never makes an event that was not kept look like a duplicate; and ids of records that the journal still holds
 * are remembered again from there at start, so a crash before `commit` forgets none.
 *
 * An id is kept as 64 bits of its SHA-1: with 4 million ids the odds that any two of them collide are 1 in 2 million.
 * Beyond `capacity` the oldest are dropped first, which shortens the 24 hours. The log is one file an hour.
 */
import { hash } from 'node:crypto';
import { mkdir, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openFrameLog, syncDirectory } from './frame-log.ts';
import type { FrameLog } from './frame-log.ts';
import { PENDING, createIdTable } from './id-table.ts';

const HOUR_MS = 3_600_000;
/** Times are kept as seconds since 2020, which fit 31 bits until 2088. */
const EPOCH_MS = Date.UTC(2020, 0, 1);
const ENTRY_BYTES = 12;
/** Ids in one entry of the log: reading one at start stays within a few milliseconds. */
const FRAME_IDS = 16_384;
const NAME = /^seen-(\d+)\.log$/;

/** What `claim` says of an id. */
export const CLAIM = {
  /** Not seen before: the caller has it now, and must `remember` or `forget` it. */
  taken: 0,
  /** Seen before and durable (or twice in this call): a duplicate. */
  duplicate: 1,
  /** An append under way has it; whether it becomes durable is not known yet: wait for `settled` and claim again. */
  underWay: 2,
} as const;

export interface SeenIds {
  /** One `CLAIM` value for each id; '' (no id) is always `taken`. Ids are of one namespace: prefix them by key or tenant. */
  claim(ids: readonly string[]): Uint8Array;
  /** The append of these ids is durable. Also for ids found in the journal at start. `receivedAt` in ms. */
  remember(ids: readonly string[], receivedAt: number): void;
  /** The append of these claimed ids failed. */
  forget(ids: readonly string[]): void;
  /** Resolves when an append under way has been remembered or forgotten. */
  settled(): Promise<void>;
  /** The ids of every append that has resolved are durable when it resolves (given `remember` follows the append at once). */
  commit(): Promise<void>;
  /** Ids held, for health. */
  readonly size: number;
  close(): Promise<void>;
}

export async function openSeenIds(options: {
  directory: string;
  now: () => number;
  ttlMs?: number;
  capacity?: number;
}): Promise<SeenIds> {
  const { directory, now, ttlMs = 24 * HOUR_MS, capacity = 4_000_000 } = options;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const seconds = (ms: number): number => Math.max(1, Math.floor((ms - EPOCH_MS) / 1000));
  const table = createIdTable(capacity, () => seconds(now() - ttlMs));
  const word = Buffer.alloc(8);
  let unlogged: number[] = [];
  let underWay = 0;
  let settling: (() => void)[] = [];
  let current: { hour: number; log: FrameLog } | null = null;
  let committing = Promise.resolve();

  /** Leaves the hash of the id in `word`; never 0, which marks a free slot. */
  function digest(id: string): void {
    word.set((hash('sha1', id, 'buffer') as Buffer).subarray(0, 8));
    if (word.readUInt32LE(0) === 0 && word.readUInt32LE(4) === 0) word[4] = 1;
  }

  function load(entry: Buffer): void {
    for (let at = 0; at + ENTRY_BYTES <= entry.length; at += ENTRY_BYTES) {
      table.set(entry.readUInt32LE(at), entry.readUInt32LE(at + 4), entry.readUInt32LE(at + 8));
    }
  }

  async function removeOld(): Promise<void> {
    for (const name of await readdir(directory)) {
      const hour = Number(NAME.exec(name)?.[1] ?? Number.NaN);
      if ((hour + 1) * HOUR_MS < now() - ttlMs) await unlink(join(directory, name));
    }
  }

  async function write(): Promise<void> {
    if (unlogged.length === 0) return;
    const words = unlogged;
    unlogged = [];
    try {
      const hour = Math.floor(now() / HOUR_MS);
      if (current?.hour !== hour) {
        await current?.log.close();
        current = null;
        await removeOld();
        current = { hour, log: await openFrameLog(join(directory, `seen-${hour}.log`), () => undefined) };
        await syncDirectory(directory);
      }
      const bytes = Buffer.from(Uint32Array.from(words).buffer);
      const frames: Promise<void>[] = [];
      for (let at = 0; at < bytes.length; at += FRAME_IDS * ENTRY_BYTES) {
        frames.push(current.log.append(bytes.subarray(at, at + FRAME_IDS * ENTRY_BYTES)));
      }
      await Promise.all(frames);
    } catch (error) {
      unlogged = words.concat(unlogged);
      throw error;
    }
  }

  function settle(): void {
    const waiting = settling;
    settling = [];
    for (const resolve of waiting) resolve();
  }

  await removeOld();
  for (const name of (await readdir(directory)).filter((each) => NAME.test(each)).sort()) {
    await (await openFrameLog(join(directory, name), load)).close();
  }

  return {
    claim(ids) {
      const claims = new Uint8Array(ids.length);
      const time = seconds(now());
      let own: Set<string> | null = null;
      for (let i = 0; i < ids.length; i++) {
        const id = ids[i]!;
        if (id === '') continue;
        digest(id);
        const high = word.readUInt32LE(0);
        const low = word.readUInt32LE(4);
        const found = table.get(high, low);
        if (found === 0) {
          table.set(high, low, (time | PENDING) >>> 0);
          underWay++;
          own?.add(id);
        } else if (found < PENDING) {
          claims[i] = CLAIM.duplicate;
        } else {
          own ??= new Set(ids.slice(0, i).filter((_, at) => claims[at] === CLAIM.taken));
          claims[i] = own.has(id) ? CLAIM.duplicate : CLAIM.underWay;
        }
      }
      return claims;
    },
    remember(ids, receivedAt) {
      const time = seconds(receivedAt);
      for (const id of ids) {
        if (id === '') continue;
        digest(id);
        const high = word.readUInt32LE(0);
        const low = word.readUInt32LE(4);
        const found = table.get(high, low);
        if (found === time) continue;
        if (found >= PENDING) underWay--;
        table.set(high, low, time);
        unlogged.push(high, low, time);
      }
      settle();
    },
    forget(ids) {
      for (const id of ids) {
        if (id === '') continue;
        digest(id);
        const high = word.readUInt32LE(0);
        const low = word.readUInt32LE(4);
        if (table.get(high, low) < PENDING) continue;
        table.set(high, low, 0);
        underWay--;
      }
      settle();
    },
    settled: () => (underWay === 0 ? Promise.resolve() : new Promise((resolve) => settling.push(resolve))),
    commit() {
      // Ids of appends that became durable just now are remembered by what runs after their promises: let that run first.
      const done = committing.then(nextTurn).then(write);
      committing = done.catch(() => undefined);
      return done;
    },
    get size() {
      return table.size;
    },
    async close() {
      await committing;
      await write();
      await current?.log.close();
      current = null;
    },
  };
}
