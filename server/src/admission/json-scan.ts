/**
 * Where things are in JSON text, without building it: the bytes of each element are passed on as they came, so that an
 * event's raw text stays the sender's own. One pass, no recursion. It follows strings and brackets only; whether an
 * element is valid JSON is for `JSON.parse` to say afterwards.
 */
import { AdmissionError } from './admitted.ts';

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** One element of an array or member of an object; `start` is where the value begins, for members `key` the name. */
export interface Child {
  start: number;
  end: number;
  /** Byte range of a member's name with its quotes; -1 for array elements. */
  keyStart: number;
  keyEnd: number;
}

export interface Container {
  children: Child[];
  /** Just behind the closing bracket; -1 when it is never closed. */
  end: number;
}

/**
 * The elements or members directly inside the array or object that begins at `start`, without surrounding space.
 * Throws AdmissionError too_large when there are more than `maxChildren`.
 */
export function scanContainer(bytes: Uint8Array, start: number, end: number, maxChildren = Infinity): Container {
  const children: Child[] = [];
  let depth = 0;
  let childStart = start + 1;
  let keyStart = -1;
  let keyEnd = -1;
  const close = (childEnd: number): void => {
    const from = skipSpace(bytes, childStart, childEnd);
    const to = trimSpace(bytes, from, childEnd);
    if (to > from || keyStart >= 0) children.push({ start: from, end: to, keyStart, keyEnd });
    keyStart = keyEnd = -1;
    if (children.length > maxChildren) throw tooMany(maxChildren);
  };
  for (let at = start; at < end; at++) {
    switch (bytes[at]) {
      case QUOTE:
        at = endOfString(bytes, at, end) - 1;
        break;
      case OPEN_OBJECT:
      case OPEN_ARRAY:
        depth++;
        break;
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        if (--depth > 0) break;
        close(at);
        return { children, end: at + 1 };
      case COMMA:
        if (depth !== 1) break;
        close(at);
        childStart = at + 1;
        break;
      case COLON:
        if (depth !== 1 || keyStart >= 0) break;
        keyStart = skipSpace(bytes, childStart, at);
        keyEnd = trimSpace(bytes, keyStart, at);
        childStart = at + 1;
    }
  }
  return { children, end: -1 };
}

/** Greatest number of arrays and objects inside each other. */
export function depthOf(bytes: Uint8Array, start: number, end: number): number {
  let depth = 0;
  let deepest = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) at = endOfString(bytes, at, end) - 1;
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) deepest = Math.max(deepest, ++depth);
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth--;
  }
  return deepest;
}

/** Lines that hold more than white space, without it. Throws AdmissionError too_large when there are more than `max`. */
export function* lineSpans(
  bytes: Buffer,
  start: number,
  end: number,
  max = Infinity,
): Generator<{ start: number; end: number }> {
  let count = 0;
  for (let at = start; at < end;) {
    const newline = bytes.indexOf(NEWLINE, at);
    const lineEnd = newline < 0 || newline > end ? end : newline;
    const from = skipSpace(bytes, at, lineEnd);
    const to = trimSpace(bytes, from, lineEnd);
    if (to > from) {
      if (++count > max) throw tooMany(max);
      yield { start: from, end: to };
    }
    at = lineEnd + 1;
  }
}

/** First position from `start` that is not JSON white space; `end` when there is none. */
export function skipSpace(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isSpace(bytes[at]!)) at++;
  return at;
}

/** Position behind the last byte before `end` that is not JSON white space; `start` when there is none. */
export function trimSpace(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && isSpace(bytes[at - 1]!)) at--;
  return at;
}

/** Position behind the closing quote of the string that begins at `start`; `end` when it is never closed. */
function endOfString(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start + 1; at < end; at++) {
    if (bytes[at] === BACKSLASH) at++;
    else if (bytes[at] === QUOTE) return at + 1;
  }
  return end;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function tooMany(max: number): AdmissionError {
  return new AdmissionError('too_large', `The body holds more than ${max} events. Send it in smaller parts.`);
}
