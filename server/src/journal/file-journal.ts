/**
 * The embedded journal: append-only segment files with group commit. Appends that arrive while a sync is under way are
 * written together and share the next one; nobody is answered before `fdatasync` returned.
 *
 * Failure: a group that could not be written or synced is refused whole, its segment is closed at the last durable byte
 * and the next group starts a new one (after a failed sync the kernel may have dropped the pages: trying the same ones
 * again proves nothing). A full disk counts as a full journal and is tried again every second. After a crash the last
 * segment is read up to the first record that is not whole and cut there. Damage in the middle (a broken disk) is skipped
 * to the next intact record and reported.
 */
import { join } from 'node:path';
import { JournalFullError } from './journal.ts';
import type { Journal, JournalRecord, RecordMeta } from './journal.ts';
import { createMetaDecoder, createMetaEncoder, encodeHead, recordBytes } from './record.ts';
import type { EncodedMeta } from './record.ts';
import { createRecentRecords } from './recent-records.ts';
import { openReleasedPosition } from './released.ts';
import { createSegmentReader } from './segment-reader.ts';
import { openSegments } from './segments.ts';
import type { OpenFile, Segment } from './segments.ts';

const MIB = 1024 * 1024;
/** Bytes written with one sync at most. */
const GROUP_BYTES = 16 * MIB;
const BLOCK_BYTES = 4096;
const SCAN_BYTES = 4 * MIB;

export interface FileJournalOptions {
  directory: string;
  /** Where a journal that does not exist yet begins. */
  firstPosition?: number;
  /** Unprocessed input held at most; beyond it `append` refuses. */
  capacityBytes?: number;
  segmentBytes?: number;
  /** The first segment of a new journal: all that an idle installation takes. */
  firstSegmentBytes?: number;
  /** Memory for the newest records. */
  memoryBytes?: number;
  /** How long to wait before a full disk is tried again, ms. */
  retryMs?: number;
  /** Told of damage and of failing writes, for the log. */
  onTrouble?: (message: string, error?: unknown) => void;
  open?: OpenFile;
}

interface Waiting {
  meta: RecordMeta;
  encoded: EncodedMeta;
  payload: Buffer;
  bytes: number;
  resolve: (position: number) => void;
  reject: (error: Error) => void;
}

