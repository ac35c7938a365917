/**
 * The condition language: `not` binds tightest, then `and`, then `or`; parentheses group; `1 of`, `any of` and `all of`
 * take `them`, a pattern with `*`, or one name. Length and depth are bounded because rules may come from anywhere.
 */
import { selectNames, type Condition } from '../ast/condition.ts';
import { SigmaFault, type YamlPath } from '../ast/error.ts';

const MAX_LENGTH = 16_384;
const MAX_DEPTH = 64;
const WORD = /[^\s()|]/;

/** Reads one condition. Throws a `SigmaFault` at `path`. */
export function parseCondition(text: string, path: YamlPath): Condition {
  if (text.length > MAX_LENGTH) throw new SigmaFault('condition_too_large', path);
  const tokens = tokenize(text, path);
  let at = 0;

  const peek = (): string => (tokens[at] ?? '').toLowerCase();

  function chain(op: 'and' | 'or', operand: (depth: number) => Condition, depth: number): Condition {
    const children = [operand(depth)];
    while (peek() === op) {
      at++;
      children.push(operand(depth));
    }
    return children.length === 1 ? children[0]! : { op, children };
  }
  const or = (depth: number): Condition => chain('or', and, depth);
  const and = (depth: number): Condition => chain('and', not, depth);

  function not(depth: number): Condition {
    if (depth > MAX_DEPTH) throw new SigmaFault('condition_too_large', path);
    if (peek() !== 'not') return primary(depth);
    at++;
    return { op: 'not', child: not(depth + 1) };
  }

  function primary(depth: number): Condition {
    const token = tokens[at++];
    if (token === undefined) throw new SigmaFault('condition_syntax', path, 'It ends where a selection is expected.');
    if (token === '(') {
      const inner = or(depth + 1);
      if (tokens[at++] !== ')') throw new SigmaFault('condition_syntax', path, 'A parenthesis is not closed.');
      return inner;
    }
    if (token === ')') throw new SigmaFault('condition_syntax', path, 'There is a parenthesis too many.');
    if (peek() === 'of') return quantified(token);
    if (['and', 'or', 'not', 'of'].includes(token.toLowerCase())) {
      throw new SigmaFault('condition_syntax', path, `\`${token}\` stands where a selection is expected.`);
    }
    return { op: 'selection', name: token };
  }

  function quantified(word: string): Condition {
    at++;
    const pattern = tokens[at++];
    if (pattern === undefined || pattern === '(' || pattern === ')') {
      throw new SigmaFault('condition_syntax', path, `\`${word} of\` needs \`them\` or a pattern.`);
    }
    const lower = word.toLowerCase();
    if (lower !== 'all' && lower !== '1' && lower !== 'any') {
      throw new SigmaFault('condition_syntax', path, `Use \`1 of\` or \`all of\`, not \`${word} of\`.`);
    }
    const quantifier = lower === 'all' ? 'all' : 'any';
    return { op: 'of', quantifier, pattern: pattern.toLowerCase() === 'them' ? 'them' : pattern };
  }

  const condition = or(0);
  if (at < tokens.length) throw new SigmaFault('condition_syntax', path, `Nothing is expected at \`${tokens[at]}\`.`);
  return condition;
}

function tokenize(text: string, path: YamlPath): string[] {
  const tokens: string[] = [];
  for (let at = 0; at < text.length;) {
    const char = text[at]!;
    if (char === '|') throw new SigmaFault('legacy_aggregation', path);
    if (char === '(' || char === ')') {
      tokens.push(char);
      at++;
    } else if (WORD.test(char)) {
      const start = at;
      while (at < text.length && WORD.test(text[at]!)) at++;
      tokens.push(text.slice(start, at));
    } else at++;
  }
  return tokens;
}

/** Checks that every name and pattern of a condition means some selection. */
export function checkCondition(condition: Condition, names: readonly string[], path: YamlPath): void {
  if (condition.op === 'selection') {
    if (!names.includes(condition.name))
      throw new SigmaFault('condition_unknown', path, `It is \`${condition.name}\`.`);
  } else if (condition.op === 'of') {
    if (selectNames(condition.pattern, names).length === 0) {
      throw new SigmaFault('condition_no_match', path, `It is \`${condition.pattern}\`.`);
    }
  } else if (condition.op === 'not') checkCondition(condition.child, names, path);
  else for (const child of condition.children) checkCondition(child, names, path);
}
