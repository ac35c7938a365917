/**
 * One growing file, read in large pieces that end at a newline. A piece is offered until it is accepted, so that nothing
 * moves on before its bytes are durable. Truncation is noticed by the size, or by other bytes before the place; marks of
 * the new content carry where the old was left.
 */
import type { FileHandle } from 'node:fs/promises';
import { HEAD_BYTES, TAIL_BYTES, printOf } from './file-mark.ts';
import type { FileMark } from './file-mark.ts';

const NEWLINE = 10;
/** Bytes kept of a line that is too long. */
export const EVIDENCE_BYTES = 64 * 1024;
/** How much of an endless line is skipped in one go, so that other files get their turn. */
const SKIP_BYTES = 64 * 1024 * 1024;

export interface Piece {
  payload: Buffer;
  /** The place behind it. */
  mark: FileMark;
  /** The line is longer than the limit; `payload` holds its first bytes. */
  tooLong: boolean;
}

export interface TailedFile {
  readonly mark: FileMark;
  /** The next piece, or null when there is none yet. `flush` takes a last line without newline as it is. */
  next(flush: boolean): Promise<Piece | null>;
  accept(piece: Piece): void;
  size(): Promise<number>;
  close(): Promise<void>;
}

/** `mark` is a place that was found to match, or offset 0. */
export async function openTailedFile(options: {
  handle: FileHandle;
  mark: FileMark;
  chunkBytes: number;
  maxLineBytes: number;
}): Promise<TailedFile> {
  const { handle, chunkBytes, maxLineBytes } = options;
  let { mark } = options;
  let head = await readAt(0, Math.min(HEAD_BYTES, mark.offset));
  let tail = await readAt(Math.max(0, mark.offset - TAIL_BYTES), Math.min(TAIL_BYTES, mark.offset));
  /** How far an endless line was searched for its end. */
  let searched = 0;

  async function readAt(position: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafeSlow(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await handle.read(bytes, filled, length - filled, position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  }

  function restart(): void {
    head = Buffer.alloc(0);
    tail = head;
    searched = 0;
    const { file, generation, offset, print } = mark;
    mark = { file, generation: generation + 1, offset: 0, print: printOf(head, tail), ended: { offset, print } };
  }

  function pieceOf(payload: Buffer): Piece {
    return { payload, mark: markBehind(payload, mark.offset + payload.length, joinedTail(payload)), tooLong: false };
  }

  function joinedTail(payload: Buffer): Buffer {
    if (payload.length >= TAIL_BYTES) return payload.subarray(payload.length - TAIL_BYTES);
    return Buffer.concat([tail, payload]).subarray(-TAIL_BYTES);
  }

  function joinedHead(payload: Buffer): Buffer {
    return head.length < HEAD_BYTES ? Buffer.concat([head, payload]).subarray(0, HEAD_BYTES) : head;
  }

  function markBehind(payload: Buffer, offset: number, before: Buffer): FileMark {
    return { ...mark, offset, print: printOf(joinedHead(payload), before) };
  }

  /** The line at the place is longer than one chunk: all of it if it ends within the limit, else its first bytes. */
  async function longLine(size: number, flush: boolean): Promise<Piece | null> {
    const bytes = await readAt(mark.offset, Math.min(size - mark.offset, maxLineBytes + 1));
    const newline = bytes.lastIndexOf(NEWLINE);
    if (newline >= 0) return pieceOf(bytes.subarray(0, newline + 1));
    if (bytes.length <= maxLineBytes) return flush ? pieceOf(bytes) : null;
    searched = Math.max(searched, mark.offset + bytes.length);
    const stop = searched + SKIP_BYTES;
    let end = 0;
    while (end === 0 && searched < Math.min(size, stop)) {
      const chunk = await readAt(searched, chunkBytes);
      if (chunk.length === 0) break;
      const found = chunk.indexOf(NEWLINE);
      if (found >= 0) end = searched + found + 1;
      else searched += chunk.length;
    }
    if (end === 0 && flush && searched >= size) end = searched;
    if (end === 0) return null;
    const before = await readAt(end - TAIL_BYTES, TAIL_BYTES);
    const payload = Buffer.from(bytes.subarray(0, EVIDENCE_BYTES));
    return { payload, mark: markBehind(payload, end, before), tooLong: true };
  }

  return {
    get mark() {
      return mark;
    },
    async next(flush) {
      const { size } = await handle.stat();
      if (size < mark.offset) restart();
      if (size === mark.offset) return null;
      let bytes = await readAt(mark.offset - tail.length, tail.length + Math.min(chunkBytes, size - mark.offset));
      if (!bytes.subarray(0, tail.length).equals(tail)) {
        restart();
        bytes = await readAt(0, chunkBytes);
      }
      const data = bytes.subarray(tail.length);
      const newline = data.lastIndexOf(NEWLINE);
      if (newline >= 0) return pieceOf(data.subarray(0, newline + 1));
      if (data.length >= Math.min(chunkBytes, maxLineBytes)) return longLine(size, flush);
      return flush && data.length > 0 ? pieceOf(data) : null;
    },
    accept(piece) {
      head = joinedHead(piece.payload);
      // A copy: a few bytes must not hold on to the piece.
      tail = Buffer.from(piece.tooLong ? Buffer.alloc(0) : joinedTail(piece.payload));
      mark = piece.mark;
      searched = 0;
    },
    size: async () => (await handle.stat()).size,
    close: () => handle.close(),
  };
}
