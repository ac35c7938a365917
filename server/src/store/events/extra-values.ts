/**
 * How values outside the promoted fields are stored in the `extra` map (text → text) without losing their type:
 * a string is stored verbatim, unless it begins with U+0001, which is then doubled; everything else (numbers, booleans,
 * null, arrays, empty objects) is U+0001 followed by its JSON. Nested objects are flattened with dots, arrays stay whole.
 * Lone surrogates become U+FFFD, as in any UTF-8 text.
 */
import type { ExtraValue } from '@vedette/contracts';

const MARK = '\u0001';
const MARK_CODE = 1;

/** Objects nested deeper than this are kept as JSON at that depth. */
export const MAX_EXTRA_DEPTH = 16;

export function encodeExtra(value: ExtraValue): string {
  if (typeof value === 'string') return value.charCodeAt(0) === MARK_CODE ? MARK + value : value;
  if (typeof value === 'number' && value > 0 && value < CACHED && Number.isInteger(value))
    return (smallIntegers[value] ??= MARK + String(value));
  return MARK + JSON.stringify(value);
}

/** Codes, ports and process ids repeat: their text is made once. */
const CACHED = 65_536;
const smallIntegers: string[] = [];

/** Reverses `encodeExtra`. Text after the mark that is no JSON (never written by us) is given back as it is. */
export function decodeExtra(text: string): ExtraValue {
  if (text.charCodeAt(0) !== MARK_CODE) return text;
  if (text.charCodeAt(1) === MARK_CODE) return text.slice(1);
  try {
    return JSON.parse(text.slice(1)) as ExtraValue;
  } catch {
    return text;
  }
}

/** True for an object that is flattened: not null, not an array, not empty. */
export function isBranch(value: ExtraValue): value is { [key: string]: ExtraValue } {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  for (const key in value) if (Object.hasOwn(value, key)) return true;
  return false;
}
