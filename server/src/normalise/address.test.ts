import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalAddress, ipv4Number, isIpv4 } from './address.ts';

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['::1', '::1'],
  ['[2001:DB8::1]', '2001:db8::1'],
  ['2001:0db8:0000:0000:0001:0000:0000:0001', '2001:db8::1:0:0:1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['::ffff:10.1.2.3', '10.1.2.3'],
  ['::FFFF:0a01:0203', '10.1.2.3'],
  ['64:ff9b::192.0.2.1', '64:ff9b::c000:201'],
  ['2001:db8:1:0:1:1:1:1', '2001:db8:1:0:1:1:1:1'],
  ['::', '::'],
  ['', ''],
  ['10.0.0.256', ''],
  ['010.0.0.1', ''],
  ['10.0.0', ''],
  ['1:2:3:4:5:6:7:8:9', ''],
  ['1::2::3', ''],
  ['[::1', ''],
  ['host.example', ''],
  [':'.repeat(60), ''],
])('%s → %s', (text, expected) => expect(canonicalAddress(text)).toBe(expected));

test('agrees with the platform on what an address is', () => {
  const texts = fc.oneof(fc.ipV4(), fc.ipV6(), fc.string({ unit: fc.constantFrom(...'0129af:.'), maxLength: 24 }));
  fc.assert(
    fc.property(texts, (text) => {
      expect(isIpv4(text)).toBe(isIPv4(text));
      const canonical = canonicalAddress(text);
      expect(canonical !== '').toBe(isIPv4(text) || isIPv6(text));
      if (canonical === '') return;
      expect(canonicalAddress(canonical)).toBe(canonical);
      if (!isIPv4(canonical)) expect(new URL(`http://[${text}]`).hostname).toBe(`[${canonical}]`);
    }),
    { numRuns: 2000 },
  );
});

test('IPv4 as a number', () => {
  expect(ipv4Number('255.255.255.255')).toBe(0xffffffff);
  expect(ipv4Number('1.2.3.4')).toBe(0x01020304);
  expect(ipv4Number('1.2.3')).toBe(-1);
});
