import { describe, expect, it } from 'vitest';
import { formatCondition, selectNames } from '../ast/condition.ts';
import { parseCondition } from './condition.ts';

const shape = (text: string): string => formatCondition(parseCondition(text, ['detection', 'condition']));
const codeOf = (text: string): string => {
  try {
    parseCondition(text, []);
    return 'read';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('precedence', () => {
  it('not binds tighter than and, and tighter than or', () => {
    expect(shape('a or b and not c')).toBe('a or (b and not c)');
    expect(shape('not a and b')).toBe('not a and b');
    expect(shape('not (a and b) or c')).toBe('not (a and b) or c');
  });
  it('takes keywords in any case', () => {
    expect(shape('A AND NOT 1 OF b_* OR ALL OF THEM')).toBe('(A and not 1 of b_*) or all of them');
  });
});

describe('what cannot be read', () => {
  it.each([
    ['', 'condition_syntax'],
    ['a and', 'condition_syntax'],
    ['(a', 'condition_syntax'],
    ['a)', 'condition_syntax'],
    ['a b', 'condition_syntax'],
    ['and a', 'condition_syntax'],
    ['1 of', 'condition_syntax'],
    ['3 of sel*', 'condition_syntax'],
    ['a | count() > 5', 'legacy_aggregation'],
    ['('.repeat(100) + 'a' + ')'.repeat(100), 'condition_too_large'],
    ['not '.repeat(100) + 'a', 'condition_too_large'],
    ['a or '.repeat(5000) + 'a', 'condition_too_large'],
  ])('%.20s faults with %s', (text, code) => {
    expect(codeOf(text)).toBe(code);
  });
});

describe('selection patterns', () => {
  const names = ['sel', 'sel_a', 'sel_b', 'filter', '_base'];
  it('leaves out names that begin with an underscore, unless asked for', () => {
    expect(selectNames('them', names)).toEqual(['sel', 'sel_a', 'sel_b', 'filter']);
    expect(selectNames('*', names)).toEqual(['sel', 'sel_a', 'sel_b', 'filter']);
    expect(selectNames('_*', names)).toEqual(['_base']);
  });
  it('matches from beginning to end', () => {
    expect(selectNames('sel_*', names)).toEqual(['sel_a', 'sel_b']);
    expect(selectNames('sel*', names)).toEqual(['sel', 'sel_a', 'sel_b']);
    expect(selectNames('*_a', names)).toEqual(['sel_a']);
    expect(selectNames('sel', names)).toEqual(['sel']);
  });
});
