/**
 * Where to begin with a file that is seen for the first time since the start: at its own saved place; or, where rotation
 * made it (`app.log.1`, `app.log.2.gz`), where the file that it is a copy of was left; or at its beginning.
 */
import { HEAD_BYTES, printOf } from './file-mark.ts';
import type { FileMark } from './file-mark.ts';
import { looksRotated } from './tail-state.ts';
import type { TailEntry, TailState } from './tail-state.ts';

/** How long a copy that is shorter than what was read of its original may still be growing. */
const COPYING_MS = 600_000;
const BEGINNING_MS = 2000;
const EMPTY = printOf(Buffer.alloc(0), Buffer.alloc(0));

type Place = Pick<FileMark, 'offset' | 'print'>;

export interface PlaceLookup {
  path: string;
  /** `dev:ino` */
  id: string;
  /** Bytes in the file; null for an archive, whose content has another size. */
  size: number | null;
  modifiedAt: number;
  now: number;
  state: TailState;
  /** Size of a file that is followed at present, undefined for others. */
  sizeOf: (file: string) => number | undefined;
  /** What this file has at these places, see `compareFile`. */
  compare: (places: Place[]) => Promise<('same' | 'shorter' | 'other')[]>;
  printAt?: (offset: number) => Promise<string>;
}

/** The place, or null while it is too early to tell: the original is still read, or the copy still written. */
export async function placeOf(lookup: PlaceLookup): Promise<FileMark | null> {
  const { path, id, size, modifiedAt, now, state, sizeOf, compare, printAt } = lookup;
  const own = state.get(id)?.mark;
  const beginning: FileMark = { file: id, generation: 0, offset: 0, print: EMPTY };
  if (own) {
    if (own.offset > 0 && (await compare([own]))[0] === 'same') return own;
    // Truncated while nobody looked, or the inode was used again: copies of what it was may still turn up.
    beginning.generation = own.generation + 1;
    const ended = own.offset > 0 ? own : own.ended;
    if (ended) beginning.ended = { offset: ended.offset, print: ended.print };
  }
  if (!looksRotated(path)) return beginning;
  const related = state.related(path, id);
  // What is not read yet, and a copy that has only just begun, cannot be told from other files.
  const isUnread = ({ mark }: TailEntry): boolean => mark.offset === 0 && (sizeOf(mark.file) ?? 0) > 0;
  const isBeginning = size === 0 || (size !== null && size < HEAD_BYTES && now - modifiedAt < BEGINNING_MS);
  if (related.some(isUnread) || (isBeginning && related.length > 0)) return null;
  const candidates = related.flatMap(({ mark }) => [
    ...(mark.offset > 0 ? [{ place: mark, isFollowed: sizeOf(mark.file) !== undefined, isEnded: false }] : []),
    ...(mark.ended ? [{ place: mark.ended, isFollowed: false, isEnded: true }] : []),
  ]);
  const results = await compare(candidates.map(({ place }) => place));
  let best: Place = beginning;
  let mustWait = false;
  let isAllRead = false;
  for (const [i, { place, isFollowed, isEnded }] of candidates.entries()) {
    const result = results[i];
    if (result === 'other') continue;
    if (isFollowed) mustWait ||= result === 'same' || now - modifiedAt < COPYING_MS;
    else if (result === 'same' && place.offset > best.offset) best = place;
    else isAllRead ||= result === 'shorter' && isEnded;
  }
  if (best.offset > 0) return { ...beginning, offset: best.offset, print: best.print };
  // The original was read further than the copy goes, and then truncated.
  if (isAllRead && size !== null && printAt) return { ...beginning, offset: size, print: await printAt(size) };
  return mustWait ? null : beginning;
}
