/** Addresses, CIDR blocks and prefixes (`10.0.*`) as ranges of addresses. */
import { writeAddress } from './address.ts';

/** First and last address, 32 hexadecimal digits each. */
export interface AddressRange {
  from: string;
  to: string;
}

const IPV4_PREFIX = /^(\d{1,3}(?:\.\d{1,3}){0,2})\.\*$/;
const scratch = Buffer.alloc(16);

export function isAddress(text: string): boolean {
  return writeAddress(text, scratch, 0);
}

/** Null when `text` is neither an address, a block nor a prefix. */
export function addressRange(text: string): AddressRange | null {
  const prefix = IPV4_PREFIX.exec(text);
  if (prefix) {
    const octets = prefix[1]!.split('.');
    return blockOf([...octets, '0', '0', '0'].slice(0, 4).join('.'), 96 + octets.length * 8);
  }
  const slash = text.indexOf('/');
  if (slash < 0) return blockOf(text, 128);
  const address = text.slice(0, slash);
  const bits = text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(bits)) return null;
  const length = Number(bits) + (address.includes(':') ? 0 : 96);
  return length > 128 ? null : blockOf(address, length);
}

function blockOf(address: string, bits: number): AddressRange | null {
  if (!writeAddress(address, scratch, 0)) return null;
  const from = Buffer.from(scratch);
  const to = Buffer.from(scratch);
  for (let byte = 0; byte < 16; byte++) {
    const host = 0xff >> Math.max(0, Math.min(8, bits - byte * 8));
    from[byte]! &= ~host;
    to[byte]! |= host;
  }
  return { from: from.toString('hex'), to: to.toString('hex') };
}
