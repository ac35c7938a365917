/**
 * What a query means: field names resolved against the table of promoted fields, values read by the field's kind.
 * The store compiles predicates to SQL and the evaluator runs them on documents; both are held to the same answers.
 *
 * Text compares without regard to the case of A–Z. Promoted text fields, `_id`s and further fields must match as a whole
 * (wildcards are for parts); `message`, `event.original` and free text match anywhere. A number field that is absent
 * counts as 0, a text field as ''. An IP address as free text stands for itself alone: 10.0.0.1 does not find 10.0.0.12.
 */
import { promotedByEcs, SEVERITIES, SEVERITY_FLOOR, type Severity } from '@vedette/contracts';
import { addressRange, isAddress } from './address-range.ts';
import { anywhere, foldValue, literalOf } from './glob.ts';
import { ANY, ONE, QueryError, type Bound, type Query, type Test, type Value } from './query.ts';

export type Predicate =
  | { op: 'all' }
  | { op: 'and' | 'or'; items: Predicate[] }
  | { op: 'not'; item: Predicate }
  /** A folded pattern over all of the line as received. */
  | { op: 'raw'; value: Value }
  /** The address `text` in the line, not as part of a longer one. */
  | { op: 'raw-address'; text: string }
  | { op: 'message'; value: Value }
  /** Text field, promoted or not, as a whole. */
  | { op: 'text'; field: string; value: Value }
  /** Text field whose text is a number within the range. */
  | { op: 'text-number'; field: string; range: NumberRange }
  /** Text field between two folded texts, by their UTF-8 bytes. */
  | { op: 'text-range'; field: string; from: Bound | null; to: Bound | null }
  /** Promoted number or time (ms). */
  | { op: 'number'; field: string; range: NumberRange }
  /** Event id. */
  | { op: 'id'; range: NumberRange }
  /** Promoted address between two addresses, both inclusive, as 32 hexadecimal digits. */
  | { op: 'address'; field: string; from: string; to: string }
  | { op: 'exists'; field: string };

/** Infinite where open; `exclusive…` leaves the end itself out. */
export interface NumberRange {
  min: number;
  max: number;
  exclusiveMin: boolean;
  exclusiveMax: boolean;
}

/** Throws `QueryError` for a value that the field cannot have. */
export function resolveQuery(query: Query): Predicate {
  switch (query.kind) {
    case 'all':
      return { op: 'all' };
    case 'and':
    case 'or':
      return { op: query.kind, items: query.items.map(resolveQuery) };
    case 'not':
      return { op: 'not', item: resolveQuery(query.item) };
    case 'text': {
      const text = literalOf(query.value);
      if (text === '') return { op: 'all' };
      if (text !== null && isAddress(text)) return { op: 'raw-address', text: text.toLowerCase() };
      return { op: 'raw', value: anywhere(foldValue(query.value)) };
    }
    case 'field': {
      const items = namesOf(query.field).map((field) => resolveField(field, query.test, query.at));
      return items.length === 1 ? items[0]! : { op: 'or', items };
    }
  }
}

/** Below which a source's own fields are kept when they have no ECS name. */
const OWN_FIELDS = ['json.', 'kv.', 'winlog.event_data.'];

/** A name that is not ECS is looked for as the source spelled it, too: `TargetUserName`, `order_id`. */
function namesOf(field: string): string[] {
  const isKnown = promotedByEcs.has(field) || ['_id', 'message', 'event.original'].includes(field);
  if (isKnown || OWN_FIELDS.some((prefix) => field.startsWith(prefix))) return [field];
  return [field, ...OWN_FIELDS.map((prefix) => prefix + field)];
}

function resolveField(field: string, test: Test, at: number): Predicate {
  const kind = field === '_id' ? '_id' : promotedByEcs.get(field)?.kind;
  if (test.kind === 'exists')
    return field === '_id' || field === 'event.original' ? { op: 'all' } : { op: 'exists', field };
  if (field === 'message' || field === 'event.original') {
    if (test.kind === 'range') throw new QueryError(`${field} cannot be compared; search for words in it.`, at);
    return { op: field === 'message' ? 'message' : 'raw', value: anywhere(foldValue(test.value)) };
  }
  if (kind === '_id') return { op: 'id', range: rangeOf(test, (bound) => integer(field, bound, at)) };
  if (kind === 'ip') return addressTest(field, test, at);
  if (kind === 'time') return { op: 'number', field, range: rangeOf(test, (text, end) => time(text, end, at)) };
  if (kind === undefined || kind === 'tag' || kind === 'text') return textTest(field, test);
  return { op: 'number', field, range: numberRange(field, test, at) };
}

