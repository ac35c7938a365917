/**
 * Parameters → literals, for the embedded engine: its own way of binding runs one query at a time for the whole process,
 * so that reads would not run beside each other. This is the only place where text from outside enters SQL; it is held
 * to real round trips by `literals.test.ts`. A server gets the parameters themselves.
 */
import type { Sql } from './sql.ts';

/** `sql` with its `{p0:Type}` placeholders replaced. The text itself holds nothing from outside. */
export function inlineParameters({ text, params }: Sql): string {
  return text.replace(/\{(p\d+):(\w+(?:\(\w+\))?)\}/g, (_, name: string, type: string) =>
    literalOf(params[name], type),
  );
}

/** A literal of ClickHouse type `type`. Throws for a value that is not of it: that is a bug of ours. */
function literalOf(value: unknown, type: string): string {
  const element = /^Array\((\w+)\)$/.exec(type)?.[1];
  if (element !== undefined && Array.isArray(value))
    return `[${value.map((item) => literalOf(item, element)).join(', ')}]`;
  if (type === 'String' && typeof value === 'string') return textLiteral(value);
  if (type === 'IPv6' && typeof value === 'string') return `toIPv6(${textLiteral(value)})`;
  if (/^U?Int(32|64)$/.test(type) && Number.isSafeInteger(value)) return `to${type}(${String(value)})`;
  if (type === 'Float64' && typeof value === 'number' && Number.isFinite(value)) return `toFloat64(${String(value)})`;
  throw new TypeError(`no literal of type ${type}`);
}

/** A quoted text. Quotes, backslashes and control characters are escaped; nothing else has a meaning inside. */
export function textLiteral(text: string): string {
  return `'${text.replace(/['\\\u0000-\u001f\u007f]/g, escaped)}'`;
}

function escaped(character: string): string {
  if (character === "'" || character === '\\') return `\\${character}`;
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
