/** One `field|modifiers: values` to an expression over predicates. Modifiers are worked off here, never per event. */
import type { DetectionItem, SigmaScalar } from '../ast/document.ts';
import { SigmaFault, type YamlPath } from '../ast/error.ts';
import { parseCidr } from '../modifiers/cidr.ts';
import { base64, base64Offsets, dashVariants, type TextEncoding } from '../modifiers/encode.ts';
import { literalOf, parsePattern, place, type Pattern } from '../modifiers/pattern.ts';
import { TIME_PARTS } from '../modifiers/time-part.ts';
import { join, type Expression } from '../match/expression.ts';
import type { Predicate, PredicateTable } from '../match/predicate.ts';
import { compileRegex } from '../match/regex.ts';
import { ANY_VALUE, cidrTest, numberTest, patternTest, regexTest, timeTest } from '../match/test.ts';
import type { Place, ValueTest } from '../match/test.ts';
import { expandPlaceholders, type Placeholders } from './placeholders.ts';

export interface ItemContext {
  readonly predicates: PredicateTable;
  readonly placeholders: Placeholders;
  /** View key of a rule's field. */
  readonly resolve: (field: string) => string;
  /** A placeholder without values was met. */
  readonly unknownPlaceholder: (name: string, path: YamlPath) => void;
}

/** What one value asks; several are alternatives. */
interface Question {
  tests: ValueTest[];
  whenMissing: boolean;
  whenNull: boolean;
}

const PLACES: Readonly<Record<string, Place>> = { contains: 'contains', startswith: 'starts', endswith: 'ends' };
const COMPARISONS = ['lt', 'lte', 'gt', 'gte'] as const;

export function compileItem(item: DetectionItem, context: ItemContext): Expression {
  const has = (modifier: string): boolean => item.modifiers.includes(modifier);
  const values = has('expand') ? expanded(item, context) : item.values;
  const predicates = has('fieldref') ? references(item, values, context) : questions(item, values, context);
  const nodes = predicates.map((predicate): Expression => ({ op: 'predicate', predicate }));
  const expression = join(has('all') ? 'and' : 'or', nodes);
  return has('neq') ? { op: 'not', child: expression } : expression;
}

function expanded(item: DetectionItem, context: ItemContext): SigmaScalar[] {
  return item.values.flatMap((value) =>
    typeof value !== 'string'
      ? [value]
      : expandPlaceholders(value, context.placeholders, item.path, (name) =>
          context.unknownPlaceholder(name, item.path),
        ),
  );
}

function references(item: DetectionItem, values: readonly SigmaScalar[], context: ItemContext): Predicate[] {
  const field = context.resolve(item.field);
  return values.map((value) => {
    if (typeof value !== 'string' || item.field === '') throw new SigmaFault('modifier_value', item.path);
    const placed = item.modifiers.map((modifier) => PLACES[modifier]).find((found) => found !== undefined);
    const cased = item.modifiers.includes('cased');
    return context.predicates.reference({ field, other: context.resolve(value), place: placed ?? 'equals', cased });
  });
}

/** One predicate for all alternatives; with `all` one for each value. */
function questions(item: DetectionItem, values: readonly SigmaScalar[], context: ItemContext): Predicate[] {
  const field = item.field === '' ? '' : context.resolve(item.field);
  const asked = values.map((value, index) => questionOf(item, value, [...item.path, index]));
  // Without values (a placeholder that is not configured) one predicate that never holds remains.
  const groups = item.modifiers.includes('all') && asked.length > 0 ? asked.map((question) => [question]) : [asked];
  return groups.map((group) =>
    context.predicates.values({
      field,
      tests: group.flatMap((question) => question.tests),
      whenMissing: group.some((question) => question.whenMissing),
      whenNull: group.some((question) => question.whenNull),
    }),
  );
}

function questionOf(item: DetectionItem, value: SigmaScalar, path: YamlPath): Question {
  const has = (modifier: string): boolean => item.modifiers.includes(modifier);
  if (has('exists')) {
    const wanted = String(value).toLowerCase();
    if ((wanted !== 'true' && wanted !== 'false') || item.field === '') throw new SigmaFault('modifier_value', path);
    const exists = wanted === 'true';
    return { tests: exists ? [ANY_VALUE] : [], whenMissing: !exists, whenNull: exists };
  }
  if (value === null) {
    if (item.field === '') throw new SigmaFault('value_type', path);
    return { tests: [], whenMissing: true, whenNull: true };
  }
  return { tests: testsOf(item, value, path), whenMissing: false, whenNull: false };
}

function testsOf({ field, modifiers }: DetectionItem, value: string | number | boolean, path: YamlPath): ValueTest[] {
  const has = (modifier: string): boolean => modifiers.includes(modifier);
  const comparison = COMPARISONS.find(has);
  const part = TIME_PARTS.find(has);
  if (comparison !== undefined || part !== undefined) {
    const bound = typeof value === 'number' ? value : Number.parseFloat(String(value));
    if (!Number.isFinite(bound)) throw new SigmaFault('modifier_value', path, 'It should be a number.');
    return [part === undefined ? numberTest(comparison!, bound) : timeTest(part, comparison ?? 'eq', bound)];
  }
  const text = String(value);
  if (has('re')) {
    const flags = ['i', 'm', 's'].filter(has).join('');
    return [regexTest(text, flags, compileRegex(text, flags, path))];
  }
  if (has('cidr')) {
    const contains = parseCidr(text);
    if (contains === null) throw new SigmaFault('modifier_value', path, 'It should be a network such as 10.0.0.0/8.');
    return [cidrTest(text, contains)];
  }
  const where = (['contains', 'startswith', 'endswith'] as const).find(has) ?? (field === '' ? 'contains' : undefined);
  return spellings(text, modifiers, path).map((pattern) => patternTest(place(pattern, where), has('cased')));
}

/** The ways to write a value: dashes, then encodings. */
function spellings(text: string, modifiers: readonly string[], path: YamlPath): Pattern[] {
  const has = (modifier: string): boolean => modifiers.includes(modifier);
  const texts = has('windash') ? dashVariants(text) : [text];
  if (texts === null) throw new SigmaFault('modifier_value', path, 'It has too many dashes for `windash`.');
  const patterns = texts.map(parsePattern);
  if (!has('base64') && !has('base64offset')) return patterns;
  const encoding: TextEncoding = has('utf16be')
    ? 'utf16be'
    : has('utf16')
      ? 'utf16'
      : has('wide') || has('utf16le')
        ? 'utf16le'
        : 'utf8';
  return patterns.flatMap((pattern) => {
    const literal = literalOf(pattern);
    if (literal === null || literal === '') {
      throw new SigmaFault('modifier_value', path, 'Wildcards cannot be encoded.');
    }
    const encoded = has('base64offset') ? base64Offsets(literal, encoding) : [base64(literal, encoding)];
    return encoded.filter((code) => code !== '').map((code) => [code]);
  });
}
