/**
 * All tests on one field, arranged so that a value finds the ones that hold without trying each: whole values in a hash,
 * beginnings and ends by a hash of their outermost characters, inner literals by `LiteralSet`; the few that have no
 * literal are tried one by one, last.
 */
import type { ValueTest } from '../match/test.ts';
import type { Hits } from './hits.ts';
import { LiteralSet, shortestOf, type LiteralAction } from './literal-set.ts';
import { SparseFilter } from './sparse-filter.ts';

/** A test, and the predicate that holds when it does. */
export interface IndexEntry {
  readonly predicate: number;
  readonly test: ValueTest;
}

interface Anchored {
  readonly text: string;
  readonly predicate: number;
  readonly verify: ((raw: string, lower: string) => boolean) | null;
}

/** Characters at an end by which literals are found. Eight, because hundreds of them share `.exe`. */
const PROBE = 8;
const EMPTY = new Int32Array(0);

export class FieldIndex {
  /** Values shorter than this cannot hold anything here. */
  readonly shortest: number;
  private readonly whole = new Map<string, number[]>();
  private readonly wholeCased = new Map<string, number[]>();
  private longestWhole = -1;
  private readonly beginnings = new Probes(false);
  private readonly endings = new Probes(true);
  private readonly literals: LiteralSet | null;
  /** Only where literals are all there is. */
  private readonly filter: SparseFilter | null;
  private readonly everyValue: Int32Array;
  private readonly others: IndexEntry[] = [];

  constructor(entries: readonly IndexEntry[]) {
    const literals = new Map<string, LiteralAction[]>();
    const every = new Set<number>();
    for (const entry of entries) this.place(entry, literals, every);
    this.literals = literals.size > 0 ? new LiteralSet(literals) : null;
    this.everyValue = every.size > 0 ? Int32Array.from(every) : EMPTY;
    this.shortest = this.shortestValue();
    const literalsOnly =
      this.everyValue.length === 0 &&
      this.others.length === 0 &&
      this.longestWhole < 0 &&
      this.beginnings.size + this.endings.size === 0;
    this.filter = literalsOnly ? SparseFilter.of(literals.keys()) : null;
  }

  /** True when most values are ruled out so quickly that remembering them would cost more. */
  get isQuick(): boolean {
    return this.filter !== null;
  }

  private place({ predicate, test }: IndexEntry, literals: Map<string, LiteralAction[]>, every: Set<number>): void {
    const require = (text: string, verify: LiteralAction['verify']): void => {
      const actions = literals.get(text);
      if (actions) actions.push({ predicate, verify });
      else literals.set(text, [{ predicate, verify }]);
    };
    // Lower-casing a sigma depends on what follows it, so a part of a value may differ from the part alone.
    if (test.kind !== 'equals' && test.kind !== 'regex' && /[Σςσ]/.test(test.pattern)) {
      this.others.push({ predicate, test });
      return;
    }
    switch (test.kind) {
      case 'any':
        every.add(predicate);
        break;
      case 'equals':
        push(test.cased ? this.wholeCased : this.whole, test.text, predicate);
        this.longestWhole = Math.max(this.longestWhole, test.text.length);
        break;
      case 'contains':
        require(test.text.toLowerCase(), test.cased ? test.matches : null);
        break;
      case 'starts':
      case 'ends': {
        const probes = test.kind === 'starts' ? this.beginnings : this.endings;
        probes.add({ text: test.text.toLowerCase(), predicate, verify: test.cased ? test.matches : null });
        break;
      }
      case 'glob':
        if (test.literal === '') this.others.push({ predicate, test });
        else require(test.literal, test.matches);
        break;
      case 'regex':
        if (test.regex.literals === null) this.others.push({ predicate, test });
        else for (const literal of new Set(test.regex.literals)) require(literal, (raw) => test.regex.run(raw));
        break;
      default:
        this.others.push({ predicate, test });
    }
  }

  private shortestValue(): number {
    if (this.others.length > 0 || this.everyValue.length > 0) return 0;
    const lengths = [this.literals?.shortest ?? Infinity, this.beginnings.shortest, this.endings.shortest];
    for (const text of [...this.whole.keys(), ...this.wholeCased.keys()]) lengths.push(shortestOf(text));
    return Math.min(...lengths);
  }

  /** Marks the predicates that hold for a value. */
  search(raw: string, hits: Hits): void {
    if (this.everyValue.length > 0) hits.markAll(this.everyValue);
    if (raw.length < this.shortest || (this.filter !== null && !this.filter.mayHold(raw))) return;
    const lower = raw.toLowerCase();
    if (raw.length <= this.longestWhole || lower.length <= this.longestWhole) {
      markList(this.whole.get(lower), hits);
      if (this.wholeCased.size > 0) markList(this.wholeCased.get(raw), hits);
    }
    if (this.beginnings.size > 0) this.beginnings.search(raw, lower, hits);
    if (this.endings.size > 0) this.endings.search(raw, lower, hits);
    if (this.literals !== null) this.literals.search(raw, lower, hits);
    for (const { predicate, test } of this.others) {
      if (hits.stamps[predicate] !== hits.epoch && test.matches(raw, lower)) hits.mark(predicate);
    }
  }
}

/** Literals at one end of a value, found by a hash of their outermost characters, counted from that end. */
class Probes {
  size = 0;
  shortest = Infinity;
  private readonly atEnd: boolean;
  /** By how many characters are hashed: `PROBE`, or all of a shorter literal. */
  private readonly byLength: (Map<number, Anchored[]> | null)[] = new Array<null>(PROBE + 1).fill(null);
  private longest = 0;

  constructor(atEnd: boolean) {
    this.atEnd = atEnd;
  }

  add(anchored: Anchored): void {
    const { text } = anchored;
    const length = Math.min(PROBE, text.length);
    let hash = 0;
    for (let i = 0; i < length; i++) hash = this.step(hash, text, i);
    push((this.byLength[length] ??= new Map()), hash, anchored);
    this.size++;
    this.shortest = Math.min(this.shortest, shortestOf(text));
    this.longest = Math.max(this.longest, length);
  }

  search(raw: string, lower: string, hits: Hits): void {
    const end = Math.min(this.longest, lower.length);
    let hash = 0;
    for (let i = 0; i < end; i++) {
      hash = this.step(hash, lower, i);
      const found = this.byLength[i + 1]?.get(hash);
      if (found === undefined) continue;
      for (const { text, predicate, verify } of found) {
        const holds = this.atEnd ? lower.endsWith(text) : lower.startsWith(text);
        if (holds && (verify === null || verify(raw, lower))) hits.mark(predicate);
      }
    }
  }

  /** Different texts may share a hash; the caller verifies. */
  private step(hash: number, text: string, i: number): number {
    return (Math.imul(hash, 31) + text.charCodeAt(this.atEnd ? text.length - 1 - i : i)) | 0;
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function markList(predicates: readonly number[] | undefined, hits: Hits): void {
  if (predicates !== undefined) for (const predicate of predicates) hits.mark(predicate);
}
