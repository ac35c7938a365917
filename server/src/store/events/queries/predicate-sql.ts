/**
 * Predicates → WHERE conditions. Texts are bound as parameters; column names come from the table of promoted fields.
 *
 * Free text stands anywhere in `raw`. The text index is over lower(raw), and so are all conditions: the index answers
 * LIKE '%word%' for a single word by scanning its dictionary, and whole words by their posting lists. A needle of
 * several words therefore gets conditions on its words beside the exact one: those inside it are whole words, the first
 * and the last may be parts of longer ones.
 */
import { ANY, ONE, type Value } from '../../../search/query.ts';
import { literalOf } from '../../../search/glob.ts';
import { NUMERIC_TEXT, type NumberRange, type Predicate } from '../../../search/predicate.ts';
import { TWIN_NAMES, TWINS_KEY } from '../record-twins.ts';
import { column, columnByEcs } from '../schema/columns.ts';
import { timeSql } from './time-sql.ts';
import type { Parameters } from './sql.ts';

export function predicateSql(predicate: Predicate, params: Parameters): string {
  switch (predicate.op) {
    case 'all':
      return '1';
    case 'and':
    case 'or':
      return `(${predicate.items.map((item) => predicateSql(item, params)).join(predicate.op === 'and' ? ' AND ' : ' OR ')})`;
    case 'not':
      return `NOT ${predicateSql(predicate.item, params)}`;
    case 'raw':
      return rawSql(predicate.value, params);
    case 'raw-address':
      return rawAddressSql(predicate.text, params);
    case 'message':
      return messageSql(predicate.value, params);
    case 'text':
      return textSql(predicate.field, params, (text) => valueSql(predicate.value, `lower(${text})`, params));
    case 'text-number':
      return textSql(predicate.field, params, (text) => numericTextSql(text, predicate.range, params));
    case 'text-range':
      return textSql(predicate.field, params, (text) => textRangeSql(text, predicate, params));
    case 'number':
      return numberSql(predicate.field, predicate.range, params);
    case 'id':
      return rangeSql('id', predicate.range, (value) => params.bind('Int64', value));
    case 'address':
      return addressSql(predicate.field, predicate.from, predicate.to, params);
    case 'exists':
      return existsSql(predicate.field, params);
  }
}

/** A LIKE pattern; a backslash makes `%`, `_` and itself literal. */
function likePattern(value: Value): string {
  return value.map((part) => (part === ANY ? '%' : part === ONE ? '_' : part.replace(/[\\%_]/g, '\\$&'))).join('');
}

function valueSql(value: Value, expression: string, params: Parameters): string {
  const literal = literalOf(value);
  return literal === null
    ? `${expression} LIKE ${params.text(likePattern(value))}`
    : `${expression} = ${params.text(literal)}`;
}

const ASCII = /^[\x20-\x7e]*$/;
const isAscii = (value: Value) => value.every((part) => typeof part !== 'string' || ASCII.test(part));

/** Lines that are no UTF-8 are read as latin1, byte for byte. */
const asUnicode = (text: string) => `if(isValidUTF8(${text}), ${text}, convertCharset(${text}, 'latin1', 'utf-8'))`;

function rawSql(value: Value, params: Parameters): string {
  const conditions = wordConditions(value, params);
  conditions.push(`lower(${isAscii(value) ? 'raw' : asUnicode('raw')}) LIKE ${params.text(likePattern(value))}`);
  return `(${conditions.join(' AND ')})`;
}

/** Shortest word whose parts the index looks up by scanning its dictionary. */
const SCANNED_WORD = 4;
/** Words that the index is asked for; the exact condition has the last word. */
const MAX_WORDS = 32;

/** Conditions that the text index answers, each implied by the value. Empty when nothing can be said. */
function wordConditions(value: Value, params: Parameters): string[] {
  const whole = new Set<string>();
  const parts = new Set<string>();
  for (const part of value) {
    if (typeof part !== 'string' || !ASCII.test(part)) continue;
    const words = [...part.matchAll(/[0-9a-z]+/gi)];
    for (const { 0: word, index } of words) {
      const isInside = index > 0 && index + word.length < part.length;
      if (isInside) whole.add(word);
      else if (word.length >= SCANNED_WORD && word.length < part.length) parts.add(word);
    }
  }
  const conditions: string[] = [];
  if (whole.size > 0)
    conditions.push(`hasAllTokens(lower(raw), ${params.bind('Array(String)', [...whole].slice(0, MAX_WORDS))})`);
  for (const word of [...parts].slice(0, MAX_WORDS)) conditions.push(`lower(raw) LIKE ${params.text(`%${word}%`)}`);
  return conditions;
}

function rawAddressSql(text: string, params: Parameters): string {
  const words = text.split(/[.:]+/).filter((word) => word !== '');
  const pattern = `(^|[^0-9a-z.])${text.replaceAll('.', '\\.')}($|[^0-9a-z.]|\\.($|[^0-9]))`;
  const hint = words.length > 0 ? `hasAllTokens(lower(raw), ${params.bind('Array(String)', words)}) AND ` : '';
  return `(${hint}match(lower(raw), ${params.text(pattern)}))`;
}

/** The message is a part of `raw`, verbatim or as a JSON literal, unless `message_at` is 0. */
function messageSql(value: Value, params: Parameters): string {
  const words = value.filter((part) => typeof part === 'string' && /^[0-9a-z]{4,}$/i.test(part));
  const hints = words.map((word) => `lower(raw) LIKE ${params.text(`%${String(word)}%`)}`);
  const hint = hints.length > 0 ? `(message_at = 0 OR (${hints.join(' AND ')})) AND ` : '';
  const message = isAscii(value) ? 'message' : asUnicode('message');
  return `(${hint}lower(${message}) LIKE ${params.text(likePattern(value))})`;
}

