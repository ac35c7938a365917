import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RE2JS } from 're2js';
import { requiredLiterals } from './regex-literals.ts';

/** Units of an expression, each with texts that it matches. */
const UNITS: Readonly<Record<string, readonly string[]>> = {
  a: ['a'],
  bc: ['bc'],
  sk: ['sk', 'SK', 'ſ\u212a'],
  K: ['K', 'k', '\u212a'],
  '.': ['x', 'é'],
  '\\d': ['1'],
  '\\.': ['.'],
  '\\\\': ['\\'],
  '[ab]': ['a', 'b'],
  '[xX]': ['x', 'X'],
  '[^c]': ['d'],
  '(?:ab|cd)': ['ab', 'cd', 'CD'],
  '(a|bc)': ['a', 'bc'],
  '\\s': [' '],
  '(?i:ef)': ['ef', 'EF'],
  é: ['é', 'É'],
};
const unit = fc.tuple(
  fc
    .constantFrom(...Object.keys(UNITS))
    .chain((source) => fc.tuple(fc.constant(source), fc.constantFrom(...UNITS[source]!))),
  fc.constantFrom('', '', '', '?', '*', '+', '{2}', '{0,2}', '{1,}', '+?', '*?'),
  fc.nat(2),
);
const branch = fc.array(unit, { minLength: 1, maxLength: 6 }).map((units) => ({
  source: units
    .map(
      ([[source], quantifier]) => (source.length === 2 && /\w\w/.test(source) ? `(?:${source})` : source) + quantifier,
    )
    .join(''),
  value: units.map(([[, sample], , times]) => sample.repeat(times)).join(''),
}));
const regex = fc.array(branch, { minLength: 1, maxLength: 3 }).map((branches) => ({
  source: branches.map(({ source }) => source).join('|'),
  values: branches.map(({ value }) => value),
}));

describe('required literals', () => {
  it('are in every value that matches', () => {
    let matched = 0;
    fc.assert(
      fc.property(regex, fc.boolean(), ({ source, values }, ignoreCase) => {
        const literals = requiredLiterals(source, ignoreCase);
        if (literals === null) return;
        const compiled = RE2JS.compile(source, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
        for (const text of values) {
          if (!compiled.test(text)) continue;
          matched++;
          expect(literals.some((literal) => text.toLowerCase().includes(literal))).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
    expect(matched).toBeGreaterThan(100);
  });

  it.each([
    ['\\s-enc\\s+[a-z]', ['-enc']],
    ['cmd.{0,5}(?:/c|/r)', ['cmd']],
    ['(?:foo|barx)\\d', ['foo', 'barx']],
    ['(?:foo|.)\\d', null],
    ['a*b*', null],
    ['net\\s+user', ['user']],
    ['ab{0}cde', ['cde']],
    ['x|yy', null],
    ['\\x41bc', null],
  ])('of %s', (source, literals) => {
    expect(requiredLiterals(source, false)).toEqual(literals);
  });
  it('are cut where other letters fold', () => {
    expect(requiredLiterals('powershell', true)).toEqual(['power']);
    expect(requiredLiterals('(?i)powershell', false)).toEqual(['power']);
  });
});
