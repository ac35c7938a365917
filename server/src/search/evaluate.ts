/** Queries over documents in memory, for the live feed: the same answers as the store's SQL. */
import { promotedByEcs, type ExtraValue } from '@vedette/contracts';
import { addressRange } from './address-range.ts';
import { fold, matchGlob } from './glob.ts';
import { isNumeric, resolveQuery, within, type Predicate } from './predicate.ts';
import type { Query } from './query.ts';

/** Dotted ECS names → values (`flattenEvent`), with `event.original` for the line and `_id` where the event has them. */
export type FlatDocument = Readonly<Record<string, ExtraValue>>;

const INTEGER_MAX = { u8: 0xff, u16: 0xffff, u32: 0xffff_ffff, u64: Number.MAX_SAFE_INTEGER };

/** Resolves once; the returned function matches documents. Throws `QueryError` like `resolveQuery`. */
export function compileQuery(query: Query): (document: FlatDocument) => boolean {
  const predicate = resolveQuery(query);
  return (document) => holds(predicate, document);
}

export function matchesQuery(query: Query, document: FlatDocument): boolean {
  return compileQuery(query)(document);
}

function holds(predicate: Predicate, document: FlatDocument): boolean {
  switch (predicate.op) {
    case 'all':
      return true;
    case 'and':
      return predicate.items.every((item) => holds(item, document));
    case 'or':
      return predicate.items.some((item) => holds(item, document));
    case 'not':
      return !holds(predicate.item, document);
    case 'raw':
      return matchGlob(predicate.value, fold(rawOf(document)));
    case 'raw-address':
      return containsAddress(fold(rawOf(document)), predicate.text);
    case 'message':
      return matchGlob(predicate.value, fold(textOf(document, 'message')));
    case 'text':
      return textsOf(document, predicate.field).some((text) => matchGlob(predicate.value, fold(text)));
    case 'text-number':
      return textsOf(document, predicate.field).some(
        (text) => isNumeric(text) && within(Number(text), predicate.range),
      );
    case 'text-range':
      return textsOf(document, predicate.field).some((text) => text !== '' && inTextRange(fold(text), predicate));
    case 'number':
      return within(numberOf(document, predicate.field), predicate.range);
    case 'id':
      return within(Number(document['_id'] ?? 0), predicate.range);
    case 'address': {
      const address = addressOf(document, predicate.field);
      return address !== null && address >= predicate.from && address <= predicate.to;
    }
    case 'exists':
      return exists(document, predicate.field);
  }
}

function rawOf(document: FlatDocument): string {
  return textOf(document, 'event.original');
}

function textOf(document: FlatDocument, field: string): string {
  const value = valueOf(document, field);
  return typeof value === 'string' ? value : '';
}

/** A field's value; looks into objects that stand under a part of its name. */
function valueOf(document: FlatDocument, field: string): ExtraValue | undefined {
  if (Object.hasOwn(document, field)) return document[field];
  for (let dot = field.indexOf('.'); dot > 0; dot = field.indexOf('.', dot + 1)) {
    const parent = field.slice(0, dot);
    const value = Object.hasOwn(document, parent) ? document[parent] : undefined;
    if (value === null || typeof value !== 'object' || Array.isArray(value)) continue;
    const found = valueOf(value, field.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What a text field offers for comparison: its text, or each scalar element of its array; absent is ''. */
function textsOf(document: FlatDocument, field: string): string[] {
  const value = valueOf(document, field);
  if (Array.isArray(value)) return value.filter(isScalar).map(String);
  if (value === undefined) return [''];
  return isScalar(value) ? [String(value)] : [];
}

const isScalar = (value: ExtraValue): value is string | number | boolean => value !== null && typeof value !== 'object';

function numberOf(document: FlatDocument, field: string): number {
  const value = document[field];
  const kind = promotedByEcs.get(field)!.kind;
  if (kind === 'time') return typeof value === 'string' ? Date.parse(value) : Number(value ?? 0);
  const fits = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= INTEGER_MAX[kind as 'u8'];
  return fits ? value : 0;
}

const ABSENT = '0'.repeat(32);

function addressOf(document: FlatDocument, field: string): string | null {
  const value = document[field];
  if (typeof value !== 'string' || /[/*]/.test(value)) return null;
  const address = addressRange(value)?.from;
  return address === undefined || address === ABSENT ? null : address;
}

function exists(document: FlatDocument, field: string): boolean {
  const kind = promotedByEcs.get(field)?.kind;
  if (kind === 'ip') return addressOf(document, field) !== null;
  if (kind === 'time') return true;
  if (kind === 'tag' || kind === 'text' || field === 'message') return textOf(document, field) !== '';
  if (kind !== undefined) return numberOf(document, field) !== 0;
  const value = valueOf(document, field);
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && !isBranch(value);
}

function isBranch(value: ExtraValue): boolean {
  return value !== null && typeof value === 'object' && Object.keys(value).length > 0;
}

function inTextRange(text: string, { from, to }: Extract<Predicate, { op: 'text-range' }>): boolean {
  const order = (bound: string) => Buffer.compare(Buffer.from(text), Buffer.from(bound));
  if (from && (from.inclusive ? order(from.text) < 0 : order(from.text) <= 0)) return false;
  return !to || (to.inclusive ? order(to.text) <= 0 : order(to.text) < 0);
}

/** `address` in `text`, neither preceded by a letter, digit, dot or colon nor followed by more of an address. */
function containsAddress(text: string, address: string): boolean {
  for (let at = text.indexOf(address); at >= 0; at = text.indexOf(address, at + 1)) {
    const before = text.slice(Math.max(0, at - 1), at);
    const after = text.slice(at + address.length, at + address.length + 2);
    if (!/[0-9a-z.]$/.test(before) && !/^[0-9a-z]|^\.[0-9]/.test(after)) return true;
  }
  return false;
}
