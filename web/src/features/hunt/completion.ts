/** What the query bar may complete at the caret. Pure: text and caret in, a range to replace out. */
import { PROMOTED_FIELDS } from '@vedette/contracts';
import { quoteValue } from '../../lib/query-text.ts';

export interface Completion {
  kind: 'field' | 'value';
  /** The field whose value is typed; '' while a field name is. */
  field: string;
  /** What is typed so far, without an opening quote. */
  prefix: string;
  /** Range of the text that a choice replaces. */
  start: number;
  end: number;
}

export interface Choice {
  label: string;
  /** The query with the choice in place, and the caret in it. */
  text: string;
  caret: number;
}

const MOST_CHOICES = 8;
const FIELD_NAME = /^@?[A-Za-z_][\w.@/-]*$/;

/** Field names every event may have. */
export const KNOWN_FIELDS: readonly string[] = [
  ...PROMOTED_FIELDS.map((field) => field.ecs),
  'message',
  'event.original',
].sort();

/** Undefined where nothing can be completed: in the middle of a word, in a range, after a finished phrase. */
export function completionAt(text: string, caret: number): Completion | undefined {
  if (caret < text.length && !/[\s)]/.test(text[caret]!)) return undefined;
  const { start, quote } = tokenAt(text, caret);
  const token = text.slice(start, caret);
  const colon = quote === -1 ? token.indexOf(':') : text.lastIndexOf(':', quote) - start;
  if (colon <= 0) return quote === -1 ? { kind: 'field', field: '', prefix: token, start, end: caret } : undefined;
  const field = token.slice(0, colon);
  const typed = token.slice(colon + 1);
  if (!FIELD_NAME.test(field) || /^[[{<>(]/.test(typed) || /^".*[^\\]"$/.test(typed)) return undefined;
  return { kind: 'value', field, prefix: typed.replace(/^"/, ''), start: start + colon + 1, end: caret };
}

/** Start of the token that ends at the caret, and where a quote is open in it (-1: none). */
function tokenAt(text: string, caret: number): { start: number; quote: number } {
  let start = 0;
  let quote = -1;
  for (let at = 0; at < caret; at++) {
    const character = text[at]!;
    if (character === '\\') at++;
    else if (character === '"') quote = quote === -1 ? at : -1;
    else if (quote === -1 && /[\s()]/.test(character)) start = at + 1;
  }
  while (start < caret && /[-+!]/.test(text[start]!)) start++;
  return { start, quote };
}

/** Choices for a completion, best first: those that begin with the prefix, then those that hold it. */
export function choicesFor(text: string, completion: Completion, candidates: readonly string[]): Choice[] {
  const prefix = completion.prefix.toLowerCase();
  if (completion.kind === 'field' && prefix === '') return [];
  const starting = candidates.filter((candidate) => candidate.toLowerCase().startsWith(prefix));
  const holding = candidates.filter((candidate) => candidate.toLowerCase().indexOf(prefix) > 0);
  return [...new Set([...starting, ...holding])]
    .filter((candidate) => candidate !== '' && candidate !== completion.prefix)
    .slice(0, MOST_CHOICES)
    .map((label) => {
      const inserted = completion.kind === 'field' ? `${label}:` : `${quoteValue(label)} `;
      const rest = text.slice(completion.end);
      const trimmed = completion.kind === 'value' && rest.startsWith(' ') ? rest.slice(1) : rest;
      const before = text.slice(0, completion.start) + inserted;
      return { label, text: before + trimmed, caret: before.length };
    });
}
