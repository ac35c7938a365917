import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, test } from 'vitest';
import { addressRange } from './address-range.ts';
import { writeAddress } from './address.ts';

describe('addresses', () => {
  const written = (text: string) => {
    const bytes = new Uint8Array(18).fill(7);
    return writeAddress(text, bytes, 1) ? Buffer.from(bytes.subarray(1, 17)).toString('hex') : null;
  };
  const expected = (text: string) => {
    const address = ipaddr.parse(text);
    const mapped = address.kind() === 'ipv4' ? (address as ipaddr.IPv4).toIPv4MappedAddress() : address;
    return Buffer.from(mapped.toByteArray()).toString('hex');
  };

  test('every IPv4 and IPv6 text becomes its 16 bytes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        // The oracle reads the long-dead ::1.2.3.4 as if it were ::ffff:1.2.3.4.
        fc.pre(!/^::\d+\./.test(text));
        expect(written(text), text).toBe(expected(text));
        expect(written(text.toUpperCase())).toBe(expected(text));
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    '::',
    '::1',
    '1::',
    'fe80::1:2',
    '::ffff:1.2.3.4',
    '64:ff9b::1.2.3.4',
    '1:2:3:4:5:6:7:8',
    '1:2:3:4:5:6:1.2.3.4',
  ])('reads %s', (text) => expect(written(text)).toBe(expected(text)));

  test.each([
    ...[
      '',
      '1.2.3',
      '1.2.3.4.5',
      '1.2.3.256',
      '01.2.3.4',
      '1..2.3',
      '1.2.3.4 ',
      ':',
      ':::',
      '1:2',
      '1::2::3',
      '12345::',
      'g::1',
    ],
    ...[
      'fe80::1%eth0',
      '1:2:3:4:5:6:7:8:9',
      '1:2:3:4:5:6:7::8',
      '::1.2.3',
      '1:2:3:4:5:6:7:1.2.3.4',
      '1.2.3.4:80',
      'Ł.2.3.4',
    ],
  ])('refuses %j', (text) => expect(written(text)).toBeNull());

  test('never reads what is no address, and never writes outside its 16 bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789abcdef:.%'), maxLength: 48 }), (text) => {
        const bytes = new Uint8Array(18).fill(7);
        const valid = writeAddress(text, bytes, 1);
        expect([bytes[0], bytes[17]]).toEqual([7, 7]);
        if (!valid) expect(bytes.subarray(1, 17).every((byte) => byte === 0)).toBe(true);
        else expect(ipaddr.isValid(text), text).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });
});

test.each([
  ['10.0.0.0/8', '0a000000', '0affffff'],
  ['10.1.2.3/8', '0a000000', '0affffff'],
  ['10.0.*', '0a000000', '0a00ffff'],
  ['10.*', '0a000000', '0affffff'],
  ['1.2.3.4', '01020304', '01020304'],
  ['1.2.3.4/31', '01020304', '01020305'],
  ['0.0.0.0/0', '00000000', 'ffffffff'],
])('%s covers %s to %s', (text, from, to) => {
  const prefix = '00000000000000000000ffff';
  expect(addressRange(text)).toEqual({ from: prefix + from, to: prefix + to });
});

test('IPv6 blocks', () => {
  expect(addressRange('2001:db8::1/33')).toEqual({
    from: '20010db8000000000000000000000000',
    to: '20010db87fffffffffffffffffffffff',
  });
  expect(addressRange('::/0')).toEqual({ from: '0'.repeat(32), to: 'f'.repeat(32) });
});

test.each(['10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0/8', '300.*', '*', '10.*.*', '', '10.0.0.1/8/8', '/8'])(
  '%j covers nothing',
  (text) => expect(addressRange(text)).toBeNull(),
);
