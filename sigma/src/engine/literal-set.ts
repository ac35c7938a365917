/**
 * Many literals searched in one pass over a value. Each literal of four characters or more is known by its rarest run of
 * four (low bytes, packed into 32 bits), shorter ones by two or one. A bitmap rejects nearly every position of the
 * value; what passes is looked up in a hash table and verified. Tables stay in the first-level cache, unlike those of an
 * Aho-Corasick automaton over the same literals (hundreds of megabytes).
 */
import type { Hits } from './hits.ts';

export interface LiteralAction {
  readonly predicate: number;
  /** What must hold besides the literal; null when the literal is all. */
  readonly verify: ((raw: string, lower: string) => boolean) | null;
}

interface Literal {
  readonly text: string;
  readonly actions: readonly LiteralAction[];
  /** Position in the text of the last character of its gram. */
  readonly gramEnd: number;
}

const GOLDEN = 0x9e3779b1 | 0;
const NONE: Literal[] = [];

export class LiteralSet {
  /** Length of the shortest literal: shorter values need no search. */
  readonly shortest: number;
  private readonly literals: Literal[];
  private readonly tested: Int32Array;
  private pass = 0;

  private readonly bitmap: Int32Array | null;
  private readonly shift: number;
  private readonly keys: Int32Array;
  private readonly slots: (Literal[] | null)[];
  private readonly mask: number;

  private readonly pairBitmap: Int32Array | null;
  private readonly pairs = new Map<number, Literal[]>();
  private readonly singles = new Map<number, Literal[]>();
  private readonly ids = new Map<Literal, number>();

  /** Lower-case literals and what they mean; none may be empty. */
  constructor(actions: ReadonlyMap<string, readonly LiteralAction[]>) {
    const usage = gramUsage(actions.keys());
    const grams = new Map<number, Literal[]>();
    let shortest = Infinity;
    this.literals = [];
    for (const [text, textActions] of actions) {
      shortest = Math.min(shortest, shortestOf(text));
      const gramEnd = text.length >= 4 ? rarestGram(text, usage) : Math.min(text.length, 2) - 1;
      const literal: Literal = { text, actions: textActions, gramEnd };
      this.ids.set(literal, this.literals.length);
      this.literals.push(literal);
      if (text.length >= 4) append(grams, gramAt(text, gramEnd - 3), literal);
      else if (text.length >= 2) append(this.pairs, pairAt(text, 0), literal);
      else append(this.singles, text.charCodeAt(0) & 255, literal);
    }
    this.shortest = shortest;
    this.tested = new Int32Array(this.literals.length);

    let bits = 12;
    while (1 << bits < grams.size * 24 && bits < 19) bits++;
    this.shift = 32 - bits;
    this.bitmap = grams.size > 0 ? new Int32Array((1 << bits) / 32) : null;
    let capacity = 16;
    while (capacity < grams.size * 2) capacity *= 2;
    this.mask = capacity - 1;
    this.keys = new Int32Array(capacity);
    this.slots = new Array<Literal[] | null>(capacity).fill(null);
    for (const [gram, literals] of grams) this.insert(gram, literals);

    this.pairBitmap = this.pairs.size > 0 ? new Int32Array(2048) : null;
    for (const pair of this.pairs.keys()) this.pairBitmap![pair >> 5]! |= 1 << (pair & 31);
  }

  private insert(gram: number, literals: Literal[]): void {
    const hash = Math.imul(gram, GOLDEN);
    const bit = hash >>> this.shift;
    this.bitmap![bit >> 5]! |= 1 << (bit & 31);
    let slot = (hash >>> 8) & this.mask;
    while (this.slots[slot] !== null) slot = (slot + 1) & this.mask;
    this.keys[slot] = gram;
    this.slots[slot] = literals;
  }

  /** Marks what the literals found in `lower` mean. */
  search(raw: string, lower: string, hits: Hits): void {
    if (lower.length < this.shortest) return;
    if (this.pass === 0x7fffffff) {
      this.tested.fill(0);
      this.pass = 0;
    }
    this.pass++;
    if (this.bitmap !== null) {
      if (this.pairBitmap === null) this.searchGrams(raw, lower, hits);
      else this.searchGramsAndPairs(raw, lower, hits);
    } else if (this.pairBitmap !== null) this.searchPairs(raw, lower, hits);
    if (this.singles.size > 0) this.searchSingles(raw, lower, hits);
  }

