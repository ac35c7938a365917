/**
 * Wildcard patterns without regular expressions: the parts between runs are searched left to right, each as early as
 * possible, which never has to go back. Linear in the value for a given pattern. `?` is one UTF-16 unit.
 */
import { ANY_ONE, ANY_RUN, type Pattern } from '../modifiers/pattern.ts';

/** Literal text and single wildcards (null), between two runs. */
interface Part {
  readonly length: number;
  readonly pieces: readonly { readonly at: number; readonly text: string }[];
}

export function compileGlob(pattern: Pattern): (value: string) => boolean {
  const parts = partsOf(pattern);
  const head = parts[0]!;
  const tail = parts[parts.length - 1]!;
  if (parts.length === 1) return (value) => value.length === head.length && matchesAt(head, value, 0);
  const middle = parts.slice(1, -1).filter((part) => part.length > 0);
  return (value) => {
    const end = value.length - tail.length;
    if (end < head.length || !matchesAt(head, value, 0) || !matchesAt(tail, value, end)) return false;
    let at = head.length;
    for (const part of middle) {
      at = find(part, value, at, end);
      if (at < 0) return false;
      at += part.length;
    }
    return true;
  };
}

/** The longest literal that every matching value holds; '' when there is none. */
export function longestLiteral(pattern: Pattern): string {
  let longest = '';
  for (const token of pattern) if (typeof token === 'string' && token.length > longest.length) longest = token;
  return longest;
}

function partsOf(pattern: Pattern): Part[] {
  const parts: { length: number; pieces: { at: number; text: string }[] }[] = [{ length: 0, pieces: [] }];
  for (const token of pattern) {
    const part = parts[parts.length - 1]!;
    if (token === ANY_RUN) parts.push({ length: 0, pieces: [] });
    else if (token === ANY_ONE) part.length++;
    else {
      part.pieces.push({ at: part.length, text: token });
      part.length += token.length;
    }
  }
  return parts;
}

function matchesAt(part: Part, value: string, at: number): boolean {
  for (const piece of part.pieces) if (!value.startsWith(piece.text, at + piece.at)) return false;
  return at + part.length <= value.length;
}

function find(part: Part, value: string, from: number, end: number): number {
  const anchor = part.pieces[0];
  if (anchor === undefined) return from + part.length <= end ? from : -1;
  for (let at = from; at + part.length <= end; at++) {
    const hit = value.indexOf(anchor.text, at + anchor.at);
    if (hit < 0) return -1;
    at = hit - anchor.at;
    if (at + part.length <= end && matchesAt(part, value, at)) return at;
  }
  return -1;
}
