/** The condition language as a tree, and back to text. */

export type Condition =
  | { readonly op: 'selection'; readonly name: string }
  | { readonly op: 'of'; readonly quantifier: 'all' | 'any'; readonly pattern: string }
  | { readonly op: 'not'; readonly child: Condition }
  | { readonly op: 'and' | 'or'; readonly children: readonly Condition[] };

/** Text that parses to the same tree. */
export function formatCondition(condition: Condition): string {
  switch (condition.op) {
    case 'selection':
      return condition.name;
    case 'of':
      return `${condition.quantifier === 'all' ? 'all' : '1'} of ${condition.pattern}`;
    case 'not':
      return `not ${formatOperand(condition.child)}`;
    default:
      return condition.children.map(formatOperand).join(` ${condition.op} `);
  }
}

function formatOperand(condition: Condition): string {
  const text = formatCondition(condition);
  return condition.op === 'and' || condition.op === 'or' ? `(${text})` : text;
}

/** Names of `names` that an `of` pattern means: those beginning with `_` only when the pattern does too. */
export function selectNames(pattern: string, names: readonly string[]): string[] {
  const matches = pattern === 'them' ? () => true : globOf(pattern);
  return names.filter((name) => matches(name) && (!name.startsWith('_') || pattern.startsWith('_')));
}

/** Linear in the name for a given pattern: greedy search of the parts between the stars. */
function globOf(pattern: string): (name: string) => boolean {
  const parts = pattern.split('*');
  if (parts.length === 1) return (name) => name === pattern;
  const first = parts[0]!;
  const last = parts[parts.length - 1]!;
  const middle = parts.slice(1, -1);
  return (name) => {
    if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
    let at = first.length;
    for (const part of middle) {
      const found = name.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= name.length - last.length;
  };
}
