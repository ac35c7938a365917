/** The index is held to the full scan: random rules over few fields and a small alphabet, so that near misses abound. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRules, parseSigma, type Ruleset } from '../index.ts';

const word = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', 'A', '.', '\\', '-', ' '), maxLength: 6 }),
  fc.constantFrom(
    'powershell',
    '\\cmd.exe',
    'sekurlsa::',
    'İstanbul',
    'ΑΣ',
    'ΑΣΒ',
    'ſtraße',
    '\u212aelvin',
    '日本語',
    '😀x',
    'cmd',
    '10.0.0.7',
  ),
);
const field = fc.constantFrom('f', 'g', 'h', 'n.x', 'constructor');
const modifiers = fc.constantFrom(
  ...['', '', '', '|contains', '|contains', '|startswith', '|endswith', '|cased', '|contains|cased', '|endswith|cased'],
  ...['|startswith|cased', '|contains|all', '|windash', '|base64offset|contains', '|neq', '|contains|windash'],
);
const pattern = fc
  .array(fc.oneof(word, fc.constantFrom('*', '?', '\\*')), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join(''));
const plainItem = fc
  .tuple(field, modifiers, fc.array(fc.oneof(pattern, fc.integer({ min: 0, max: 12 })), { minLength: 1, maxLength: 3 }))
  .map(([name, modifier, values]) => {
    const literal = modifier.includes('base64')
      ? values.map((value) => `x${String(value).replace(/[*?\\]/g, '')}`)
      : values;
    return [`${name}${modifier}`, literal] as const;
  });
const item = fc.oneof(
  { weight: 6, arbitrary: plainItem },
  {
    weight: 1,
    arbitrary: fc.tuple(field, fc.constantFrom(null, '', [null, 'a'])).map(([name, value]) => [name, value] as const),
  },
  { weight: 1, arbitrary: fc.tuple(field, fc.boolean()).map(([name, value]) => [`${name}|exists`, value] as const) },
  {
    weight: 1,
    arbitrary: fc.tuple(field, fc.constantFrom('f', 'g')).map(([name, other]) => [`${name}|fieldref`, other] as const),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(field, fc.constantFrom('|gte', '|lt'), fc.integer({ min: 0, max: 12 }))
      .map(([name, op, value]) => [`${name}${op}`, value] as const),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        field,
        fc.constantFrom('a+b', 'ab|ba', '^a.*b$', 'cmd', 'power(shell)?', '[aA]b', 'x?', '\\\\cmd\\.exe$', 'k|s'),
        fc.constantFrom('|re', '|re|i'),
      )
      .map(([name, source, op]) => [`${name}${op}`, source] as const),
  },
  { weight: 1, arbitrary: field.map((name) => [`${name}|cidr`, '10.0.0.0/8'] as const) },
);
const map = fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => Object.fromEntries(items));
const selection = fc.oneof(
  { weight: 5, arbitrary: map as fc.Arbitrary<unknown> },
  { weight: 1, arbitrary: fc.array(map, { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.array(pattern, { minLength: 1, maxLength: 3 }) },
);
const condition = fc.constantFrom(
  ...[
    'a',
    'a',
    'a and b',
    'a or b',
    'a and not b',
    'not a',
    'not a and not b',
    '1 of them',
    'all of them',
    'not (a and b)',
  ],
);
const rule = fc.tuple(selection, selection, condition).map(([a, b, text]) => ({
  title: 'r',
  logsource: { product: 'test' },
  detection: { a, b, condition: text },
}));
const text = fc.oneof(
  word,
  fc.array(word, { maxLength: 4 }).map((words) => words.join('')),
  fc.constant('x'.repeat(1100) + 'cmd'),
);
const value = fc.oneof(
  { weight: 8, arbitrary: text as fc.Arbitrary<unknown> },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 12 }) },
  { weight: 1, arbitrary: fc.constantFrom(null, true, '', [], undefined) },
  {
    weight: 1,
    arbitrary: fc.array(fc.oneof(text, fc.constant(null), fc.integer({ min: 0, max: 12 })), { maxLength: 3 }),
  },
  { weight: 1, arbitrary: fc.record({ x: text, y: text }, { requiredKeys: [] }) },
);
const view = fc.record(
  { f: value, g: value, h: value, n: value, 'n.x': value, other: value, constructor: text, 'event.type': text },
  { requiredKeys: [] },
);

function compile(rules: readonly object[]): Ruleset {
  const documents = rules.flatMap((document, index) => {
    const parsed = parseSigma(JSON.stringify({ ...document, id: `r${index}` }));
    expect(parsed.errors).toEqual([]);
    return parsed.documents;
  });
  const { ruleset, errors } = compileRules(documents);
  // Of the generated rules only keyword lists cannot fail; a rule that cannot be compiled is left out of both twins.
  for (const { code } of errors) expect(['modifier_value']).toContain(code);
  return ruleset;
}

describe('the indexed engine', () => {
  it('gives the matches of the full scan', () => {
    fc.assert(
      fc.property(
        fc.array(rule, { minLength: 1, maxLength: 8 }),
        fc.array(view, { minLength: 1, maxLength: 8 }),
        (rules, views) => {
          const engine = compile(rules).route({ product: 'test' });
          if (engine === null) return;
          for (const event of [...views, ...views]) {
            expect(engine.match(event).map(({ index }) => index)).toEqual(
              engine.matchScan(event).map(({ index }) => index),
            );
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
