/** Cuts lines into request bodies: bounded by lines and by bytes, remembering which line each event came from. */
import { createHash } from 'node:crypto';
import type { LogLine } from '../logs/lines.ts';

/** Bytes of one body before compression: well below the server's limit for one. */
const MAX_BATCH_BYTES = 2 * 1024 * 1024;

export interface ShipBatch {
  /** Newline-separated. */
  body: Buffer;
  /** `lines[i]` is the file line of the body's event `i`. */
  lines: number[];
}

export async function* batchesOf(portions: AsyncIterable<LogLine[]>, size: number): AsyncGenerator<ShipBatch> {
  let held: LogLine[] = [];
  let bytes = 0;
  for await (const portion of portions) {
    for (const line of portion) {
      if (held.length > 0 && (held.length >= size || bytes + line.bytes.length > MAX_BATCH_BYTES)) {
        yield batchOf(held);
        held = [];
        bytes = 0;
      }
      held.push(line);
      bytes += line.bytes.length + 1;
    }
  }
  if (held.length > 0) yield batchOf(held);
}

function batchOf(lines: readonly LogLine[]): ShipBatch {
  const newline = Buffer.from('\n');
  return {
    body: Buffer.concat(lines.flatMap((line) => [line.bytes, newline])),
    lines: lines.map((line) => line.number),
  };
}

/** The two halves of a batch that was too large for the server; null when it is a single event. */
export function halves(batch: ShipBatch): [ShipBatch, ShipBatch] | null {
  if (batch.lines.length < 2) return null;
  const middle = batch.lines.length >> 1;
  let cut = 0;
  for (let i = 0; i < middle; i++) cut = batch.body.indexOf(10, cut) + 1;
  return [
    { body: batch.body.subarray(0, cut), lines: batch.lines.slice(0, middle) },
    { body: batch.body.subarray(cut), lines: batch.lines.slice(middle) },
  ];
}

/**
 * The same for the same bytes at the same place of the same source: a repeated request, and a whole repeated run after
 * an interruption, is recognised by the server. `salt` makes it another upload.
 */
export function idempotencyKey(batch: ShipBatch, place: { target: string; salt: string }): string {
  return createHash('sha256')
    .update(JSON.stringify([place.target, place.salt, batch.lines[0], batch.lines.length]))
    .update(batch.body)
    .digest('hex')
    .slice(0, 40);
}

const LOOKED_AT = 10;

/** What a file's first batch says it is: JSON lines all begin with a brace. */
export function contentTypeOf({ body }: ShipBatch): 'application/x-ndjson' | 'text/plain' {
  for (let start = 0, line = 0; start < body.length && line < LOOKED_AT; line++) {
    const end = body.indexOf(10, start);
    if (
      !body
        .toString('latin1', start, Math.min(end, start + 64))
        .trimStart()
        .startsWith('{')
    )
      return 'text/plain';
    start = end + 1;
  }
  return 'application/x-ndjson';
}
