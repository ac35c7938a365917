/** Collects events into the payload of one journal record: one event a line, bytes as they came. */
import type { AdmittedBatch } from './admitted.ts';

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;

export interface BatchBuilder {
  /** Pieces are put together to one event; line breaks in them (white space between JSON tokens) become spaces. */
  add(item: number, pieces: readonly Uint8Array[], clientId: string): void;
  readonly count: number;
  build(): AdmittedBatch;
}

export function createBatchBuilder(source: string): BatchBuilder {
  const pieces: Uint8Array[] = [];
  const pieceCounts: number[] = [];
  const items: number[] = [];
  const clientIds: string[] = [];
  let hasIds = false;
  let bytes = 0;
  return {
    add(item, added, clientId) {
      for (const piece of added) {
        pieces.push(piece);
        bytes += piece.length;
      }
      bytes += 1;
      pieceCounts.push(added.length);
      items.push(item);
      clientIds.push(clientId);
      if (clientId !== '') hasIds = true;
    },
    get count() {
      return items.length;
    },
    build() {
      const payload = new Uint8Array(bytes);
      const offsets = new Uint32Array(items.length + 1);
      let at = 0;
      let piece = 0;
      for (let i = 0; i < items.length; i++) {
        offsets[i] = at;
        for (let left = pieceCounts[i]!; left > 0; left--) {
          const from = pieces[piece++]!;
          payload.set(from, at);
          at += from.length;
        }
        joinLines(payload.subarray(offsets[i]!, at));
        payload[at++] = NEWLINE;
      }
      offsets[items.length] = at;
      return {
        source,
        payload,
        count: items.length,
        offsets,
        items: Uint32Array.from(items),
        clientIds: hasIds ? clientIds : undefined,
      };
    },
  };
}

/** `event`'s own bytes and no more: a search for what is rarely there must not run on through the whole payload. */
function joinLines(event: Uint8Array): void {
  for (const lineBreak of [NEWLINE, RETURN]) {
    for (let at = event.indexOf(lineBreak); at >= 0; at = event.indexOf(lineBreak, at + 1)) event[at] = SPACE;
  }
}
