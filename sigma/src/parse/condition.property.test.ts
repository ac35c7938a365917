import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCondition, type Condition } from '../ast/condition.ts';
import { SigmaFault } from '../ast/error.ts';
import { parseCondition } from './condition.ts';

const name = fc
  .stringMatching(/^[a-z_][a-z0-9_.-]{0,8}$/)
  .filter((word) => !['and', 'or', 'not', 'of', 'all', 'any', 'them'].includes(word));
const pattern = fc.oneof(
  fc.constant('them'),
  name,
  name.map((word) => `${word}*`),
);
const condition = fc.letrec<{ tree: Condition }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    name.map((word): Condition => ({ op: 'selection', name: word })),
    fc
      .tuple(fc.constantFrom('all' as const, 'any' as const), pattern)
      .map(([quantifier, glob]): Condition => ({ op: 'of', quantifier, pattern: glob })),
    tie('tree').map((child): Condition => ({ op: 'not', child })),
    fc
      .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('tree'), { minLength: 2, maxLength: 4 }))
      .map(([op, children]): Condition => ({ op, children })),
  ),
})).tree;

describe('the condition language', () => {
  it('reads back what it writes', () => {
    fc.assert(
      fc.property(condition, (tree) => {
        expect(parseCondition(formatCondition(tree), [])).toEqual(tree);
      }),
    );
  });

  it('reads any text or faults', () => {
    const token = fc.constantFrom('and', 'or', 'not', 'of', 'all', '1', '(', ')', 'them', 'a', 'a*', '|', ' ');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(token).map((tokens) => tokens.join(' ')),
        ),
        (text) => {
          try {
            parseCondition(text, []);
          } catch (error) {
            expect(error).toBeInstanceOf(SigmaFault);
          }
        },
      ),
    );
  });
});