  private searchGrams(raw: string, lower: string, hits: Hits): void {
    const bitmap = this.bitmap!;
    const { shift } = this;
    let gram = 0;
    for (let at = 0; at < lower.length; at++) {
      gram = (gram << 8) | (lower.charCodeAt(at) & 255);
      const hash = Math.imul(gram, GOLDEN);
      const bit = hash >>> shift;
      if (((bitmap[bit >> 5]! >>> (bit & 31)) & 1) !== 0) this.verify(this.lookup(gram, hash), at, raw, lower, hits);
    }
  }

  private searchGramsAndPairs(raw: string, lower: string, hits: Hits): void {
    const bitmap = this.bitmap!;
    const pairBitmap = this.pairBitmap!;
    const { shift } = this;
    let gram = 0;
    for (let at = 0; at < lower.length; at++) {
      gram = (gram << 8) | (lower.charCodeAt(at) & 255);
      const hash = Math.imul(gram, GOLDEN);
      const bit = hash >>> shift;
      if (((bitmap[bit >> 5]! >>> (bit & 31)) & 1) !== 0) this.verify(this.lookup(gram, hash), at, raw, lower, hits);
      const pair = gram & 65535;
      if (((pairBitmap[pair >> 5]! >>> (pair & 31)) & 1) !== 0) {
        this.verify(this.pairs.get(pair) ?? NONE, at, raw, lower, hits);
      }
    }
  }

  private searchPairs(raw: string, lower: string, hits: Hits): void {
    const pairBitmap = this.pairBitmap!;
    let pair = 0;
    for (let at = 0; at < lower.length; at++) {
      pair = ((pair << 8) | (lower.charCodeAt(at) & 255)) & 65535;
      if (((pairBitmap[pair >> 5]! >>> (pair & 31)) & 1) !== 0) {
        this.verify(this.pairs.get(pair) ?? NONE, at, raw, lower, hits);
      }
    }
  }

  private searchSingles(raw: string, lower: string, hits: Hits): void {
    for (let at = 0; at < lower.length; at++) {
      const literals = this.singles.get(lower.charCodeAt(at) & 255);
      if (literals !== undefined) this.verify(literals, at, raw, lower, hits);
    }
  }

  private lookup(gram: number, hash: number): Literal[] {
    const { keys, slots, mask } = this;
    let slot = (hash >>> 8) & mask;
    for (let literals = slots[slot]; literals; literals = slots[slot]) {
      if (keys[slot] === gram) return literals;
      slot = (slot + 1) & mask;
    }
    return NONE;
  }

  /** Literals whose gram ends at `at`: the rest of the text, then what else must hold. Each literal once a value. */
  private verify(literals: readonly Literal[], at: number, raw: string, lower: string, hits: Hits): void {
    for (const literal of literals) {
      const start = at - literal.gramEnd;
      if (start < 0 || !lower.startsWith(literal.text, start)) continue;
      const id = this.ids.get(literal)!;
      if (this.tested[id] === this.pass) continue;
      this.tested[id] = this.pass;
      for (const { predicate, verify } of literal.actions) {
        if (verify === null || verify(raw, lower)) hits.mark(predicate);
      }
    }
  }
}

/**
 * Length of the shortest value whose lower case is or holds the text. Only İ becomes longer, as i with a dot above.
 */
export function shortestOf(text: string): number {
  return text.length - (text.split('\u0307').length - 1);
}

function append<K>(map: Map<K, Literal[]>, key: K, literal: Literal): void {
  const list = map.get(key);
  if (list) list.push(literal);
  else map.set(key, [literal]);
}

const pairAt = (text: string, at: number): number =>
  ((text.charCodeAt(at) & 255) << 8) | (text.charCodeAt(at + 1) & 255);
const gramAt = (text: string, at: number): number => (pairAt(text, at) << 16) | pairAt(text, at + 2);

/** How many literals hold each gram. */
function gramUsage(texts: Iterable<string>): Map<number, number> {
  const usage = new Map<number, number>();
  for (const text of texts) {
    for (let at = 0; at + 4 <= text.length; at++) {
      const gram = gramAt(text, at);
      usage.set(gram, (usage.get(gram) ?? 0) + 1);
    }
  }
  return usage;
}

/** End of the gram that the fewest literals share, preferring those with punctuation, which telemetry has less of. */
function rarestGram(text: string, usage: ReadonlyMap<number, number>): number {
  let best = 0;
  let bestScore = Infinity;
  for (let at = 0; at + 4 <= text.length; at++) {
    const plain = /^[a-z0-9 .\\]{4}$/.test(text.slice(at, at + 4)) ? 0.5 : 0;
    const score = usage.get(gramAt(text, at))! + plain;
    if (score >= bestScore) continue;
    bestScore = score;
    best = at;
  }
  return best + 3;
}
