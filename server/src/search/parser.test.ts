import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseQuery } from './parser.ts';
import { printQuery } from './print.ts';
import { MAX_QUERY_DEPTH, MAX_QUERY_LENGTH, MAX_QUERY_TERMS, QueryError, type Query } from './query.ts';
import { resolveQuery } from './predicate.ts';
import { anyQuery } from './testing/arbitrary-query.ts';

/** Without positions, which text → tree → text does not keep. */
const bare = (query: Query): unknown =>
  JSON.parse(JSON.stringify(query, (key, value: unknown) => (key === 'at' ? undefined : value)));

const shown = (text: string) => printQuery(parseQuery(text));

test.each([
  ['', '*'],
  ['  *  ', '*'],
  ['*:*', '*'],
  ['failed password', '"failed" AND "password"'],
  ['"failed password"', '"failed password"'],
  ['a OR b AND c', '"a" OR ("b" AND "c")'],
  ['a || b && !c', '"a" OR ("b" AND NOT "c")'],
  ['(a OR b) c', '("a" OR "b") AND "c"'],
  ['+a -b', '"a" AND NOT "b"'],
  ['NOT (a b)', 'NOT ("a" AND "b")'],
  ['user.name:root', 'user.name:"root"'],
  ['user.name : root', '"user.name" AND ":" AND "root"'],
  ['user.name:(root OR "a b")', 'user.name:"root" OR user.name:"a b"'],
  ['user.name:(a -b)', 'user.name:"a" AND NOT user.name:"b"'],
  ['user.name:*', '_exists_:"user.name"'],
  ['_exists_:user.name', '_exists_:"user.name"'],
  ['x:[1 TO 5}', 'x:["1" TO "5"}'],
  ['x:{* TO "b c"]', 'x:[* TO "b c"]'],
  ['x:>=5 x:<7', 'x:["5" TO *] AND x:[* TO "7"}'],
  ['@timestamp:>2026-01-01T10:00:00Z', '@timestamp:{"2026-01-01T10:00:00Z" TO *]'],
  ['source.ip:fe80::1', 'source.ip:"fe80::1"'],
  ['fe80::1', '"fe80::1"'],
  ['00:11:22:33', '"00:11:22:33"'],
  ['sshd[42]', '"sshd[42]"'],
  ['DOMAIN\\user', '"DOMAIN\\\\user"'],
  ['"C:\\Windows\\x"', '"C:\\\\Windows\\\\x"'],
  ['x:C:\\Win*', 'x:C\\:\\\\Win*'],
  ['wh?ami*', 'wh?ami*'],
  ['wh\\?ami', '"wh?ami"'],
  ['10 - 20', '"10" AND "-" AND "20"'],
  ['ORDER ANDROID', '"ORDER" AND "ANDROID"'],
])('%j reads as %j', (text, printed) => {
  expect(shown(text)).toBe(printed);
  expect(shown(printed)).toBe(printed);
});

test.each([
  ['(a', 0],
  ['a)', 1],
  ['a AND', 5],
  ['OR a', 0],
  ['a OR OR b', 5],
  ['"open', 0],
  ['x:', 2],
  ['x:[1 5]', 2],
  ['x:[1 TO 5', 2],
  ['x:[1* TO 5]', 3],
  ['x:(', 3],
  ['_exists_:a*', 0],
  [`${'*a'.repeat(20)}`, 0],
])('%j is refused at %i', (text, position) => {
  const error = (() => {
    try {
      return parseQuery(text);
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toBeInstanceOf(QueryError);
  expect((error as QueryError).position).toBe(position);
});

test.each([
  'source.port:x',
  'source.port:8*',
  'source.ip:300.1.1.1',
  'source.ip:10.0.0.0/33',
  '@timestamp:yesterday',
  'message:>5',
  '_id:x',
  'event.severity:awful',
])('%s is refused by its field', (text) => expect(() => resolveQuery(parseQuery(text))).toThrow(QueryError));

describe('limits', () => {
  test.each([
    ['length', 'a'.repeat(MAX_QUERY_LENGTH + 1)],
    ['depth', '('.repeat(MAX_QUERY_DEPTH + 1)],
    ['negations', 'NOT '.repeat(MAX_QUERY_DEPTH + 1) + 'a'],
    ['field groups', 'a:('.repeat(MAX_QUERY_DEPTH + 1)],
    ['terms', 'a '.repeat(MAX_QUERY_TERMS + 1)],
  ])('%s', (_, text) => expect(() => parseQuery(text)).toThrow(QueryError));
});

test('any tree is printed and read again', () => {
  fc.assert(
    fc.property(anyQuery, (query) => {
      expect(bare(parseQuery(printQuery(query)))).toEqual(bare(query));
    }),
    { numRuns: 1000 },
  );
});

test('no text makes anything but a QueryError', () => {
  const pieces = fc.constantFrom(
    ...[
      'a',
      ' ',
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      '"',
      ':',
      '*',
      '?',
      '\\',
      '-',
      '+',
      '!',
      '&&',
      '||',
      'AND ',
      'OR ',
      'NOT ',
      ' TO ',
    ],
    ...[
      'source.ip:',
      'source.port:',
      '@timestamp:',
      '_id:',
      'event.severity:',
      '>',
      '<=',
      '10.0.0.0/8',
      '\u0000',
      '\ud800',
      'é',
    ],
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join('')),
      ),
      (text) => {
        try {
          resolveQuery(parseQuery(text));
        } catch (error) {
          expect(error, text).toBeInstanceOf(QueryError);
        }
      },
    ),
    { numRuns: 5000 },
  );
});
