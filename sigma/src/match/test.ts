/** What one value of a detection item asks of a field's value, compiled. Literals of uncased tests are lower case. */
import { ANY_RUN, formatPattern, literalOf, type Pattern } from '../modifiers/pattern.ts';
import { timePart, type TimePart } from '../modifiers/time-part.ts';
import { compileGlob, longestLiteral } from './glob.ts';
import type { CompiledRegex } from './regex.ts';

export type Place = 'equals' | 'contains' | 'starts' | 'ends';

interface TestBase {
  /** Equal keys mean equal tests. */
  readonly key: string;
  /** As the analyst reads it: `*\cmd.exe`, `/^a+$/i`, `10.0.0.0/8`. */
  readonly pattern: string;
  /** `lower` is the lower-cased `raw`. */
  readonly matches: (raw: string, lower: string) => boolean;
}

/** A literal somewhere in the value: what the index finds without running anything. */
export interface LiteralTest extends TestBase {
  readonly kind: Place;
  readonly text: string;
  readonly cased: boolean;
}
export interface GlobTest extends TestBase {
  readonly kind: 'glob';
  /** Lower case; '' when the pattern has none. */
  readonly literal: string;
}
export interface RegexTest extends TestBase {
  readonly kind: 'regex';
  readonly regex: CompiledRegex;
}
/** Numbers, networks, times, and `any` (every value that is there). */
export interface OtherTest extends TestBase {
  readonly kind: 'any' | 'cidr' | 'number' | 'time';
}
export type ValueTest = LiteralTest | GlobTest | RegexTest | OtherTest;

export const ANY_VALUE: OtherTest = { kind: 'any', key: 'any', pattern: '*', matches: () => true };

export function patternTest(pattern: Pattern, cased: boolean): LiteralTest | GlobTest | OtherTest {
  const folded = cased ? pattern : pattern.map((token) => (typeof token === 'string' ? token.toLowerCase() : token));
  const display = formatPattern(pattern);
  const first = folded[0];
  const last = folded[folded.length - 1];
  if (folded.length === 1 && first === ANY_RUN) return ANY_VALUE;
  const open = first === ANY_RUN;
  const inner = folded.slice(open ? 1 : 0, last === ANY_RUN ? -1 : undefined);
  const text = literalOf(inner);
  if (text !== null) {
    const closed = last !== ANY_RUN;
    return literalTest(open ? (closed ? 'ends' : 'contains') : closed ? 'equals' : 'starts', text, cased, display);
  }
  const matches = compileGlob(folded);
  return {
    kind: 'glob',
    key: `glob${cased ? '!' : ''}:${formatPattern(folded)}`,
    pattern: display,
    literal: longestLiteral(folded).toLowerCase(),
    matches: cased ? (raw) => matches(raw) : (_, lower) => matches(lower),
  };
}

function literalTest(kind: Place, text: string, cased: boolean, pattern: string): LiteralTest {
  const holds = placeTest(kind);
  const matches = cased ? (raw: string) => holds(raw, text) : (_: string, lower: string) => holds(lower, text);
  return { kind, text, cased, key: `${kind}${cased ? '!' : ''}:${text}`, pattern, matches };
}

/** How two texts are compared at a place. */
export function placeTest(place: Place): (value: string, text: string) => boolean {
  switch (place) {
    case 'equals':
      return (value, text) => value === text;
    case 'contains':
      return (value, text) => value.includes(text);
    case 'starts':
      return (value, text) => value.startsWith(text);
    case 'ends':
      return (value, text) => value.endsWith(text);
  }
}

export function regexTest(source: string, flags: string, regex: CompiledRegex): RegexTest {
  const pattern = `/${source}/${flags}`;
  return { kind: 'regex', key: `re:${pattern}`, pattern, regex, matches: (raw, lower) => regex.matches(raw, lower) };
}

export function cidrTest(text: string, contains: (address: string) => boolean): OtherTest {
  return { kind: 'cidr', key: `cidr:${text}`, pattern: text, matches: (raw) => contains(raw) };
}

export type Comparison = 'lt' | 'lte' | 'gt' | 'gte' | 'eq';
const SIGNS: Readonly<Record<Comparison, string>> = { lt: '<', lte: '<=', gt: '>', gte: '>=', eq: '=' };

export function numberTest(comparison: Comparison, bound: number): OtherTest {
  const holds = comparisonTest(comparison, bound);
  const pattern = `${SIGNS[comparison]} ${bound}`;
  return { kind: 'number', key: `number:${pattern}`, pattern, matches: (raw) => raw !== '' && holds(Number(raw)) };
}

export function timeTest(part: TimePart, comparison: Comparison, bound: number): OtherTest {
  const holds = comparisonTest(comparison, bound);
  const pattern = `${part} ${SIGNS[comparison]} ${bound}`;
  return { kind: 'time', key: `time:${pattern}`, pattern, matches: (raw) => holds(timePart(raw, part)) };
}

/** False for NaN. */
function comparisonTest(comparison: Comparison, bound: number): (value: number) => boolean {
  switch (comparison) {
    case 'lt':
      return (value) => value < bound;
    case 'lte':
      return (value) => value <= bound;
    case 'gt':
      return (value) => value > bound;
    case 'gte':
      return (value) => value >= bound;
    case 'eq':
      return (value) => value === bound;
  }
}
