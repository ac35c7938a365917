/**
 * A stage is a synchronous function over a batch. The runner calls the stages in the order of `event-pipeline.ts`, and
 * counts and times each. A stage that cannot go on with an item moves it to `rejected` with the reason.
 */
import type { EcsEvent } from '@vedette/contracts';
import type { JournalRecord, RecordMeta } from '../journal/journal.ts';
import type { LineCursor } from './decode.ts';
import type { Rejection } from './result.ts';

/** One piece of input: a line of a file, a datagram, a JSON document. */
export interface Line {
  readonly text: string;
  /** `text` holds bytes as latin1 because they are not valid UTF-8. */
  readonly latin1: boolean;
  readonly record: JournalRecord;
  /** Byte range inside `record.payload`. */
  readonly start: number;
  readonly end: number;
  /** Ordinal inside the record, from 0. */
  readonly index: number;
  /** Last line of its record: multi-line parsers may have to let go of what they hold. */
  readonly last: boolean;
}

/** Input that goes to quarantine. */
export interface RejectedLine {
  readonly meta: RecordMeta;
  readonly id: number;
  readonly parser: string;
  readonly code: string;
  readonly reason: string;
  readonly bytes: Buffer;
}

/** An event and the bytes it was made from. */
export interface Origin {
  readonly payload: Buffer;
  readonly start: number;
  readonly end: number;
}

/** What flows through the stages: about a thousand lines at a time. */
export interface Batch {
  input: LineCursor;
  lines: Line[];
  events: EcsEvent[];
  /** `origins[i]` belongs to `events[i]`. */
  origins: Origin[];
  rejected: RejectedLine[];
}

export interface Stage {
  readonly name: string;
  /** Returns how many lines or events it worked on, for the counters. */
  run(batch: Batch): number;
}

/** A batch before its first stage. */
export function emptyBatch(input: LineCursor): Batch {
  return { input, lines: [], events: [], origins: [], rejected: [] };
}

export function reject(batch: Batch, line: Line, parser: string, rejection: Rejection): void {
  batch.rejected.push({
    meta: line.record.meta,
    id: line.record.position + line.start,
    parser,
    code: rejection.code,
    reason: rejection.reason,
    bytes: line.record.payload.subarray(line.start, line.end),
  });
}
