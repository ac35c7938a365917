/**
 * Reading a view: one flat object of field name → value. Both the index and the full scan read through here, so that
 * they agree on what a value is.
 *
 * - A field is looked up under its exact name; a dotted name that is not there is looked up inside nested objects, and
 *   through arrays of objects.
 * - Text is itself; numbers and booleans are their decimal text; an object is its JSON text.
 * - An array stands for its elements (any of them may match); an empty one counts as null.
 */

export type View = Readonly<Record<string, unknown>>;

/** Which other keys a field is read from where its own is absent, first that is there: `Image` → `NewProcessName`. */
export type FieldFallbacks = ReadonlyMap<string, readonly string[]>;
export const NO_FALLBACKS: FieldFallbacks = new Map();

const MAX_NESTING = 16;
const MAX_ELEMENTS = 1000;

/** The value of a field; undefined when it is missing. */
export function readField(view: View, field: string, fallbacks: FieldFallbacks): unknown {
  const value = readExact(view, field);
  if (value !== undefined) return value;
  const others = fallbacks.get(field);
  if (others === undefined) return undefined;
  for (const other of others) {
    const found = readExact(view, other);
    if (found !== undefined) return found;
  }
  return undefined;
}

function readExact(view: View, field: string): unknown {
  if (Object.hasOwn(view, field)) {
    const value = view[field];
    return typeof value === 'function' ? undefined : value;
  }
  return field.includes('.') ? readNested(view, field, 0) : undefined;
}

/** Tries every split of the dotted name, shortest head first: `{a: {'b.c': 1}}` and `{'a.b': {c: 1}}` both have `a.b.c`. */
function readNested(node: unknown, field: string, depth: number): unknown {
  if (node === null || typeof node !== 'object' || depth > MAX_NESTING) return undefined;
  if (Array.isArray(node)) {
    const found = node
      .slice(0, MAX_ELEMENTS)
      .map((element) => readNested(element, field, depth + 1))
      .filter((value) => value !== undefined);
    return found.length === 0 ? undefined : found;
  }
  if (depth > 0 && Object.hasOwn(node, field)) return (node as View)[field];
  for (const { head, rest } of splitsOf(field)) {
    if (!Object.hasOwn(node, head)) continue;
    const value = readNested((node as View)[head], rest, depth + 1);
    if (value !== undefined) return value;
  }
  return undefined;
}

interface Split {
  readonly head: string;
  readonly rest: string;
}

/** Field names come from rules, so there are few; the bound is for rules that are loaded again and again. */
const splits = new Map<string, readonly Split[]>();
const MAX_SPLIT_NAMES = 20_000;

function splitsOf(field: string): readonly Split[] {
  let known = splits.get(field);
  if (known !== undefined) return known;
  const made: Split[] = [];
  for (let dot = field.indexOf('.'); dot > 0; dot = field.indexOf('.', dot + 1)) {
    made.push({ head: field.slice(0, dot), rest: field.slice(dot + 1) });
  }
  known = made;
  if (splits.size >= MAX_SPLIT_NAMES) splits.clear();
  splits.set(field, known);
  return known;
}

/** Texts of a value: undefined when missing, null when null or an empty array. */
export function textsOf(value: unknown): string[] | null | undefined {
  if (typeof value === 'string') return [value];
  if (value === undefined || typeof value === 'function') return undefined;
  if (value === null) return null;
  if (!Array.isArray(value)) return [textOf(value)];
  const texts: string[] = [];
  collect(value, texts, 0);
  return texts.length === 0 ? null : texts;
}

function collect(values: readonly unknown[], texts: string[], depth: number): void {
  for (const value of values) {
    if (texts.length >= MAX_ELEMENTS) return;
    if (Array.isArray(value)) {
      if (depth < MAX_NESTING) collect(value, texts, depth + 1);
    } else if (value !== null && value !== undefined && typeof value !== 'function') texts.push(textOf(value));
  }
}

/** Text of one value that is neither null nor missing nor an array. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object') return String(value);
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    // Deeper than the stack, or circular: matches nothing but presence.
    return '';
  }
}

/** Names of our own derived fields that keywords do not search: they would match what we wrote, not what was logged. */
const DERIVED = new Set([
  ...['@timestamp', 'event.category', 'event.type', 'event.dataset', 'event.kind', 'event.severity', 'event.ingested'],
  ...['event.module', 'ecs.version'],
]);

export function isSearched(field: string): boolean {
  return !DERIVED.has(field) && !field.startsWith('vedette.');
}

/** Visits every text that keywords search: all values, those inside objects and arrays one by one. */
export function eachKeywordText(view: View, visit: (text: string) => void): void {
  for (const field in view) if (isSearched(field)) visitLeaves(field, view[field], visit, 0);
}

/** The texts inside one value, for keywords. */
export function visitLeaves(field: string, value: unknown, visit: (text: string) => void, depth: number): void {
  if (typeof value === 'string') visit(value);
  else if (value === null || value === undefined || typeof value === 'function') return;
  else if (typeof value !== 'object') visit(String(value));
  else if (depth >= MAX_NESTING) return;
  else if (Array.isArray(value)) for (const element of value) visitLeaves(field, element, visit, depth + 1);
  else {
    for (const name in value) {
      const path = `${field}.${name}`;
      if (isSearched(path)) visitLeaves(path, (value as View)[name], visit, depth + 1);
    }
  }
}
