/** IPv4 and IPv6 networks. Addresses are compared as eight 16-bit groups; IPv4 and IPv4-mapped IPv6 are the same. */

/** Reads a network (`10.0.0.0/8`, `fe80::/10`, or a single address); null when it is none. */
export function parseCidr(text: string): ((address: string) => boolean) | null {
  const [address, length, rest] = text.trim().split('/');
  const base = parseAddress(address ?? '');
  if (base === null || rest !== undefined) return null;
  const bits = isIpv4(base) && !address!.includes(':') ? 32 : 128;
  const prefix = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : -1;
  if (prefix < 0 || prefix > bits) return null;
  const significant = prefix + (128 - bits);
  return (candidate) => {
    const groups = parseAddress(candidate);
    return groups !== null && samePrefix(groups, base, significant);
  };
}

function samePrefix(a: readonly number[], b: readonly number[], bits: number): boolean {
  for (let group = 0; bits > 0; group++, bits -= 16) {
    const shift = bits >= 16 ? 0 : 16 - bits;
    if (a[group]! >> shift !== b[group]! >> shift) return false;
  }
  return true;
}

const isIpv4 = (groups: readonly number[]): boolean =>
  groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);

/** Eight 16-bit groups of an address; null when it is none. A zone (`%eth0`) is ignored. */
function parseAddress(text: string): number[] | null {
  if (text.length > 64) return null;
  if (!text.includes(':')) {
    const four = parseIpv4(text);
    return four === null ? null : [0, 0, 0, 0, 0, 0xffff, ...four];
  }
  const zone = text.indexOf('%');
  const halves = (zone < 0 ? text : text.slice(0, zone)).split('::');
  if (halves.length > 2) return null;
  const head = parseGroups(halves[0]!);
  const tail = halves.length === 2 ? parseGroups(halves[1]!) : [];
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  return [...head, ...new Array<number>(missing).fill(0), ...tail];
}

function parseGroups(text: string): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (part.includes('.')) {
      const four = index === parts.length - 1 ? parseIpv4(part) : null;
      if (four === null) return null;
      groups.push(...four);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return null;
  }
  return groups;
}

/** The two 16-bit groups of a dotted IPv4 address. */
function parseIpv4(text: string): [number, number] | null {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  let value = 0;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return null;
    value = value * 256 + Number(part);
  }
  return [Math.floor(value / 65_536), value % 65_536];
}
