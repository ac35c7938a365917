/**
 * A place in a file that survives restarts, renaming and copying: which file, how far, and a fingerprint of what was read
 * (its first kilobyte and the bytes just before the place). A file is resumed only where the fingerprint matches, so a
 * truncated or replaced file is read from its beginning, and a rotated copy from where its original was left.
 */
import { hash } from 'node:crypto';

export const HEAD_BYTES = 1024;
export const TAIL_BYTES = 256;

export interface FileMark {
  /** Device and inode, `dev:ino`. */
  file: string;
  /** Raised each time the file was truncated, or its inode used again. */
  generation: number;
  /** Bytes read so far; of an archive, decompressed. */
  offset: number;
  print: string;
  /** Where the content before was left when the file was truncated: a copy of it may hold more. */
  ended?: { offset: number; print: string };
}

/** Reads up to `length` bytes at `position`, fewer only at the end of the file. */
export type ReadAt = (position: number, length: number) => Promise<Buffer>;

export function isLater(a: FileMark, b: FileMark): boolean {
  return a.generation !== b.generation ? a.generation > b.generation : a.offset > b.offset;
}

/** `head`: the first bytes of the file up to a kilobyte, none behind the place. `tail`: the bytes before the place. */
export function printOf(head: Buffer, tail: Buffer): string {
  return `${head.length}:${digest(head)}:${tail.length}:${digest(tail)}`;
}

/** Whether the bytes at the two places are those that the mark was made of. */
export function matchesHead(mark: Pick<FileMark, 'print'>, head: Buffer): boolean {
  const { headLength, headDigest } = parsePrint(mark.print);
  return head.length >= headLength && digest(head.subarray(0, headLength)) === headDigest;
}

export function matchesTail(mark: Pick<FileMark, 'print'>, before: Buffer): boolean {
  const { tailLength, tailDigest } = parsePrint(mark.print);
  return before.length >= tailLength && digest(before.subarray(before.length - tailLength)) === tailDigest;
}

/**
 * `same`: what was read is there, go on at the offset. `shorter`: the same beginning, but the file ends before the offset.
 * `other`: different content.
 */
export async function compareFile(
  mark: Pick<FileMark, 'offset' | 'print'>,
  size: number,
  readAt: ReadAt,
): Promise<'same' | 'shorter' | 'other'> {
  if (!matchesHead(mark, await readAt(0, HEAD_BYTES))) return 'other';
  if (size < mark.offset) return 'shorter';
  const from = Math.max(0, mark.offset - TAIL_BYTES);
  return matchesTail(mark, await readAt(from, mark.offset - from)) ? 'same' : 'other';
}

function digest(bytes: Buffer): string {
  return hash('sha1', bytes, 'base64url').slice(0, 16);
}

function parsePrint(print: string): { headLength: number; headDigest: string; tailLength: number; tailDigest: string } {
  const [headLength, headDigest = '', tailLength, tailDigest = ''] = print.split(':');
  return { headLength: Number(headLength), headDigest, tailLength: Number(tailLength), tailDigest };
}