export async function openFileJournal(options: FileJournalOptions): Promise<Journal> {
  const { directory, capacityBytes = 4096 * MIB, segmentBytes = 128 * MIB, memoryBytes = 64 * MIB } = options;
  const { firstSegmentBytes = Math.min(8 * MIB, segmentBytes), retryMs = 1000, onTrouble = () => undefined } = options;
  const segments = await openSegments({ directory, segmentBytes, firstBytes: firstSegmentBytes, open: options.open });
  const released = await openReleasedPosition(join(directory, 'released'));
  const encoder = createMetaEncoder();
  const reader = createSegmentReader(createMetaDecoder());
  const recent = createRecentRecords(memoryBytes);

  let start = Math.max(released.position, segments.list[0]?.base ?? options.firstPosition ?? 0);
  let end = await findEnd();
  const opened = end;
  const queued: Waiting[] = [];
  let queuedBytes = 0;
  let writing: Promise<void> | null = null;
  let mustRoll = segments.list.length === 0 || end !== (await cutTail());
  let preparedAhead = false;
  let refusing = false;
  let diskFull = false;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;
  let readers: { position: number; resolve: () => void }[] = [];
  let stopped: (() => void)[] = [];
  await segments.release(start);

  /** Reads the last segment up to its first record that is not whole. */
  async function findEnd(): Promise<number> {
    const last = segments.list.at(-1);
    if (!last) return start;
    const limit = last.base + last.size;
    let at = Math.max(last.base, start);
    while (at < limit) {
      const run = await reader.read(last, at, limit, SCAN_BYTES);
      at = run.next;
      if (run.broken) break;
    }
    return at;
  }

  /** Removes what a torn group left behind the end, so that it can never be taken for records. Returns where data may go on. */
  async function cutTail(): Promise<number> {
    const last = segments.list.at(-1);
    if (!last) return end;
    const kept = Math.min(Math.max(0, end - last.base), last.size);
    await last.handle.truncate(kept);
    await last.handle.datasync();
    return last.base + kept;
  }

  function roomIn(segment: Segment | undefined): number {
    return segment && !mustRoll ? segment.base + segment.size - end : 0;
  }

  async function writeQueue(): Promise<void> {
    await null; // appends of the same turn join the first group
    while (queued.length > 0) {
      const group: Waiting[] = [];
      try {
        if (queued[0]!.bytes > roomIn(segments.list.at(-1))) {
          await segments.roll(end, queued[0]!.bytes);
          mustRoll = false;
          preparedAhead = false;
        }
        const segment = segments.list.at(-1)!;
        takeGroup(group, Math.min(GROUP_BYTES, roomIn(segment)));
        commit(group, await writeGroup(segment, group));
        if (!preparedAhead && (end - segment.base) * 4 > segment.size) prepareAhead();
      } catch (error) {
        await refuse(group, error);
      }
    }
    writing = null;
  }

  /** The space for what comes next is taken in the background; should it fail, the roll tries again and tells. */
  function prepareAhead(): void {
    preparedAhead = true;
    segments.prepare().catch((error: unknown) => onTrouble('no space could be prepared ahead for the journal', error));
  }

  function takeGroup(group: Waiting[], limit: number): void {
    let bytes = 0;
    let count = 0;
    while (count < queued.length && (count === 0 || bytes + queued[count]!.bytes <= limit))
      bytes += queued[count++]!.bytes;
    group.push(...queued.splice(0, count));
  }

  /** Writes and syncs the group. Its last disk block is filled with zeros: overwriting it in part would read it first. */
  async function writeGroup(segment: Segment, group: Waiting[]): Promise<JournalRecord[]> {
    const buffers: Buffer[] = [];
    const records: JournalRecord[] = [];
    let position = end;
    for (const { meta, encoded, payload, bytes } of group) {
      buffers.push(encodeHead(position, meta.receivedAt, encoded, payload));
      if (payload.length > 0) buffers.push(payload);
      records.push({ position, next: position + bytes, meta, payload });
      position += bytes;
    }
    const tail = (position - segment.base) % BLOCK_BYTES;
    const padding = Math.min(tail === 0 ? 0 : BLOCK_BYTES - tail, segment.base + segment.size - position);
    if (padding > 0) buffers.push(Buffer.alloc(padding));
    await writeAll(segment, buffers, end - segment.base, position + padding - end);
    await segment.handle.datasync();
    return records;
  }

  function commit(group: Waiting[], records: JournalRecord[]): void {
    end = records.at(-1)!.next;
    for (let i = 0; i < group.length; i++) {
      queuedBytes -= group[i]!.bytes;
      recent.push(records[i]!);
      group[i]!.resolve(records[i]!.position);
    }
    wakeReaders();
  }

  /** Refuses a group that could not be written; where there is no room for any, all that wait. */
  async function refuse(group: Waiting[], error: unknown): Promise<void> {
    const { code } = error as NodeJS.ErrnoException;
    mustRoll = true;
    let refusal: Error;
    if (group.length === 0) group = queued.splice(0);
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      refusal = new JournalFullError('the disk of the journal is full', { cause: error });
      if (!diskFull) onTrouble('the disk of the journal is full: nothing is accepted until there is room', error);
      diskFull = refusing = true;
      retry ??= setTimeout(tryDisk, retryMs).unref();
    } else {
      refusal = new Error(`the journal cannot be written (${code ?? String(error)})`, { cause: error });
      onTrouble('the journal cannot be written', error);
    }
    await cutTail().catch(() => undefined);
    for (const waiting of group) {
      queuedBytes -= waiting.bytes;
      waiting.reject(refusal);
    }
    stopRefusing();
  }

  function tryDisk(): void {
    retry = undefined;
    segments.prepare().then(
      () => {
        diskFull = false;
        stopRefusing();
      },
      () => {
        if (!closed) retry = setTimeout(tryDisk, retryMs).unref();
      },
    );
  }

  /** Accepts again once a tenth is free, so that inputs do not stop and go with every record. */
  function stopRefusing(): void {
    if (!closed && (!refusing || diskFull || end + queuedBytes - start > capacityBytes * 0.9)) return;
    refusing = false;
    const waiting = stopped;
    stopped = [];
    for (const resolve of waiting) resolve();
  }

  function wakeReaders(): void {
    const woken = readers.filter((each) => closed || each.position < end);
    if (woken.length === 0) return;
    readers = readers.filter((each) => !closed && each.position >= end);
    for (const each of woken) each.resolve();
  }

  let releasing = Promise.resolve();
  let releaseTo = start;
  async function releaseNow(): Promise<void> {
    const target = Math.min(releaseTo, end);
    if (target <= released.position) return;
    await released.write(target);
    start = target;
    recent.dropBefore(target);
    await segments.release(target);
    stopRefusing();
  }

  return {
    async append(meta, payload) {
      if (closed) throw new Error('the journal is closed');
      const encoded = encoder.encode(meta);
      const bytes = recordBytes(encoded, payload);
      if (bytes > capacityBytes) {
        throw new RangeError(`one piece of input of ${bytes} bytes is more than the journal may hold`);
      }
      if (refusing || end + queuedBytes + bytes - start > capacityBytes) {
        refusing = true;
        throw new JournalFullError('the journal is full: input comes faster than it is processed');
      }
      return new Promise<number>((resolve, reject) => {
        queuedBytes += bytes;
        queued.push({ meta, encoded, payload: owned(payload), bytes, resolve, reject });
        writing ??= writeQueue();
      });
    },
    get full() {
      return refusing;
    },
    drained: () => (refusing && !closed ? new Promise((resolve) => stopped.push(resolve)) : Promise.resolve()),
    async read(position, maxBytes) {
      if (position < start) throw new RangeError(`position ${position} is released; the journal begins at ${start}`);
      if (position >= end) return [];
      const remembered = recent.read(position, maxBytes);
      if (remembered) return remembered;
      let at = position;
      while (at < end) {
        const segment = segments.find(at)!;
        const limit = segments.endOf(segment, end);
        const run = await reader.read(segment, at, limit, maxBytes);
        if (run.records.length > 0) return run.records;
        if (!run.broken) break;
        at = await reader.findRecord(segment, at + 1, limit);
        onTrouble(`the journal is damaged from ${run.next} to ${at}: what lay there is lost`);
      }
      return [];
    },
    available(position) {
      if (closed || position < end) return Promise.resolve();
      return new Promise((resolve) => readers.push({ position, resolve }));
    },
    release(position) {
      releaseTo = Math.max(releaseTo, position);
      const done = releasing.then(releaseNow);
      releasing = done.catch(() => undefined);
      return done;
    },
    get start() {
      return start;
    },
    stats: () => ({ backlogBytes: end - start, capacityBytes, appendedBytes: end - opened, end }),
    async close() {
      if (closed) return;
      closed = true;
      clearTimeout(retry);
      await writing;
      await releasing;
      wakeReaders();
      stopRefusing();
      await segments.close();
      await released.close();
    },
  };
}

/** The journal keeps payloads in memory for a while: a small piece must not hold on to a large chunk it was cut from. */
function owned(payload: Uint8Array): Buffer {
  const { buffer, byteOffset, length } = payload;
  if (buffer.byteLength > Math.max(2 * length, 64 * 1024)) return Buffer.from(payload);
  return Buffer.isBuffer(payload) ? payload : Buffer.from(buffer, byteOffset, length);
}

async function writeAll(segment: Segment, buffers: Buffer[], offset: number, length: number): Promise<void> {
  const { bytesWritten } = await segment.handle.writev(buffers, offset);
  if (bytesWritten === length) return;
  // A short write comes before an error (disk full): the rest is tried once more so that the error itself shows.
  const rest = Buffer.concat(buffers).subarray(bytesWritten);
  for (let at = 0; at < rest.length;) {
    const written = await segment.handle.write(rest, at, rest.length - at, offset + bytesWritten + at);
    at += written.bytesWritten;
  }
}
