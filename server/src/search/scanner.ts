/** Characters → words. Knows escapes, wildcards and where a word ends; the grammar is in `parser.ts`. */
import { ANY, MAX_QUERY_LENGTH, MAX_WILDCARDS, ONE, QueryError, type Value, type ValuePart } from './query.ts';

const SPACE = /\s/;
/** After a backslash these lose their meaning; before anything else a backslash is itself (`DOMAIN\user`). */
const ESCAPABLE = /[\s"\\*?:()[\]{}+\-!&|<>=~^/]/;
const FIELD_CHARACTER = /[A-Za-z0-9_.@/-]/;
const FIELD_START = /[A-Za-z_@]/;

export class Scanner {
  readonly text: string;
  position = 0;

  constructor(text: string) {
    if (text.length > MAX_QUERY_LENGTH)
      throw new QueryError(`The query is longer than ${MAX_QUERY_LENGTH} characters.`, MAX_QUERY_LENGTH);
    this.text = text;
  }

  get done(): boolean {
    return this.position >= this.text.length;
  }

  peek(offset = 0): string {
    return this.text[this.position + offset] ?? '';
  }

  skipSpace(): void {
    while (!this.done && SPACE.test(this.peek())) this.position++;
  }

  /** Consumes `token` if it comes next. */
  take(token: string): boolean {
    if (!this.text.startsWith(token, this.position)) return false;
    this.position += token.length;
    return true;
  }

  /** Consumes an operator word (`AND`, `OR`, `NOT`, `TO`) that stands alone. */
  takeWord(word: string): boolean {
    if (!this.text.startsWith(word, this.position)) return false;
    const next = this.text[this.position + word.length] ?? ' ';
    if (!SPACE.test(next) && next !== '(' && next !== ')' && next !== '"') return false;
    this.position += word.length;
    return true;
  }

  fail(message: string, position = this.position): never {
    throw new QueryError(message, position);
  }

  /** The text of a quoted phrase; stands on its opening quote. */
  phrase(): string {
    const start = this.position++;
    let text = '';
    for (;;) {
      if (this.done) this.fail('A quotation mark is not closed.', start);
      const character = this.text[this.position++]!;
      if (character === '"') return text;
      if (character === '\\' && (this.peek() === '"' || this.peek() === '\\')) text += this.text[this.position++]!;
      else text += character;
    }
  }

  /**
   * A field name with its colon, or null (and nothing consumed) when none comes next. Names begin with a letter, `_` or
   * `@`; other characters need a backslash. `fe80::1` and `10:20` are no fields.
   */
  fieldName(): string | null {
    const start = this.position;
    let name = '';
    for (let i = start; i < this.text.length; i++) {
      const character = this.text[i]!;
      if (character === '\\' && i + 1 < this.text.length) name += this.text[++i]!;
      else if (character === ':') {
        if (name === '' || this.text[i + 1] === ':') return null;
        this.position = i + 1;
        return name;
      } else if ((name === '' ? FIELD_START : FIELD_CHARACTER).test(character)) name += character;
      else return null;
    }
    return null;
  }

  /** An unquoted value up to a space, a parenthesis, a quotation mark or a character of `stops`. */
  word(stops = ''): Value {
    const start = this.position;
    const parts: ValuePart[] = [];
    let wildcards = 0;
    let literal = '';
    const flush = () => {
      if (literal !== '') parts.push(literal);
      literal = '';
    };
    for (; !this.done; this.position++) {
      const character = this.peek();
      if (character === '\\' && ESCAPABLE.test(this.peek(1))) {
        literal += this.peek(1);
        this.position++;
      } else if (character === '*' || character === '?') {
        if (++wildcards > MAX_WILDCARDS) this.fail(`A value may hold at most ${MAX_WILDCARDS} wildcards.`, start);
        flush();
        const part = character === '*' ? ANY : ONE;
        if (part !== ANY || parts.at(-1) !== ANY) parts.push(part);
      } else if (SPACE.test(character) || '()"'.includes(character) || stops.includes(character)) break;
      else literal += character;
    }
    flush();
    return parts;
  }
}
