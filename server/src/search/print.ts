/** Tree → query text that parses to the same tree. */
import { ANY, ONE, type Bound, type Query, type Test, type Value } from './query.ts';

export function printQuery(query: Query): string {
  switch (query.kind) {
    case 'all':
      return '*';
    case 'and':
    case 'or':
      return query.items.map(printOperand).join(query.kind === 'and' ? ' AND ' : ' OR ');
    case 'not':
      return `NOT ${printOperand(query.item)}`;
    case 'text':
      return printValue(query.value);
    case 'field':
      return query.test.kind === 'exists'
        ? `_exists_:${quote(query.field)}`
        : `${printField(query.field)}:${printTest(query.test)}`;
  }
}

function printOperand(query: Query): string {
  return query.kind === 'and' || query.kind === 'or' ? `(${printQuery(query)})` : printQuery(query);
}

function printField(field: string): string {
  return field.replace(/^[^A-Za-z_@]|(?<!^)[^A-Za-z0-9_.@/-]/g, '\\$&');
}

function printTest(test: Exclude<Test, { kind: 'exists' }>): string {
  if (test.kind === 'is') return printValue(test.value);
  const open = test.from && !test.from.inclusive ? '{' : '[';
  const close = test.to && !test.to.inclusive ? '}' : ']';
  const side = (bound: Bound | null) => (bound ? quote(bound.text) : '*');
  return `${open}${side(test.from)} TO ${side(test.to)}${close}`;
}

function printValue(value: Value): string {
  const [only] = value;
  if (value.length === 1 && typeof only === 'string') return quote(only);
  return value.map((part) => (part === ANY ? '*' : part === ONE ? '?' : escapeWord(part))).join('');
}

const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;
const escapeWord = (text: string) => text.replace(/[\s"\\*?:()[\]{}+\-!&|<>=~^/]/g, '\\$&');
