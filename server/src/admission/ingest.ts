/**
 * Admitted events → the journal, each once. Order: claim the request's key and the events' ids, append what is new,
 * answer when it is durable. A failed append gives its claims back, so that sending again is right.
 *
 * Claims of appends under way in other requests are waited for, but never while holding claims of one's own: two requests
 * with the same events cannot wait for each other.
 */
import { setImmediate as turn } from 'node:timers/promises';
import type { Lane } from '@vedette/contracts';
import type { Journal, RecordMeta } from '../journal/journal.ts';
import { CLAIM, type SeenIds } from '../journal/seen-ids.ts';
import type { Admitted, AdmittedBatch, RejectedItem } from './admitted.ts';

/** What a request says of all its events. */
export interface IngestMeta {
  input: 'http' | 'elastic-bulk';
  /** Source of batches that name none. */
  source: string;
  format: string;
  lane: Lane;
  /** Sender's address. */
  peer: string;
  /** Idempotency-Key, prefixed by who sent it; '' when there is none. */
  requestKey: string;
}

/** What became of one batch. Items are numbers of events in the request; plain text has none. */
export interface BatchOutcome {
  accepted: number;
  duplicates: number;
  /** Events in the journal; `id` is the event's own. */
  stored: { item: number; id: number }[];
  duplicateItems: number[];
  /** Why the rest is not in the journal, and which items that concerns. */
  error: Error | null;
  failedItems: number[];
}

export interface JournalRange {
  from: number;
  to: number;
}

export interface IngestOutcome {
  accepted: number;
  duplicates: number;
  batches: BatchOutcome[];
  /** Journal positions between which the ids of its events lie; null when nothing was appended. */
  range: JournalRange | null;
}

export interface Ingest {
  /** Batches fail by themselves; see `error`. Rejected items are kept for quarantine. */
  (admitted: Admitted, meta: IngestMeta): Promise<IngestOutcome>;
}

/** Ids claimed in one go: they are hashed on the main thread. */
const CLAIMED_AT_ONCE = 4096;

export function createIngest({
  journal,
  seen,
  now,
}: {
  journal: Pick<Journal, 'append'>;
  seen: SeenIds;
  now: () => number;
}): Ingest {
  return async function ingest(admitted, request) {
    const { requestKey } = request;
    if (requestKey === '') return takeIn(admitted, request);
    if (!(await claimRequest(requestKey))) return repeated(admitted);
    let isKept = false;
    try {
      const outcome = await takeIn(admitted, request);
      isKept = outcome.batches.every(({ error }) => error === null);
      return outcome;
    } finally {
      if (isKept) seen.remember([requestKey], now());
      else seen.forget([requestKey]);
    }
  };

  async function takeIn(admitted: Admitted, request: IngestMeta): Promise<IngestOutcome> {
    const receivedAt = now();
    const rejections = Promise.allSettled(
      admitted.rejected.map((item) => journal.append(rejectionMeta(item, request, receivedAt), item.raw)),
    );
    const batches: BatchOutcome[] = [];
    let range: JournalRange | null = null;
    for (const [at, batch] of admitted.batches.entries()) {
      const isLast = at === admitted.batches.length - 1;
      const outcome = await appendBatch(batch, request, receivedAt, isLast, (from, bytes) => {
        range = { from: Math.min(range?.from ?? from, from), to: Math.max(range?.to ?? 0, from + bytes) };
      });
      batches.push(outcome);
    }
    const refused = (await rejections).find((result) => result.status === 'rejected');
    // With nothing else in the request, what was not kept for quarantine must be sent again.
    if (refused && batches.length === 0) throw refused.reason;
    return {
      accepted: batches.reduce((sum, { accepted }) => sum + accepted, 0),
      duplicates: batches.reduce((sum, { duplicates }) => sum + duplicates, 0),
      batches,
      range,
    };
  }

  /** False when the request was taken in before. */
  async function claimRequest(key: string): Promise<boolean> {
    for (;;) {
      const [claim] = seen.claim([key]);
      if (claim !== CLAIM.underWay) return claim === CLAIM.taken;
      await seen.settled();
    }
  }

  async function appendBatch(
    batch: AdmittedBatch,
    request: IngestMeta,
    receivedAt: number,
    isLast: boolean,
    onAppend: (position: number, bytes: number) => void,
  ): Promise<BatchOutcome> {
    const { clientIds, count } = batch;
    const { source, input, format, lane, peer, requestKey } = request;
    const meta: RecordMeta = {
      source: batch.source === '' ? source : batch.source,
      input,
      lane,
      framing: 'lines',
      format,
      receivedAt,
      peer,
    };
    const finalMeta = isLast && requestKey !== '' ? { ...meta, requestKey } : meta;
    const outcome = nothing();
    if (clientIds === undefined) {
      try {
        const position = await journal.append(finalMeta, batch.payload);
        onAppend(position, batch.payload.length);
        outcome.accepted = count;
        noteStored(outcome, batch, batch.items.keys(), position);
      } catch (error) {
        fail(outcome, batch, batch.items.keys(), error);
      }
      return outcome;
    }
    const keys = clientIds.map((id) => (id === '' ? '' : eventKey(meta, id)));
    let open = Array.from({ length: count }, (_, at) => at);
    while (open.length > 0) {
      const { taken, underWay } = await claimEvents(open, keys, outcome, batch);
      if (taken.length > 0) {
        const claimed = taken.map((at) => keys[at]!);
        try {
          const record = {
            ...(underWay.length === 0 ? finalMeta : meta),
            clientIds: taken.map((at) => clientIds[at]!),
          };
          const payload = taken.length === count ? batch.payload : pick(batch, taken);
          const bytes = payload.length;
          const position = await journal.append(record, payload);
          seen.remember(claimed, receivedAt);
          onAppend(position, bytes);
          outcome.accepted += taken.length;
          noteStored(outcome, batch, taken, position);
        } catch (error) {
          seen.forget(claimed);
          fail(outcome, batch, [...taken, ...underWay], error);
          return outcome;
        }
      }
      if (underWay.length > 0) await seen.settled();
      open = underWay;
    }
    return outcome;
  }

  async function claimEvents(
    open: readonly number[],
    keys: readonly string[],
    outcome: BatchOutcome,
    batch: AdmittedBatch,
  ): Promise<{ taken: number[]; underWay: number[] }> {
    const taken: number[] = [];
    const underWay: number[] = [];
    for (let from = 0; from < open.length; from += CLAIMED_AT_ONCE) {
      if (from > 0) await turn();
      const part = open.slice(from, from + CLAIMED_AT_ONCE);
      const claims = seen.claim(part.map((at) => keys[at]!));
      part.forEach((at, i) => {
        if (claims[i] === CLAIM.taken) taken.push(at);
        else if (claims[i] === CLAIM.underWay) underWay.push(at);
        else {
          outcome.duplicates++;
          outcome.duplicateItems.push(batch.items[at]!);
        }
      });
    }
    return { taken, underWay };
  }
}

