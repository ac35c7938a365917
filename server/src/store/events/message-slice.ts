/**
 * Where an event's message stands in its raw line, so that it is stored once. It may stand there verbatim (a syslog
 * line's tail) or as a JSON string literal (a Windows event's text); positions are in bytes of the line.
 */
import type { EcsEvent } from '@vedette/contracts';
import { MESSAGE_IS_JSON } from './schema/columns.ts';

/** Result of the last `locateMessage` that returned true. `at` counts from 1; 0 is "no message". */
export const slice = { at: 0, length: 0 };

const NEEDS_ESCAPING = /["\\\u0000-\u001f]/;

/** True when the message is empty or was found; false when it must be stored by itself. Fills `slice`. */
export function locateMessage(event: EcsEvent, bytes: Buffer, start: number, end: number): boolean {
  const { message, raw } = event;
  slice.at = slice.length = 0;
  if (message === '') return true;
  const oneByteEach = raw.length === end - start;
  if (!NEEDS_ESCAPING.test(message) || !looksLikeJson(bytes, start)) {
    if (find(message, 0)) return true;
    return false;
  }
  return find(JSON.stringify(message), MESSAGE_IS_JSON) || find(message, 0);

  function find(text: string, flag: number): boolean {
    if (oneByteEach) {
      const at = raw.endsWith(text) ? raw.length - text.length : raw.indexOf(text);
      if (at < 0) return false;
      slice.at = at + 1 + flag;
      slice.length = text.length;
      return true;
    }
    const needle = Buffer.from(text, 'utf8');
    const at = bytes.indexOf(needle, start);
    if (at < 0 || at + needle.length > end) return false;
    slice.at = at - start + 1 + flag;
    slice.length = needle.length;
    return true;
  }
}

/** `{` or `[`, perhaps after a syslog header that ends in one: only its first byte is looked at. */
function looksLikeJson(bytes: Buffer, start: number): boolean {
  const first = bytes[start];
  return first === 0x7b || first === 0x5b;
}
