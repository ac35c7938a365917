/** Random queries for property tests: any tree, or queries that have something to do with given documents. */
import fc from 'fast-check';
import type { ExtraValue } from '@vedette/contracts';
import { ANY, ONE, type Query, type Test, type Value } from '../query.ts';

const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12 }),
  fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }),
  fc.constantFrom('AND', 'OR', 'NOT', 'TO', '-', '+a', 'C:\\Windows\\', '"', "'", '192.0.2.7', '[a TO b]', '\\'),
);
const literal: fc.Arbitrary<Value> = text.map((value) => [value]);
const wildcard: fc.Arbitrary<Value> = fc
  .array(fc.oneof(text, fc.constant(ANY), fc.constant(ONE)), { minLength: 2, maxLength: 5 })
  .map(normalised)
  .filter((value) => value.length > 1 && value.some((part) => part !== ANY));
const value = fc.oneof(literal, wildcard);
const bound = fc.option(fc.record({ text, inclusive: fc.boolean() }), { nil: null });
const anyTest: fc.Arbitrary<Test> = fc.oneof(
  value.map((item): Test => ({ kind: 'is', value: item })),
  fc
    .record({ from: bound, to: bound })
    .filter(({ from, to }) => from !== null || to !== null)
    .map((range): Test => ({ kind: 'range', ...range })),
  fc.constant<Test>({ kind: 'exists' }),
);
const name = fc
  .oneof(fc.constantFrom('user.name', 'event.severity', 'a b', 'x:y', '9lives'), text)
  .filter((field) => field !== '_exists_');

/** Any tree that the parser can produce. */
export const anyQuery: fc.Arbitrary<Query> = treeOf(
  fc.oneof(
    fc.constant<Query>({ kind: 'all' }),
    value.map((item): Query => ({ kind: 'text', value: item, at: 0 })),
    fc.record({ field: name, test: anyTest }).map(({ field, test }): Query => ({ kind: 'field', field, test, at: 0 })),
  ),
);

/** Adjacent texts become one, repeated `*` too: the parser's normal form. */
function normalised(parts: Value): Value {
  const result: (string | typeof ANY | typeof ONE)[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (typeof part === 'string' && typeof last === 'string') result[result.length - 1] = last + part;
    else if (part !== ANY || last !== ANY) result.push(part);
  }
  return result;
}

function treeOf(leaf: fc.Arbitrary<Query>): fc.Arbitrary<Query> {
  return fc.letrec<{ tree: Query }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      leaf,
      fc
        .record({
          kind: fc.constantFrom('and' as const, 'or' as const),
          items: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }),
        })
        .map((query): Query => query),
      tie('tree').map((item): Query => ({ kind: 'not', item })),
    ),
  })).tree;
}

/** Queries made of names and values (or parts of values) that occur in documents. All resolve without an error. */
export function queryFor(entries: readonly (readonly [string, ExtraValue])[]): fc.Arbitrary<Query> {
  const texts = entries.filter(
    (entry): entry is readonly [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
  );
  const part = fc
    .tuple(fc.constantFrom(...texts), fc.nat(20), fc.integer({ min: 1, max: 12 }), fc.boolean())
    .map(([[field, whole], from, length, upper]) => {
      const cut = [...whole].slice(from % whole.length, (from % whole.length) + length).join('') || whole;
      return { field, whole, cut: upper ? cut.toUpperCase() : cut };
    });
  const isText = (field: string) => !TYPED.test(field);
  const leaf = fc.oneof(
    part.map(({ cut }): Query => ({ kind: 'text', value: [cut], at: 0 })),
    part.map(({ field, whole }): Query => ({ kind: 'field', field, test: { kind: 'is', value: [whole] }, at: 0 })),
    part
      .filter(({ field }) => isText(field))
      .map(({ field, cut }): Query => ({ kind: 'field', field, test: { kind: 'is', value: [ANY, cut, ANY] }, at: 0 })),
    part
      .filter(({ field }) => isText(field) && field !== 'message' && field !== 'event.original')
      .map(({ field, cut }): Query => ({
        kind: 'field',
        field,
        test: { kind: 'range', from: { text: cut, inclusive: cut.length % 2 === 0 }, to: null },
        at: 0,
      })),
    fc.constantFrom(...entries).map(([field]): Query => ({ kind: 'field', field, test: { kind: 'exists' }, at: 0 })),
    fc
      .tuple(
        fc.constantFrom('event.severity', 'source.port', 'process.pid', 'custom.number'),
        fc.integer({ min: 0, max: 50_000 }),
      )
      .map(([field, n]): Query => ({
        kind: 'field',
        field,
        test: { kind: 'range', from: null, to: { text: String(n), inclusive: n % 2 === 0 } },
        at: 0,
      })),
  );
  return treeOf(leaf);
}

const TYPED = /^(_id|@timestamp|event\.ingested|.*\.ip|.*(port|bytes|pid|severity|level|status_code))$/;
