/**
 * Which literals a regular expression needs: a value that holds none of them (compared in lower case) cannot match, so
 * the expression need not run. Only what is certain is used; anything unusual gives up on that part. Literals are ASCII,
 * because case folding of other characters differs between engines; for the same reason a case-insensitive expression's
 * literals are cut at `s` and `k` (ſ and the Kelvin sign fold to them).
 */

/** Any-of: at least one of these lower-case literals is in every matching value. Null: nothing is certain. */
export type RequiredLiterals = readonly string[] | null;

const MAX_ALTERNATIVES = 24;
const MIN_LENGTH = 2;
/** Escapes that stand for one character of a class or for a place: no literal, one token. */
const CLASS_ESCAPES = /[dDsSwWbBAz]/;

export function requiredLiterals(source: string, ignoreCase: boolean): RequiredLiterals {
  const folds = ignoreCase || /\(\?[a-zA-Z]*i/.test(source);
  try {
    const reader = new Reader(source, folds);
    const literals = best(reader.alternatives(0));
    return reader.done ? literals : null;
  } catch (error) {
    if (error instanceof Unsure) return null;
    throw error;
  }
}

class Unsure extends Error {}

/** Candidate any-of sets of one sequence; each alone is necessary. */
type Candidates = string[][];

class Reader {
  private at = 0;
  private readonly source: string;
  private readonly folds: boolean;

  constructor(source: string, folds: boolean) {
    this.source = source;
    this.folds = folds;
  }

  get done(): boolean {
    return this.at === this.source.length;
  }

  /** Branches of an alternation: every branch must give a literal, and together they are one any-of set. */
  alternatives(depth: number): Candidates {
    if (depth > 50) throw new Unsure();
    const branches = [this.sequence(depth)];
    while (this.source[this.at] === '|') {
      this.at++;
      branches.push(this.sequence(depth));
    }
    if (branches.length === 1) return branches[0]!;
    const joined: string[] = [];
    for (const branch of branches) {
      const literals = best(branch);
      if (literals === null) return [];
      joined.push(...literals);
    }
    return [joined];
  }

  private sequence(depth: number): Candidates {
    const candidates: Candidates = [];
    let run = '';
    const flush = (): void => {
      if (run.length >= MIN_LENGTH) candidates.push([run]);
      run = '';
    };
    while (this.at < this.source.length && this.source[this.at] !== '|' && this.source[this.at] !== ')') {
      const { char, group } = this.unit(depth);
      const { min, repeated } = this.quantifier();
      if (char !== null && min >= 1 && this.usable(char)) {
        run += char.toLowerCase();
        if (repeated) flush();
      } else {
        flush();
        if (min >= 1) candidates.push(...group);
      }
    }
    flush();
    return candidates;
  }

  private usable(char: string): boolean {
    const code = char.charCodeAt(0);
    return char.length === 1 && code < 128 && !(this.folds && /[sk]/i.test(char));
  }

  /** One unit of a sequence: a literal character, a group with its candidates, or something that gives nothing. */
  private unit(depth: number): { char: string | null; group: Candidates } {
    const nothing = { char: null, group: [] };
    const char = this.source[this.at++]!;
    switch (char) {
      case '(':
        return this.group(depth);
      case '[':
        return { char: this.characterClass(), group: [] };
      case '\\':
        return { char: this.escape(), group: [] };
      case '^':
      case '$':
      case '.':
        return nothing;
      case '*':
      case '+':
      case '?':
        throw new Unsure();
      default:
        return { char, group: [] };
    }
  }

  private group(depth: number): { char: null; group: Candidates } {
    if (this.source[this.at] === '?') {
      const opening = /^\?(?:[imsU]*(?:-[imsU]+)?:|P?<[A-Za-z]\w*>)/.exec(this.source.slice(this.at, this.at + 64));
      if (opening) this.at += opening[0].length;
      else {
        const flags = /^\?[imsU]*(?:-[imsU]+)?\)/.exec(this.source.slice(this.at, this.at + 16));
        if (!flags) throw new Unsure();
        this.at += flags[0].length;
        return { char: null, group: [] };
      }
    }
    const group = this.alternatives(depth + 1);
    if (this.source[this.at++] !== ')') throw new Unsure();
    return { char: null, group };
  }

  /** `[x]` and `[xX]` are as good as `x`; other classes give nothing. */
  private characterClass(): string | null {
    const start = this.at;
    if (this.source[this.at] === '^') this.at++;
    if (this.source[this.at] === ']') this.at++;
    while (this.at < this.source.length && this.source[this.at] !== ']') {
      if (this.source[this.at] === '[') throw new Unsure();
      this.at += this.source[this.at] === '\\' ? 2 : 1;
    }
    if (this.at >= this.source.length) throw new Unsure();
    const body = this.source.slice(start, this.at++);
    if (/^[a-z]{2}$/i.test(body) && body[0]!.toLowerCase() === body[1]!.toLowerCase()) return body[0]!;
    return body.length === 1 && body !== '^' && body !== '\\' ? body : null;
  }

  private escape(): string | null {
    const char = this.source[this.at++];
    if (char === undefined) throw new Unsure();
    if (!/[A-Za-z0-9]/.test(char)) return char;
    if (char === 'n') return '\n';
    if (char === 't') return '\t';
    if (char === 'r') return '\r';
    if (CLASS_ESCAPES.test(char)) return null;
    throw new Unsure();
  }

  private quantifier(): { min: number; repeated: boolean } {
    const counted = /^\{(\d{1,4})(?:,\d{0,4})?\}/.exec(this.source.slice(this.at, this.at + 12));
    const symbol = this.source[this.at];
    let quantifier = { min: 1, repeated: false };
    if (symbol === '?' || symbol === '*') quantifier = { min: 0, repeated: true };
    else if (symbol === '+') quantifier = { min: 1, repeated: true };
    else if (counted) quantifier = { min: Number(counted[1]), repeated: true };
    else return quantifier;
    this.at += counted ? counted[0].length : 1;
    if (this.source[this.at] === '?') this.at++;
    return quantifier;
  }
}

/** The most telling of several necessary sets: long literals, few of them. */
function best(candidates: Candidates): string[] | null {
  let chosen: string[] | null = null;
  let chosenScore = -Infinity;
  for (const candidate of candidates) {
    if (candidate.length > MAX_ALTERNATIVES) continue;
    const score = Math.min(...candidate.map((literal) => literal.length)) - Math.log2(candidate.length);
    if (score > chosenScore) {
      chosen = candidate;
      chosenScore = score;
    }
  }
  return chosen;
}
