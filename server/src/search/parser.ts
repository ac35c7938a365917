/**
 * Query text → tree, by recursive descent. Words beside each other are joined by AND; AND binds stronger than OR. Never
 * throws anything but `QueryError`, for any text.
 */
import { ANY, MAX_QUERY_DEPTH, MAX_QUERY_TERMS, type Bound, type Query, type Test, type Value } from './query.ts';
import { Scanner } from './scanner.ts';

export function parseQuery(text: string): Query {
  const parser = new Parser(new Scanner(text));
  return parser.whole();
}

class Parser {
  private readonly scanner: Scanner;
  private depth = 0;
  private terms = 0;

  constructor(scanner: Scanner) {
    this.scanner = scanner;
  }

  whole(): Query {
    const { scanner } = this;
    scanner.skipSpace();
    if (scanner.done) return { kind: 'all' };
    const query = this.alternatives(null);
    if (!scanner.done) scanner.fail('A closing parenthesis has no opening one.');
    return query;
  }

  /** `field` is the field of `field:( … )`, null outside. */
  private alternatives(field: string | null): Query {
    const items = [this.conjunction(field)];
    while (this.scanner.takeWord('OR') || this.scanner.take('||')) items.push(this.conjunction(field));
    return items.length === 1 ? items[0]! : { kind: 'or', items };
  }

  private conjunction(field: string | null): Query {
    const { scanner } = this;
    const items = [this.negation(field)];
    for (;;) {
      scanner.skipSpace();
      if (scanner.takeWord('AND') || scanner.take('&&')) items.push(this.negation(field));
      else if (scanner.done || scanner.peek() === ')' || this.atAlternative()) break;
      else items.push(this.negation(field));
    }
    return items.length === 1 ? items[0]! : { kind: 'and', items };
  }

  private atAlternative(): boolean {
    const { scanner } = this;
    const start = scanner.position;
    const found = scanner.takeWord('OR') || scanner.take('||');
    scanner.position = start;
    return found;
  }

  private negation(field: string | null): Query {
    const { scanner } = this;
    scanner.skipSpace();
    if (scanner.takeWord('NOT') || scanner.take('!') || this.takePrefix('-'))
      return { kind: 'not', item: this.nested(() => this.negation(field)) };
    if (this.takePrefix('+')) return this.nested(() => this.negation(field));
    return this.primary(field);
  }

  /** `-` and `+` are operators only when something follows at once. */
  private takePrefix(sign: string): boolean {
    const next = this.scanner.peek(1);
    return next !== '' && !/[\s)]/.test(next) && this.scanner.take(sign);
  }

  private nested<T>(parse: () => T): T {
    if (++this.depth > MAX_QUERY_DEPTH) this.scanner.fail('The query is nested too deeply.');
    const result = parse();
    this.depth--;
    return result;
  }

  private primary(field: string | null): Query {
    const { scanner } = this;
    const at = scanner.position;
    if (scanner.take('(')) {
      const query = this.nested(() => this.alternatives(field));
      scanner.skipSpace();
      if (!scanner.take(')')) scanner.fail('A parenthesis is not closed.', at);
      return query;
    }
    if (scanner.done) scanner.fail('Something is missing at the end of the query.');
    if (scanner.peek() === ')') scanner.fail('Something is missing before the parenthesis.');
    if (++this.terms > MAX_QUERY_TERMS) scanner.fail(`A query may have at most ${MAX_QUERY_TERMS} terms.`);
    for (const word of ['AND', 'OR'])
      if (scanner.takeWord(word))
        scanner.fail(`Something is missing before ${word}. Quote the word to search for it.`, at);
    if (field !== null) return this.fieldTest(field, at);
    if (scanner.takeWord('*:*')) return { kind: 'all' };
    const name = scanner.fieldName();
    if (name !== null) return this.fieldQuery(name, at);
    const value = scanner.peek() === '"' ? [scanner.phrase()] : scanner.word();
    if (value.length === 0) scanner.fail(`${JSON.stringify(scanner.peek())} cannot stand here. Quote it.`);
    return value.every((part) => part === ANY) ? { kind: 'all' } : { kind: 'text', value, at };
  }

  private fieldQuery(name: string, at: number): Query {
    const scanner: Scanner = this.scanner;
    scanner.skipSpace();
    if (name === '_exists_') {
      const value = scanner.peek() === '"' ? [scanner.phrase()] : scanner.word();
      const [field] = value;
      if (value.length !== 1 || typeof field !== 'string') scanner.fail('_exists_ needs the name of a field.', at);
      return { kind: 'field', field, test: { kind: 'exists' }, at };
    }
    if (scanner.peek() !== '(') return this.fieldTest(name, at);
    const opened = scanner.position;
    scanner.take('(');
    const query = this.nested(() => this.alternatives(name));
    scanner.skipSpace();
    if (!scanner.take(')')) scanner.fail('A parenthesis is not closed.', opened);
    return query;
  }

  private fieldTest(field: string, at: number): Query {
    const test = this.test(field);
    return { kind: 'field', field, test, at };
  }

  private test(field: string): Test {
    const { scanner } = this;
    for (const [sign, side, inclusive] of COMPARISONS)
      if (scanner.take(sign)) {
        scanner.skipSpace();
        const bound = { text: this.bound(''), inclusive };
        return side === 'from' ? { kind: 'range', from: bound, to: null } : { kind: 'range', from: null, to: bound };
      }
    if (scanner.peek() === '[' || scanner.peek() === '{') return this.range();
    if (scanner.peek() === '"') return { kind: 'is', value: [scanner.phrase()] };
    const value: Value = scanner.word();
    if (value.length === 0) scanner.fail(`The value of ${field} is missing.`);
    return value.every((part) => part === ANY) ? { kind: 'exists' } : { kind: 'is', value };
  }

  /** `[a TO b]`, `{a TO b}` and mixed; `*` leaves a side open. */
  private range(): Test {
    const { scanner } = this;
    const opened = scanner.position;
    const fromInclusive = scanner.take('[');
    if (!fromInclusive) scanner.take('{');
    const from = this.side(fromInclusive);
    scanner.skipSpace();
    if (!scanner.takeWord('TO')) scanner.fail('A range is written [from TO to].', opened);
    scanner.skipSpace();
    const to = this.side(false);
    scanner.skipSpace();
    const toInclusive = scanner.take(']');
    if (!toInclusive && !scanner.take('}')) scanner.fail('A range is not closed.', opened);
    if (from === null && to === null) return { kind: 'exists' };
    return { kind: 'range', from, to: to && { text: to.text, inclusive: toInclusive } };
  }

  private side(inclusive: boolean): Bound | null {
    this.scanner.skipSpace();
    if (this.scanner.peek() === '*') {
      this.scanner.position++;
      return null;
    }
    return { text: this.bound(']}'), inclusive };
  }

  private bound(stops: string): string {
    const scanner: Scanner = this.scanner;
    const at = scanner.position;
    if (scanner.peek() === '"') return scanner.phrase();
    const value = scanner.word(stops);
    if (value.length === 0) scanner.fail('A value is missing.', at);
    const [text] = value;
    if (value.length > 1 || typeof text !== 'string') scanner.fail('A range cannot hold wildcards.', at);
    return text;
  }
}

const COMPARISONS: readonly (readonly [string, 'from' | 'to', boolean])[] = [
  ['>=', 'from', true],
  ['>', 'from', false],
  ['<=', 'to', true],
  ['<', 'to', false],
];
