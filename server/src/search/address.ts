/**
 * IP addresses as 16 bytes, IPv4 mapped into ::ffff:0:0/96: how blocks store them and queries compare them. Strict: no
 * leading zeros, no zone, no port.
 */

const DOT = 46;
const COLON = 58;

/** Writes `text` (IPv4 or IPv6) to `bytes[at..at+16)`, IPv4 mapped into ::ffff:0:0/96. False, and zeros, when it is none. */
export function writeAddress(text: string, bytes: Uint8Array, at: number): boolean {
  if (writeIpv4(text, 0, bytes, at + 12)) {
    bytes.fill(0, at, at + 10);
    bytes[at + 10] = bytes[at + 11] = 255;
    return true;
  }
  if (text.length <= 45 && writeIpv6(text, bytes, at)) return true;
  bytes.fill(0, at, at + 16);
  return false;
}

function writeIpv4(text: string, from: number, bytes: Uint8Array, at: number): boolean {
  let part = 0;
  let value = 0;
  let digits = 0;
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === DOT) {
      if (digits === 0 || part === 3) return false;
      bytes[at + part++] = value;
      value = digits = 0;
    } else if (code >= 48 && code <= 57) {
      if (digits > 0 && value === 0) return false;
      value = value * 10 + code - 48;
      if (value > 255) return false;
      digits++;
    } else return false;
  }
  if (part !== 3 || digits === 0) return false;
  bytes[at + 3] = value;
  return true;
}

function writeIpv6(text: string, bytes: Uint8Array, at: number): boolean {
  let filled = 0;
  let gap = -1;
  let i = 0;
  if (text.charCodeAt(0) === COLON) {
    if (text.charCodeAt(1) !== COLON) return false;
    gap = 0;
    i = 2;
  }
  while (i < text.length) {
    if (filled > 14) return false;
    if (filled <= 12 && text.indexOf(':', i) < 0 && text.includes('.', i)) {
      if (!writeIpv4(text, i, bytes, at + filled)) return false;
      filled += 4;
      break;
    }
    const start = i;
    let value = 0;
    for (; i < text.length && i - start < 5; i++) {
      const digit = hexDigit(text.charCodeAt(i));
      if (digit < 0) break;
      value = value * 16 + digit;
    }
    if (i === start || i - start > 4) return false;
    bytes[at + filled] = value >> 8;
    bytes[at + filled + 1] = value & 255;
    filled += 2;
    if (i === text.length) break;
    if (text.charCodeAt(i) !== COLON) return false;
    i++;
    if (text.charCodeAt(i) === COLON) {
      if (gap >= 0) return false;
      gap = filled;
      i++;
    } else if (i === text.length) return false;
  }
  if (gap < 0) return filled === 16;
  if (filled > 14) return false;
  const tail = filled - gap;
  bytes.copyWithin(at + 16 - tail, at + gap, at + filled);
  bytes.fill(0, at + gap, at + 16 - tail);
  return true;
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