function textTest(field: string, test: Exclude<Test, { kind: 'exists' }>): Predicate {
  if (test.kind === 'is') return { op: 'text', field, value: foldValue(test.value) };
  const { from, to } = test;
  const numeric = (bound: Bound | null) => bound === null || isNumeric(bound.text);
  if (numeric(from) && numeric(to)) return { op: 'text-number', field, range: rangeOf(test, Number) };
  const folded = (bound: Bound | null) => bound && { ...bound, text: literalOf(foldValue([bound.text]))! };
  return { op: 'text-range', field, from: folded(from), to: folded(to) };
}

/** Plain decimal numbers: what both engines read alike. */
export const NUMERIC_TEXT = '^-?[0-9]{1,15}(\\.[0-9]{1,15})?$';
const numericText = new RegExp(NUMERIC_TEXT);
export const isNumeric = (text: string): boolean => numericText.test(text);

function numberRange(field: string, test: Exclude<Test, { kind: 'exists' }>, at: number): NumberRange {
  if (field !== 'event.severity') return rangeOf(test, (text) => integer(field, text, at));
  return rangeOf(test, (text, end) => {
    const index = SEVERITIES.indexOf(text.toLowerCase() as Severity);
    if (index < 0) return integer(field, text, at);
    if (end === 'first') return SEVERITY_FLOOR[SEVERITIES[index]!];
    const above = SEVERITIES[index + 1];
    return above === undefined ? 15 : SEVERITY_FLOOR[above] - 1;
  });
}

/**
 * A value or range as numbers. One value may cover several numbers (a severity word, a day): `read` is asked for its
 * first and its last.
 */
function rangeOf(
  test: Exclude<Test, { kind: 'exists' }>,
  read: (text: string, end: 'first' | 'last') => number,
): NumberRange {
  if (test.kind === 'is') {
    const text = test.value.map((part) => (part === ANY ? '*' : part === ONE ? '?' : part)).join('');
    return { min: read(text, 'first'), max: read(text, 'last'), exclusiveMin: false, exclusiveMax: false };
  }
  const { from, to } = test;
  return {
    min: from === null ? -Infinity : read(from.text, from.inclusive ? 'first' : 'last'),
    max: to === null ? Infinity : read(to.text, to.inclusive ? 'last' : 'first'),
    exclusiveMin: from !== null && !from.inclusive,
    exclusiveMax: to !== null && !to.inclusive,
  };
}

export function within(value: number, range: NumberRange): boolean {
  const { min, max, exclusiveMin, exclusiveMax } = range;
  return (exclusiveMin ? value > min : value >= min) && (exclusiveMax ? value < max : value <= max);
}

function integer(field: string, text: string, at: number): number {
  const value = /^-?\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(value)) return value;
  const hint = field === 'event.severity' ? ' or one of info, low, medium, high, critical' : '';
  throw new QueryError(`${field} is a number${hint}; ${JSON.stringify(text)} is none.`, at);
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const INSTANT = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?$/i;
const DAY_MS = 86_400_000;

/** ISO date or date-time, UTC unless it says otherwise. */
function time(text: string, end: 'first' | 'last', at: number): number {
  if (DAY.test(text)) {
    const start = Date.parse(`${text}T00:00:00Z`);
    if (!Number.isNaN(start)) return end === 'first' ? start : start + DAY_MS - 1;
  }
  const parts = INSTANT.exec(text);
  const value = parts ? Date.parse(`${parts[1]}T${parts[2]}${(parts[3] ?? 'Z').toUpperCase()}`) : NaN;
  if (!Number.isNaN(value)) return value;
  throw new QueryError(`${JSON.stringify(text)} is no time; write 2026-02-06 or 2026-02-06T12:00:00Z.`, at);
}

function addressTest(field: string, test: Exclude<Test, { kind: 'exists' }>, at: number): Predicate {
  const read = (text: string) => {
    const range = addressRange(text);
    if (range) return range;
    throw new QueryError(
      `${field} is an IP address; ${JSON.stringify(text)} is none. Write 10.0.0.1, 10.0.0.0/8 or 10.0.*.`,
      at,
    );
  };
  if (test.kind === 'is') {
    const text = test.value.map((part) => (part === ANY ? '*' : part === ONE ? '?' : part)).join('');
    return { op: 'address', field, ...read(text) };
  }
  const items: Predicate[] = [{ op: 'exists', field }];
  const { from, to } = test;
  const last = 'f'.repeat(32);
  if (from !== null) {
    if (from.inclusive) items.push({ op: 'address', field, from: read(from.text).from, to: last });
    else items.push({ op: 'not', item: { op: 'address', field, from: '0'.repeat(32), to: read(from.text).to } });
  }
  if (to !== null) {
    if (to.inclusive) items.push({ op: 'address', field, from: '0'.repeat(32), to: read(to.text).to });
    else items.push({ op: 'not', item: { op: 'address', field, from: read(to.text).from, to: last } });
  }
  return { op: 'and', items };
}
