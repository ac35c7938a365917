/** Sigma strings: `*` is any run of characters, `?` any one; `\*`, `\?` and `\\` are literal, any other `\` stands for itself. */

export const ANY_RUN = 0;
export const ANY_ONE = 1;
/** Literal text, or a wildcard. Neighbouring literals are joined, neighbouring runs are one. */
export type PatternToken = string | typeof ANY_RUN | typeof ANY_ONE;
export type Pattern = readonly PatternToken[];

export function parsePattern(text: string): Pattern {
  const tokens: PatternToken[] = [];
  let literal = '';
  const flush = (): void => {
    if (literal !== '') tokens.push(literal);
    literal = '';
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    const next = text[at + 1];
    if (char === '\\' && (next === '*' || next === '?' || next === '\\')) {
      literal += next;
      at++;
    } else if (char === '*') {
      flush();
      if (tokens.at(-1) !== ANY_RUN) tokens.push(ANY_RUN);
    } else if (char === '?') {
      flush();
      tokens.push(ANY_ONE);
    } else literal += char;
  }
  flush();
  return tokens;
}

/** The pattern as Sigma text that parses to it again. */
export function formatPattern(pattern: Pattern): string {
  return pattern
    .map((token) => (token === ANY_RUN ? '*' : token === ANY_ONE ? '?' : token.replace(/[\\*?]/g, '\\$&')))
    .join('');
}

/** The text of a pattern without wildcards; null when it has some. */
export function literalOf(pattern: Pattern): string | null {
  if (pattern.length === 0) return '';
  return pattern.length === 1 && typeof pattern[0] === 'string' ? pattern[0] : null;
}

/** Adds runs at the ends as `contains`, `startswith` and `endswith` ask. */
export function place(pattern: Pattern, modifier: 'contains' | 'startswith' | 'endswith' | undefined): Pattern {
  const before = modifier === 'contains' || modifier === 'endswith';
  const after = modifier === 'contains' || modifier === 'startswith';
  const placed = [...(before ? [ANY_RUN] : []), ...pattern, ...(after ? [ANY_RUN] : [])] as PatternToken[];
  return placed.filter((token, index) => token !== ANY_RUN || placed[index - 1] !== ANY_RUN);
}
