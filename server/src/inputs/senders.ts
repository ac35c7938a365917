/** Who may send without a key: this machine, and the networks that were configured. Where nobody else may, listen on loopback. */
import ipaddr from 'ipaddr.js';

export interface Senders {
  /** Addresses to listen on, best first: the second where the system has no IPv6. */
  readonly hosts: readonly string[];
  allows(address: string): boolean;
}

/** `networks`: addresses or CIDR ranges, checked when the settings were read. */
export function createSenders(networks: readonly string[]): Senders {
  const ranges = networks.map((network) => (network.includes('/') ? ipaddr.parseCIDR(network) : single(network)));
  // Senders are few and send much: the answer is remembered, within bounds.
  const known = new Map<string, boolean>();
  return {
    hosts: networks.length > 0 ? ['::', '0.0.0.0'] : ['127.0.0.1'],
    allows(address) {
      let allowed = known.get(address);
      if (allowed === undefined) {
        allowed = isAllowed(address, ranges);
        if (known.size >= 10_000) known.clear();
        known.set(address, allowed);
      }
      return allowed;
    },
  };
}

/** `::ffff:10.0.0.5` → `10.0.0.5`: an IPv4 sender seen through an IPv6 socket. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

function single(address: string): Range {
  const parsed = ipaddr.process(address);
  return [parsed, parsed.kind() === 'ipv4' ? 32 : 128];
}

function isAllowed(address: string, ranges: readonly Range[]): boolean {
  const zone = address.indexOf('%');
  const plain = zone < 0 ? address : address.slice(0, zone);
  if (!ipaddr.isValid(plain)) return false;
  const parsed = ipaddr.process(plain);
  if (parsed.range() === 'loopback') return true;
  return ranges.some(([base, bits]) => parsed.kind() === base.kind() && parsed.match(base, bits));
}
