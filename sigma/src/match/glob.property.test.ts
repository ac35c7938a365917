import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPattern, parsePattern } from '../modifiers/pattern.ts';
import { compileGlob } from './glob.ts';

const unit = fc.constantFrom('a', 'b', '*', '?', '\\*', '\\?', '\\\\', '.');
const source = fc.array(unit, { maxLength: 8 }).map((units) => units.join(''));
const value = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '\\', '.'), maxLength: 10 });

describe('wildcard patterns', () => {
  it('match what the same regular expression matches', () => {
    fc.assert(
      fc.property(source, fc.array(value, { minLength: 1, maxLength: 10 }), (text, values) => {
        const pattern = parsePattern(text);
        const body = pattern.map((token) =>
          token === 0 ? '[^]*' : token === 1 ? '[^]' : token.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
        );
        const regex = new RegExp(`^${body.join('')}$`);
        const matches = compileGlob(pattern);
        for (const candidate of values)
          expect([text, candidate, matches(candidate)]).toEqual([text, candidate, regex.test(candidate)]);
      }),
      { numRuns: 2000 },
    );
  });

  it('read back what they write', () => {
    fc.assert(
      fc.property(source, (text) => {
        const pattern = parsePattern(text);
        expect(parsePattern(formatPattern(pattern))).toEqual(pattern);
      }),
    );
  });
});
