/**
 * The IPsum table in memory: sorted IPv4 numbers and their levels side by side, searched by halving; IPv6 by text. The
 * two arrays lie in shared memory, so every worker thread looks at the same copy.
 */
import { canonicalAddress, ipv4Number } from '../normalise/address.ts';

/** What crosses the thread boundary: shared, not copied (IPv6, which the feed has few of, is copied). */
export interface IpsumBuffers {
  /** Sorted IPv4 addresses as unsigned numbers. */
  addresses: Uint32Array;
  /** Number of blacklists (1–255) of each. */
  levels: Uint8Array;
  v6: [address: string, level: number][];
}

export interface IpsumTable {
  readonly size: number;
  /** Number of blacklists that name the address, 0 when none does. The address must be in canonical form. */
  levelOf(address: string): number;
}

export const EMPTY_BUFFERS: IpsumBuffers = { addresses: new Uint32Array(0), levels: new Uint8Array(0), v6: [] };

export function createIpsumTable({ addresses, levels, v6 }: IpsumBuffers): IpsumTable {
  const byText = new Map(v6);
  return {
    size: addresses.length + byText.size,
    levelOf(address) {
      const number = ipv4Number(address);
      if (number < 0) return byText.get(address) ?? 0;
      let low = 0;
      let high = addresses.length - 1;
      while (low <= high) {
        const middle = (low + high) >>> 1;
        const found = addresses[middle]!;
        if (found === number) return levels[middle]!;
        if (found < number) low = middle + 1;
        else high = middle - 1;
      }
      return 0;
    },
  };
}

export interface ParsedFeed {
  buffers: IpsumBuffers;
  indicators: number;
  /** Lines that are neither comment nor `ADDRESS<TAB>COUNT`. */
  errors: number;
}

/** Four times what the feed holds, and what can be sorted in one go (< 50 ms); the rest is left out, counted as errors. */
export const MAX_INDICATORS = 500_000;
const LINES_A_SLICE = 5_000;

/**
 * Reads a feed: `ADDRESS<TAB>COUNT` (any blanks; a missing count is 1), `#` comments. Yields between slices so that the
 * caller can let other work in. The highest count of an address wins.
 */
export function* parseFeed(text: string): Generator<void, ParsedFeed> {
  const v4: number[] = [];
  const v6 = new Map<string, number>();
  let errors = 0;
  let lines = 0;
  for (let start = 0; start < text.length;) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    if (!readLine(text.slice(start, end).trim(), v4, v6)) errors++;
    start = end + 1;
    if (++lines % LINES_A_SLICE === 0) yield;
  }
  // Address and level in one number, so that sorting a typed array sorts both: level in the low 8 bits.
  const packed = Float64Array.from(v4);
  yield;
  packed.sort();
  yield;
  const buffers = unpack(packed, v6);
  return { buffers, indicators: buffers.addresses.length + v6.size, errors };
}

/** Adds a line's indicator; false when it is malformed. */
function readLine(line: string, v4: number[], v6: Map<string, number>): boolean {
  if (line === '' || line.charCodeAt(0) === 35) return true;
  let blank = 0;
  while (blank < line.length && line.charCodeAt(blank) > 32) blank++;
  const count = line.slice(blank).trim();
  const level = count === '' ? 1 : Number(count);
  if (!Number.isInteger(level) || level < 1 || v4.length + v6.size >= MAX_INDICATORS) return false;
  const capped = Math.min(level, 255);
  const text = line.slice(0, blank);
  const number = ipv4Number(text);
  if (number >= 0) {
    v4.push(number * 256 + capped);
    return true;
  }
  const address = canonicalAddress(text);
  if (address === '') return false;
  const mapped = ipv4Number(address);
  if (mapped >= 0) v4.push(mapped * 256 + capped);
  else v6.set(address, Math.max(capped, v6.get(address) ?? 0));
  return true;
}

/** Sorted packed numbers → shared arrays; of equal addresses the last has the highest level. */
function unpack(packed: Float64Array, v6: Map<string, number>): IpsumBuffers {
  let unique = 0;
  for (let i = 0; i < packed.length; i++) if (isLast(packed, i)) unique++;
  const addresses = new Uint32Array(new SharedArrayBuffer(unique * 4));
  const levels = new Uint8Array(new SharedArrayBuffer(unique));
  let at = 0;
  for (let i = 0; i < packed.length; i++) {
    if (!isLast(packed, i)) continue;
    addresses[at] = Math.floor(packed[i]! / 256);
    levels[at++] = packed[i]! % 256;
  }
  return { addresses, levels, v6: [...v6] };
}

function isLast(packed: Float64Array, i: number): boolean {
  return i + 1 === packed.length || Math.floor(packed[i]! / 256) !== Math.floor(packed[i + 1]! / 256);
}