/**
 * A condition on a text field. Further fields hold other types and arrays too: an array matches when one of its
 * elements does; a key that the encoder left out has its text in a promoted column.
 */
function textSql(field: string, params: Parameters, test: (text: string) => string): string {
  const promoted = columnByEcs.get(field);
  if (promoted) return test(promoted.name);
  const stored = `extra[${params.text(field)}]`;
  const plain = `(NOT startsWith(${stored}, '\\x01') AND ${test(withTwins(field, stored))})`;
  const elements =
    `if(startsWith(${stored}, '\\x01['), arrayMap(e -> if(startsWith(e, '"'), JSONExtractString(e), e), ` +
    `arrayFilter(e -> NOT (e = 'null' OR startsWith(e, '{') OR startsWith(e, '[')), JSONExtractArrayRaw(substring(${stored}, 2)))), ` +
    `if(${stored} IN ('\\x01null', '\\x01{}'), [], [substring(${stored}, 2)]))`;
  return `(${plain} OR (startsWith(${stored}, '\\x01') AND arrayExists(t -> ${test('t')}, ${elements})))`;
}

/** `stored`, or where the encoder left the key out the promoted column that repeats it. */
function withTwins(field: string, stored: string): string {
  const twins = TWIN_NAMES.get(field);
  if (!twins) return stored;
  const marker = `concat(extra['${TWINS_KEY}'], ',')`;
  const choices = twins.flatMap(({ prop, marker: name }) => {
    const { name: columnText, kind } = column(prop);
    const text = kind === 'ip' ? `replaceOne(toString(${columnText}), '::ffff:', '')` : `toString(${columnText})`;
    return [`position(${marker}, '${name},') > 0 OR position(${marker}, '${name}#,') > 0`, text];
  });
  return `if(${stored} != '', ${stored}, multiIf(${choices.join(', ')}, ''))`;
}

function numericTextSql(text: string, range: NumberRange, params: Parameters): string {
  const condition = rangeSql(`toFloat64OrZero(${text})`, range, (value) => params.bind('Float64', value));
  return `(match(${text}, ${params.text(NUMERIC_TEXT)}) AND ${condition})`;
}

function textRangeSql(
  text: string,
  { from, to }: Extract<Predicate, { op: 'text-range' }>,
  params: Parameters,
): string {
  const conditions = [`${text} != ''`];
  if (from) conditions.push(`lower(${text}) ${from.inclusive ? '>=' : '>'} ${params.text(from.text)}`);
  if (to) conditions.push(`lower(${text}) ${to.inclusive ? '<=' : '<'} ${params.text(to.text)}`);
  return `(${conditions.join(' AND ')})`;
}

function numberSql(field: string, range: NumberRange, params: Parameters): string {
  const { name, kind } = columnByEcs.get(field)!;
  if (kind !== 'time') return rangeSql(name, range, (value) => params.bind('Int64', value));
  return rangeSql(name, range, (value) => timeSql(value, params));
}

function rangeSql(expression: string, range: NumberRange, bind: (value: number) => string): string {
  const { min, max, exclusiveMin, exclusiveMax } = range;
  if (min === max && !exclusiveMin && !exclusiveMax) return `${expression} = ${bind(min)}`;
  const conditions: string[] = [];
  if (min !== -Infinity) conditions.push(`${expression} ${exclusiveMin ? '>' : '>='} ${bind(min)}`);
  if (max !== Infinity) conditions.push(`${expression} ${exclusiveMax ? '<' : '<='} ${bind(max)}`);
  return conditions.length === 0 ? '1' : `(${conditions.join(' AND ')})`;
}

/** Column type IPv6, bounds as text; `::` is "absent" and matches nothing. */
function addressSql(field: string, from: string, to: string, params: Parameters): string {
  const { name } = columnByEcs.get(field)!;
  const bind = (hex: string) => params.bind('IPv6', hex.match(/.{4}/g)!.join(':'));
  if (from === to) return /^0+$/.test(from) ? '0' : `${name} = ${bind(from)}`;
  return `(${name} >= ${bind(from)} AND ${name} <= ${bind(to)} AND ${name} != toIPv6('::'))`;
}

function existsSql(field: string, params: Parameters): string {
  if (field === 'message') return `(message_at > 0 OR extra['message'] != '')`;
  const promoted = columnByEcs.get(field);
  if (!promoted) {
    const key = params.text(field);
    const twins = TWIN_NAMES.get(field)?.map(({ marker }) => marker) ?? [];
    const dropped = twins.flatMap((name) => [`${name},`, `${name}#,`]);
    const stored = `(mapContains(extra, ${key}) AND extra[${key}] NOT IN ('\\x01null', '\\x01[]'))`;
    if (dropped.length === 0) return stored;
    return `(${stored} OR multiSearchAny(concat(extra['${TWINS_KEY}'], ','), [${dropped.map((name) => `'${name}'`).join(', ')}]))`;
  }
  if (promoted.kind === 'time') return '1';
  if (promoted.kind === 'ip') return `${promoted.name} != toIPv6('::')`;
  return promoted.kind === 'tag' || promoted.kind === 'text' ? `${promoted.name} != ''` : `${promoted.name} != 0`;
}
