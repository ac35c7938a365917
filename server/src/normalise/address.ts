/**
 * Addresses in one spelling: IPv4 dotted, IPv6 as RFC 5952 writes it (lower case, longest run of zeros shortened),
 * IPv4-mapped as IPv4, no brackets, no zone.
 */

/** True for dotted IPv4 in `text[start, end)`; leading zeros are refused because systems disagree on what they mean. */
export function isIpv4(text: string, start = 0, end = text.length): boolean {
  if (end - start < 7 || end - start > 15) return false;
  let value = -1;
  let parts = 0;
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit >= 0 && digit <= 9) {
      if (value === 0) return false;
      value = value < 0 ? digit : value * 10 + digit;
      if (value > 255) return false;
    } else {
      if (digit !== -2 || value < 0 || parts === 3) return false;
      parts++;
      value = -1;
    }
  }
  return parts === 3 && value >= 0;
}

/** IPv4 as an unsigned number, -1 when it is none. */
export function ipv4Number(text: string): number {
  if (!isIpv4(text)) return -1;
  let number = 0;
  let part = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 46) {
      number = number * 256 + part;
      part = 0;
    } else part = part * 10 + code - 48;
  }
  return number * 256 + part;
}

/** The one spelling of an address; '' when the text is no address. */
export function canonicalAddress(text: string): string {
  if (isIpv4(text)) return text;
  if (text.length < 2 || text.length > 80 || text.indexOf(':') < 0) return '';
  let bare = text;
  if (bare.charCodeAt(0) === 91) {
    if (bare.charCodeAt(bare.length - 1) !== 93) return '';
    bare = bare.slice(1, -1);
  }
  const zone = bare.indexOf('%');
  if (zone > 0) bare = bare.slice(0, zone);
  const groups = ipv6Groups(bare);
  return groups === null ? '' : spelled(groups);
}

/** The eight 16-bit groups of an IPv6 address, null when it is none. */
export function ipv6Groups(text: string): number[] | null {
  const gap = text.indexOf('::');
  if (gap < 0) {
    const groups = groupsOf(text);
    return groups !== null && groups.length === 8 ? groups : null;
  }
  if (text.indexOf('::', gap + 1) >= 0) return null;
  const head = gap === 0 ? [] : groupsOf(text.slice(0, gap), false);
  const tail = gap + 2 === text.length ? [] : groupsOf(text.slice(gap + 2));
  if (head === null || tail === null || head.length + tail.length > 7) return null;
  return [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

function groupsOf(text: string, mayEndInIpv4 = true): number[] | null {
  const groups: number[] = [];
  const parts = text.split(':', 10);
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    if (mayEndInIpv4 && i === parts.length - 1 && part.includes('.')) {
      const v4 = ipv4Number(part);
      if (v4 < 0) return null;
      groups.push(Math.floor(v4 / 65536), v4 % 65536);
    } else {
      const group = hexGroup(part);
      if (group < 0) return null;
      groups.push(group);
    }
  }
  return groups.length <= 8 ? groups : null;
}

function hexGroup(part: string): number {
  if (part.length === 0 || part.length > 4) return -1;
  let value = 0;
  for (let i = 0; i < part.length; i++) {
    const code = part.charCodeAt(i) | 32;
    const digit = code >= 48 && code <= 57 ? code - 48 : code >= 97 && code <= 102 ? code - 87 : -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

function spelled(groups: number[]): string {
  if (groups[5] === 0xffff && groups.every((group, i) => i >= 5 || group === 0)) {
    const [high, low] = [groups[6]!, groups[7]!];
    return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  }
  const [start, length] = longestZeros(groups);
  if (length < 2) return groups.map((group) => group.toString(16)).join(':');
  const hex = (part: number[]) => part.map((group) => group.toString(16)).join(':');
  return `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`;
}

function longestZeros(groups: number[]): [start: number, length: number] {
  let [bestStart, best] = [0, 0];
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > best) [bestStart, best] = [i, end - i];
    if (end > i) i = end;
  }
  return [bestStart, best];
}
