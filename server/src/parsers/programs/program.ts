/** What a program's own message means, once the syslog envelope is read. One file per family, one line in index.ts. */
import type { EcsEvent } from '@vedette/contracts';
import { canonicalAddress } from '../../normalise/address.ts';

/** Reads `event.message` into the event's fields. The envelope's fields are set already. Never throws. */
export type ProgramParser = (event: EcsEvent, message: string) => void;

/** `text` from `at` up to the next blank (or the end). */
export function wordAt(text: string, at: number): string {
  const end = text.indexOf(' ', at);
  return end < 0 ? text.slice(at) : text.slice(at, end);
}

/** The unsigned integer at `at`; 0 when there is none or it exceeds `max`. */
export function integerAt(text: string, at: number, max = 0xffffffff): number {
  let value = 0;
  for (let i = at; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) break;
    value = value * 10 + digit;
    if (value > max) return 0;
  }
  return value;
}

/**
 * Value of `key=` in a list of `key=value` separated by blanks; '' when absent. Quotes around it are taken off.
 * `key` is given with its `=`.
 */
export function valueOf(text: string, key: string, from = 0): string {
  let at = text.indexOf(key, from);
  while (at > 0 && !isSeparator(text.charCodeAt(at - 1))) at = text.indexOf(key, at + 1);
  if (at < 0) return '';
  const start = at + key.length;
  if (text.charCodeAt(start) === 34) {
    const close = text.indexOf('"', start + 1);
    if (close > 0) return text.slice(start + 1, close);
  }
  let end = start;
  while (end < text.length && !isSeparator(text.charCodeAt(end))) end++;
  return text.slice(start, end);
}

function isSeparator(code: number): boolean {
  return code === 32 || code === 59 || code === 44 || code === 9;
}

/** Sets where an event came from: an address, or a host name kept as `source.domain`. */
export function setSource(event: EcsEvent, text: string): void {
  if (text === '' || text === '-' || text === 'UNKNOWN') return;
  const address = canonicalAddress(text);
  if (address !== '') event.sourceIp = address;
  else event.setExtra('source.domain', text);
}

/** Reads `ADDRESS[:][ port N]` at `at` into the source. */
export function setSourceAt(event: EcsEvent, text: string, at: number): void {
  let end = at;
  while (end < text.length && text.charCodeAt(end) !== 32) end++;
  let stop = end;
  while (stop > at && (text.charCodeAt(stop - 1) === 58 || text.charCodeAt(stop - 1) === 44)) stop--;
  setSource(event, text.slice(at, stop));
  if (text.startsWith(' port ', end)) event.sourcePort = integerAt(text, end + 6, 65535);
}