/** What `SeenIds` must remember of a record that the journal still holds: the same ids that were claimed for it. */
export function claimedIds(meta: RecordMeta): string[] {
  const ids = (meta.clientIds ?? []).filter((id) => id !== '').map((id) => eventKey(meta, id));
  return meta.requestKey === undefined ? ids : [...ids, meta.requestKey];
}

/** Ids are their sender's: two sources may count from 1 each. */
function eventKey({ lane, source }: Pick<RecordMeta, 'lane' | 'source'>, id: string): string {
  return `event ${lane} ${source} ${id}`;
}

function rejectionMeta(item: RejectedItem, request: IngestMeta, receivedAt: number): RecordMeta {
  const { input, source, format, lane, peer } = request;
  const rejection = { code: item.code, reason: item.message };
  return { input, source, format, lane, peer, framing: 'rejected', receivedAt, rejection };
}

/** The whole request was taken in before: all its events are duplicates. */
function repeated(admitted: Admitted): IngestOutcome {
  const batches = admitted.batches.map(({ count, items }) => ({
    ...nothing(),
    duplicates: count,
    duplicateItems: [...items],
  }));
  return {
    accepted: 0,
    duplicates: batches.reduce((sum, { duplicates }) => sum + duplicates, 0),
    batches,
    range: null,
  };
}

function nothing(): BatchOutcome {
  return { accepted: 0, duplicates: 0, stored: [], duplicateItems: [], error: null, failedItems: [] };
}

function fail(outcome: BatchOutcome, batch: AdmittedBatch, events: Iterable<number>, error: unknown): void {
  outcome.error = error instanceof Error ? error : new Error(String(error));
  for (const at of events) outcome.failedItems.push(batch.items[at]!);
}

/** The payload with these events only. */
function pick({ payload, offsets }: AdmittedBatch, events: readonly number[]): Uint8Array {
  const size = events.reduce((sum, at) => sum + offsets[at + 1]! - offsets[at]!, 0);
  const picked = new Uint8Array(size);
  let end = 0;
  for (const at of events) {
    picked.set(payload.subarray(offsets[at]!, offsets[at + 1]!), end);
    end += offsets[at + 1]! - offsets[at]!;
  }
  return picked;
}

function noteStored(outcome: BatchOutcome, batch: AdmittedBatch, events: Iterable<number>, position: number): void {
  let start = 0;
  for (const at of events) {
    outcome.stored.push({ item: batch.items[at]!, id: position + start });
    start += batch.offsets[at + 1]! - batch.offsets[at]!;
  }
}
