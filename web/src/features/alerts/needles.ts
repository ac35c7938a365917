/** What to mark in an event, from the fields that matched a rule. Pure. */
import type { MatchedField } from '@vedette/contracts';

/** Literal parts of a wildcard pattern that are long enough to mean something. */
const LEAST_LITERAL = 3;

/**
 * `*\/dev/tcp/*` on a long command line marks `/dev/tcp/`; a plain value, a regular expression or a comparison marks
 * the whole value.
 */
export function needlesOf({ value, pattern }: Pick<MatchedField, 'value' | 'pattern'>): string[] {
  if (/^\/.*\/$/s.test(pattern)) return [value];
  const parts = pattern.split(/(?<!\\)[*?]/).map((part) => part.replace(/\\([*?\\])/g, '$1'));
  if (parts.length === 1) return [value];
  const found = parts.filter(
    (part) => part.length >= LEAST_LITERAL && value.toLowerCase().includes(part.toLowerCase()),
  );
  return found.length > 0 ? found : [value];
}

/** Field → what to mark in it. */
export function marksByField(matched: readonly MatchedField[]): Map<string, string[]> {
  const marks = new Map<string, string[]>();
  for (const match of matched) marks.set(match.field, [...(marks.get(match.field) ?? []), ...needlesOf(match)]);
  return marks;
}
