/** Compressed log files (.gz): read once from front to back, in pieces that end at a newline, in bounded memory. */
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { HEAD_BYTES, TAIL_BYTES, matchesHead, matchesTail, printOf } from './file-mark.ts';
import type { FileMark } from './file-mark.ts';
import { EVIDENCE_BYTES } from './tailed-file.ts';
import type { Piece } from './tailed-file.ts';

const NEWLINE = 10;

/** Decompressed chunks; throws where the archive is damaged, unfinished or larger than `maxBytes`. */
async function* decompress(path: string, maxBytes: number): AsyncGenerator<Buffer> {
  const file = createReadStream(path);
  const gunzip = createGunzip({ chunkSize: 128 * 1024 });
  file.on('error', (error) => gunzip.destroy(error));
  let total = 0;
  try {
    for await (const chunk of file.pipe(gunzip) as AsyncIterable<Buffer>) {
      total += chunk.length;
      if (total > maxBytes) throw new Error(`${path} holds more than ${maxBytes} bytes`);
      yield chunk;
    }
  } finally {
    file.destroy();
  }
}

/** Which of the marks is a place in this archive, each told as `compareFile` would. */
export async function compareArchive(
  path: string,
  marks: readonly Pick<FileMark, 'offset' | 'print'>[],
  maxBytes: number,
): Promise<('same' | 'shorter' | 'other')[]> {
  const results = marks.map((): 'same' | 'shorter' | 'other' => 'other');
  if (marks.length === 0) return results;
  let head = Buffer.alloc(0);
  let before = Buffer.alloc(0);
  let total = 0;
  const last = Math.max(...marks.map((mark) => mark.offset), HEAD_BYTES);
  for await (const chunk of decompress(path, maxBytes)) {
    if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk]).subarray(0, HEAD_BYTES);
    const window = Buffer.concat([before, chunk]);
    const from = total - before.length;
    total += chunk.length;
    for (const [i, mark] of marks.entries()) {
      if (mark.offset <= total - chunk.length || mark.offset > total) continue;
      const end = mark.offset - from;
      if (matchesTail(mark, window.subarray(Math.max(0, end - TAIL_BYTES), end))) results[i] = 'same';
    }
    before = Buffer.from(window.subarray(-TAIL_BYTES));
    if (total >= last) break;
  }
  return marks.map((mark, i) => {
    if (!matchesHead(mark, head)) return 'other';
    return total < mark.offset ? 'shorter' : results[i]!;
  });
}

/** Offers what lies behind `mark.offset` piece by piece; goes on when `onPiece` resolves. Returns the place at the end. */
export async function readArchive(options: {
  path: string;
  mark: FileMark;
  chunkBytes: number;
  maxLineBytes: number;
  maxBytes: number;
  onPiece: (piece: Piece) => Promise<void>;
}): Promise<FileMark> {
  const { path, chunkBytes, maxLineBytes, maxBytes, onPiece } = options;
  let { mark } = options;
  let head = Buffer.alloc(0);
  let before = Buffer.alloc(0);
  let held: Buffer[] = [];
  let heldBytes = 0;
  let skipped = 0; // bytes of a line that is too long, beyond what is held
  let total = 0;

  async function give(payload: Buffer, tooLong: boolean): Promise<void> {
    const offset = mark.offset + payload.length + (tooLong ? skipped : 0);
    const next = { ...mark, offset, print: printOf(head.subarray(0, offset), tailAt(offset)) };
    await onPiece({
      payload: tooLong ? Buffer.from(payload.subarray(0, EVIDENCE_BYTES)) : payload,
      mark: next,
      tooLong,
    });
    mark = next;
  }

  /** The bytes before `offset`, which lies in what was read last. */
  function tailAt(offset: number): Buffer {
    return before.subarray(
      Math.max(0, before.length - (total - offset) - TAIL_BYTES),
      before.length - (total - offset),
    );
  }

  for await (const chunk of decompress(path, maxBytes)) {
    if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk]).subarray(0, HEAD_BYTES);
    before = Buffer.concat([before.subarray(-TAIL_BYTES - maxLineBytes), chunk]);
    const start = total;
    total += chunk.length;
    let data =
      start < mark.offset + heldBytes + skipped ? chunk.subarray(mark.offset + heldBytes + skipped - start) : chunk;
    if (skipped > 0) {
      const newline = data.indexOf(NEWLINE);
      if (newline < 0) {
        skipped += data.length;
        continue;
      }
      skipped += newline + 1;
      await give(Buffer.concat(held), true);
      held = [];
      heldBytes = skipped = 0;
      data = data.subarray(newline + 1);
    }
    if (data.length === 0) continue;
    held.push(data);
    heldBytes += data.length;
    if (heldBytes < Math.min(chunkBytes, maxLineBytes)) continue;
    const bytes = Buffer.concat(held);
    const newline = bytes.lastIndexOf(NEWLINE) + 1;
    if (newline > 0) {
      await give(bytes.subarray(0, newline), false);
      held = newline < bytes.length ? [Buffer.from(bytes.subarray(newline))] : [];
      heldBytes = bytes.length - newline;
    } else if (heldBytes > maxLineBytes) {
      // What is beyond the limit counts as skipped from here on.
      held = [bytes.subarray(0, maxLineBytes)];
      skipped = heldBytes - maxLineBytes;
      heldBytes = maxLineBytes;
    }
  }
  if (heldBytes > 0) await give(Buffer.concat(held), skipped > 0);
  return mark;
}
