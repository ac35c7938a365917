/** IP addresses, CIDR blocks and prefixes (`10.0.*`) as ranges of 128-bit numbers; IPv4 is mapped into ::ffff:0:0/96. */
import ipaddr from 'ipaddr.js';

/** First and last address, 32 hexadecimal digits each. */
export interface AddressRange {
  from: string;
  to: string;
}

const IPV4_PREFIX = /^(\d{1,3}(?:\.\d{1,3}){0,2})\.\*$/;

export function isAddress(text: string): boolean {
  return text.length <= 45 && ipaddr.isValid(text) && (text.includes(':') || ipaddr.IPv4.isValidFourPartDecimal(text));
}

/** Null when `text` is neither an address, a block nor a prefix. */
export function addressRange(text: string): AddressRange | null {
  if (text.length > 49) return null;
  if (isAddress(text)) return blockOf(text, 128);
  const prefix = IPV4_PREFIX.exec(text);
  if (prefix) {
    const octets = prefix[1]!.split('.');
    const address = [...octets, '0', '0', '0'].slice(0, 4).join('.');
    return isAddress(address) ? blockOf(address, 96 + octets.length * 8) : null;
  }
  const [address = '', bits = '', ...more] = text.split('/');
  if (more.length > 0 || !/^\d{1,3}$/.test(bits) || !isAddress(address)) return null;
  const isIpv4 = !address.includes(':');
  const length = Number(bits);
  return length > (isIpv4 ? 32 : 128) ? null : blockOf(address, isIpv4 ? 96 + length : length);
}

function blockOf(address: string, bits: number): AddressRange | null {
  const parsed = ipaddr.parse(address);
  if ('zoneId' in parsed && parsed.zoneId) return null;
  const bytes = (parsed.kind() === 'ipv4' ? (parsed as ipaddr.IPv4).toIPv4MappedAddress() : parsed).toByteArray();
  const value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  const host = (1n << BigInt(128 - bits)) - 1n;
  const hex = (number: bigint) => number.toString(16).padStart(32, '0');
  return { from: hex(value & ~host), to: hex(value | host) };
}
