/** `|expand`: `%name%` stands for configured values. */
import type { SigmaScalar } from '../ast/document.ts';
import { SigmaFault, type YamlPath } from '../ast/error.ts';

/** Name (without the percent signs) → its values, which are Sigma strings. */
export type Placeholders = Readonly<Record<string, readonly (string | number)[]>>;

const PLACEHOLDER = /%([A-Za-z_][\w.-]{0,127})%/g;
const MAX_VALUES = 50_000;

/** Every combination of the placeholders' values; none when one is not configured. */
export function expandPlaceholders(
  text: string,
  placeholders: Placeholders,
  path: YamlPath,
  unknown: (name: string) => void,
): SigmaScalar[] {
  let texts = [''];
  let end = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    const name = match[1]!;
    const values = Object.hasOwn(placeholders, name) ? placeholders[name]! : [];
    if (values.length === 0) unknown(name);
    if (texts.length * values.length > MAX_VALUES) throw new SigmaFault('too_many_values', path);
    const before = text.slice(end, match.index);
    texts = texts.flatMap((start) => values.map((value) => start + before + String(value)));
    end = match.index + match[0].length;
  }
  const rest = text.slice(end);
  return texts.map((start) => start + rest);
}
