import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesQuery } from './evaluate.ts';
import { fold, matchGlob } from './glob.ts';
import { parseQuery } from './parser.ts';
import { ANY, ONE, type Value } from './query.ts';

const DOCUMENT = {
  _id: '42',
  '@timestamp': Date.UTC(2026, 1, 6, 12),
  'event.severity': 11,
  'event.original': 'Feb 6 sshd[1]: Failed password for Root from 10.0.0.12 port 22',
  message: 'Failed password for Root from 10.0.0.12 port 22',
  'user.name': 'Root',
  'source.ip': '10.0.0.12',
  'source.port': 22,
  tags: ['Blue', 7],
  cloud: { account: { id: '77' } },
};

test.each([
  'failed',
  '"PASSWORD for root"',
  'fail*root',
  '10.0.0.12',
  'user.name:root',
  'user.name:r??t',
  'source.ip:10.0.0.0/8',
  'source.ip:10.*',
  'source.port:[20 TO 22]',
  'source.port:{21 TO *}',
  'event.severity:high',
  'event.severity:>medium',
  '@timestamp:2026-02-06',
  '@timestamp:[2026-02-06T12:00:00Z TO *]',
  '_id:42',
  'tags:blue',
  'tags:7',
  'tags:>6',
  'cloud.account.id:77',
  '_exists_:tags',
  'message:password',
  'NOT user.name:x',
  'absent:""',
  '-_exists_:absent',
  'user.name:[q TO s]',
])('%s matches', (text) => expect(matchesQuery(parseQuery(text), DOCUMENT)).toBe(true));

test.each([
  '10.0.0.1',
  'user.name:roo',
  'source.ip:10.0.0.1',
  'source.port:>22',
  'event.severity:critical',
  'tags:blu',
  '_exists_:absent',
  'message:sshd',
  '@timestamp:<2026-02-06',
  'destination.ip:0.0.0.0/0',
  '"failed  password"',
  'user.name:{root TO *}',
])('%s does not match', (text) => expect(matchesQuery(parseQuery(text), DOCUMENT)).toBe(false));

test('wildcards match as a plain backtracking matcher does', () => {
  const slow = (value: Value, text: string): boolean => {
    const [part, ...rest] = value;
    if (part === undefined) return text === '';
    if (part === ANY) return [...Array(text.length + 1).keys()].some((skip) => slow(rest, text.slice(skip)));
    if (part === ONE) return text !== '' && slow(rest, text.slice(1));
    return text.startsWith(part) && slow(rest, text.slice(part.length));
  };
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
  const part = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 2 }),
    fc.constant(ANY),
    fc.constant(ONE),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 5 }), text, (value, subject) => {
      expect(matchGlob(value, subject)).toBe(slow(value, subject));
    }),
    { numRuns: 5000 },
  );
});

test('folding touches A to Z only', () => expect(fold('ÄÖ Kelvin \u212a ZEBRA')).toBe('ÄÖ kelvin \u212a zebra'));
