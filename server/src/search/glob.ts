/** Wildcard values: folding and matching. Case counts for nothing among ASCII letters; other letters are compared as they are. */
import { ANY, ONE, type Value, type ValuePart } from './query.ts';

/** Lower case for A–Z only: the same on every engine, whatever the alphabet. */
export function fold(text: string): string {
  return text.replace(/[A-Z]+/g, (upper) => upper.toLowerCase());
}

export function foldValue(value: Value): Value {
  return value.map((part) => (typeof part === 'string' ? fold(part) : part));
}

/** The text of a value without wildcards, else null. */
export function literalOf(value: Value): string | null {
  if (value.length === 0) return '';
  const [only] = value;
  return value.length === 1 && typeof only === 'string' ? only : null;
}

/** `value` with `*` at both ends: stands anywhere. */
export function anywhere(value: Value): Value {
  const start = value[0] === ANY ? [] : [ANY as typeof ANY];
  const end = value.at(-1) === ANY ? [] : [ANY as typeof ANY];
  return [...start, ...value, ...end];
}

/** Whole-text match of a folded value against folded text: each run between two `*` is sought once, leftmost first. */
export function matchGlob(value: Value, text: string): boolean {
  const runs: Exclude<ValuePart, typeof ANY>[][] = [[]];
  for (const part of value) {
    if (part === ANY) runs.push([]);
    else runs.at(-1)!.push(part);
  }
  const first = runs.shift()!;
  let at = matchRun(first, text, 0);
  if (at < 0) return false;
  const last = runs.pop();
  if (last === undefined) return at === text.length;
  for (const run of runs) {
    at = findRun(run, text, at);
    if (at < 0) return false;
  }
  return endsWithRun(last, text, at);
}

type Run = readonly (string | typeof ONE)[];

/** End of `run` matched at `from`, -1 when it does not match there. `?` takes a whole code point. */
function matchRun(run: Run, text: string, from: number): number {
  let at = from;
  for (const part of run) {
    if (part === ONE) {
      if (at >= text.length) return -1;
      at += text.codePointAt(at)! > 0xffff ? 2 : 1;
    } else {
      if (!text.startsWith(part, at)) return -1;
      at += part.length;
    }
  }
  return at;
}

/** End of the leftmost match at or behind `from`. */
function findRun(run: Run, text: string, from: number): number {
  const [head] = run;
  for (let start = from; start <= text.length; start++) {
    if (typeof head === 'string') {
      start = text.indexOf(head, start);
      if (start < 0) return -1;
    }
    const end = matchRun(run, text, start);
    if (end >= 0) return end;
  }
  return -1;
}

function endsWithRun(run: Run, text: string, from: number): boolean {
  let characters = 0;
  for (const part of run) characters += part === ONE ? 2 : part.length;
  for (let start = Math.max(from, text.length - characters); start <= text.length; start++)
    if (matchRun(run, text, start) === text.length) return true;
  return false;
}
