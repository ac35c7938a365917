/**
 * Where an event's message stands in its raw line, so that it is stored once. It may stand there verbatim (a syslog
 * line's tail) or as a JSON string literal (a Windows event's text); positions are in bytes of the line.
 */
import type { EcsEvent } from '@vedette/contracts';
import { MESSAGE_IS_JSON } from './schema/columns.ts';

/** Result of the last `locateMessage` that returned true. `at` counts from 1; 0 is "no message". */
export const slice = { at: 0, length: 0 };

const NEEDS_ESCAPING = /["\\\u0000-\u001f]/;
const QUOTE = 34;
const BACKSLASH = 92;
/** Characters that find the place to look at; fewer would find too many. */
const PROBE = { min: 8, max: 24 };

/** True when the message is empty or was found; false when it must be stored by itself. Fills `slice`. */
export function locateMessage(event: EcsEvent, bytes: Buffer, start: number, end: number): boolean {
  const { message, raw } = event;
  if (message === '') return found(0, 0);
  const special = looksLikeJson(bytes, start) ? message.search(NEEDS_ESCAPING) : -1;
  const oneByteEach = raw.length === end - start;
  if (oneByteEach) {
    if (special >= 0) {
      if (locateLiteral(raw, message, special)) return true;
      const literal = JSON.stringify(message);
      const at = raw.indexOf(literal);
      if (at >= 0) return found(at + 1 + MESSAGE_IS_JSON, literal.length);
    }
    const at = raw.endsWith(message) ? raw.length - message.length : raw.indexOf(message);
    return at >= 0 && found(at + 1, message.length);
  }
  return (
    (special >= 0 && locateBytes(JSON.stringify(message), MESSAGE_IS_JSON, bytes, start, end)) ||
    locateBytes(message, 0, bytes, start, end)
  );
}

function found(at: number, length: number): true {
  slice.at = at;
  slice.length = length;
  return true;
}

/**
 * The literal that begins where the message's first characters stand, read and compared: cheaper than writing the
 * message as a literal and searching that. `special` is the first character that a literal escapes.
 */
function locateLiteral(raw: string, message: string, special: number): boolean {
  if (special < PROBE.min) return false;
  const at = raw.indexOf(message.slice(0, Math.min(special, PROBE.max)));
  if (at < 1 || raw.charCodeAt(at - 1) !== QUOTE) return false;
  let end = at;
  do {
    end = raw.indexOf('"', end + 1);
    if (end < 0) return false;
  } while (isEscaped(raw, end));
  const literal = raw.slice(at - 1, end + 1);
  return literal.length > message.length && parsesTo(literal, message) && found(at + MESSAGE_IS_JSON, literal.length);
}

function isEscaped(raw: string, quote: number): boolean {
  let backslashes = 0;
  while (raw.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}

function parsesTo(literal: string, message: string): boolean {
  try {
    return JSON.parse(literal) === message;
  } catch {
    return false;
  }
}

function locateBytes(text: string, flag: number, bytes: Buffer, start: number, end: number): boolean {
  const needle = Buffer.from(text, 'utf8');
  const at = bytes.indexOf(needle, start);
  return at >= 0 && at + needle.length <= end && found(at - start + 1 + flag, needle.length);
}

/** A line of JSON; only its first byte is looked at. */
function looksLikeJson(bytes: Buffer, start: number): boolean {
  const first = bytes[start];
  return first === 0x7b || first === 0x5b;
}
