/**
 * The matcher for one list of rules. An event's keys are walked once; each value gives the predicates that hold for it
 * (from the memo, else from the field's index); rules whose witness was found are evaluated over those. Predicates that
 * are dear — regular expressions, networks, numbers, field references — are asked only when a rule still depends on them,
 * unless they are all that a rule has for a witness. `matchScan` is the plain definition of the same.
 */
import type { CompiledRule } from '../compile/rule.ts';
import { eachPredicate, expressionHolds, type Expression } from '../match/expression.ts';
import { predicateHolds, type Predicate, type ValuePredicate } from '../match/predicate.ts';
import { isSearched, readField, textsOf, visitLeaves, type FieldFallbacks, type View } from '../match/view.ts';
import { FieldIndex, type IndexEntry } from './field-index.ts';
import { Hits, LAST_EPOCH } from './hits.ts';
import { planRules } from './plan.ts';
import { ValueMemo, type MemoBudget } from './value-memo.ts';

export interface RuleEngine {
  /** The rules it holds, by ascending index. */
  readonly rules: readonly CompiledRule[];
  /** View keys that some rule reads. */
  readonly fields: readonly string[];
  /** True when some rule searches all values. */
  readonly hasKeywords: boolean;
  /** Rules that match, by ascending index; one shared empty array when none does. */
  match(view: View): readonly CompiledRule[];
  /** The same by evaluating every rule: slow, the definition that `match` is held to. */
  matchScan(view: View): readonly CompiledRule[];
}

export const NO_MATCHES: readonly CompiledRule[] = Object.freeze([]);

const NOTHING = new Int32Array(0);
/** Keys that are no field of any rule, with what keywords make of them: remembered up to this many. */
const MAX_OTHER_KEYS = 4096;

/** A field that rules read, or (without a name) what keywords search in the other fields. */
interface Column {
  readonly field: string;
  /** Null for keys that nothing reads. */
  readonly index: FieldIndex | null;
  /** Searched beside `index` in this column's values. */
  readonly keywords: FieldIndex | null;
  /** Null where a search is as quick. */
  readonly memo: ValueMemo | null;
  readonly whenNull: Int32Array;
  readonly whenMissing: Int32Array;
  /** Epoch of the event in which it was last seen. */
  seen: number;
}

export function createRuleEngine(
  rules: readonly CompiledRule[],
  fallbacks: FieldFallbacks,
  budget: MemoBudget,
): RuleEngine {
  let indexed: IndexedMatcher | null = null;
  const fields = new Set<string>();
  let hasKeywords = false;
  for (const { expression } of rules) {
    eachPredicate(expression, (predicate) => {
      if (predicate.field === '') hasKeywords = true;
      else fields.add(predicate.field);
      if (predicate.kind === 'reference') fields.add(predicate.other);
    });
  }
  return {
    rules,
    fields: [...fields],
    hasKeywords,
    match: (view) => (indexed ??= new IndexedMatcher(rules, fallbacks, budget)).match(view),
    matchScan(view) {
      const matches = rules.filter(({ expression }) => expressionHolds(expression, view, fallbacks));
      return matches.length === 0 ? NO_MATCHES : matches;
    },
  };
}

class IndexedMatcher {
  private readonly rules: readonly CompiledRule[];
  private readonly fallbacks: FieldFallbacks;
  private readonly budget: MemoBudget;

  private readonly ids: ReadonlyMap<Predicate, number>;
  private readonly eager: ReadonlySet<Predicate>;
  private readonly hits: Hits;
  private readonly found: Hits;

  private readonly columns = new Map<string, Column>();
  private readonly late: readonly Column[];
  private readonly keywords: Column | null;
  private otherKeys = 0;

  /** Rules by local number: their conditions, who wakes them, and the epoch they were last evaluated in. */
  private readonly conditions: readonly (() => boolean)[];
  private readonly woken: readonly (Int32Array | null)[];
  private readonly unwitnessed: Int32Array;
  private readonly evaluated: Int32Array;

  private readonly dearEpoch: Int32Array;
  private readonly dearHolds: Uint8Array;
  private view: View = {};

  constructor(rules: readonly CompiledRule[], fallbacks: FieldFallbacks, budget: MemoBudget) {
    this.rules = rules;
    this.fallbacks = fallbacks;
    this.budget = budget;
    const { ids, eager, woken, unwitnessed } = planRules(rules);
    this.ids = ids;
    this.eager = new Set([...eager.values()].flat());
    this.woken = woken;
    this.unwitnessed = unwitnessed;
    this.hits = new Hits(ids.size);
    this.found = new Hits(ids.size);
    this.dearEpoch = new Int32Array(ids.size);
    this.dearHolds = new Uint8Array(ids.size);
    this.evaluated = new Int32Array(rules.length);

    const keywordPredicates = eager.get('');
    const keywordIndex = keywordPredicates === undefined ? null : this.indexOf(keywordPredicates);
    this.keywords = keywordIndex && this.column('', null, keywordIndex, []);
    for (const [field, predicates] of eager) {
      if (field === '') continue;
      const keywords = isSearched(field) ? keywordIndex : null;
      this.columns.set(field, this.column(field, this.indexOf(predicates), keywords, predicates));
    }
    this.late = [...this.columns.values()].filter(
      ({ field, whenMissing }) => whenMissing.length > 0 || field.includes('.') || fallbacks.has(field),
    );
    this.conditions = rules.map(({ expression }) => this.condition(expression));
  }

  private indexOf(predicates: readonly ValuePredicate[]): FieldIndex {
    return new FieldIndex(
      predicates.flatMap((predicate): IndexEntry[] => {
        const id = this.ids.get(predicate)!;
        return predicate.tests.map((test) => ({ predicate: id, test }));
      }),
    );
  }

  private column(
    field: string,
    index: FieldIndex | null,
    keywords: FieldIndex | null,
    predicates: readonly ValuePredicate[],
  ): Column {
    const idsOf = (chosen: readonly ValuePredicate[]): Int32Array =>
      chosen.length === 0 ? NOTHING : Int32Array.from(chosen, (predicate) => this.ids.get(predicate)!);
    return {
      field,
      index,
      keywords,
      memo: index === null && keywords?.isQuick !== false ? null : new ValueMemo(this.budget),
      whenNull: idsOf(predicates.filter(({ whenNull }) => whenNull)),
      whenMissing: idsOf(predicates.filter(({ whenMissing }) => whenMissing)),
      seen: 0,
    };
  }

  private condition(expression: Expression): () => boolean {
    switch (expression.op) {
      case 'predicate':
        return this.predicate(expression.predicate);
      case 'not': {
        const child = this.condition(expression.child);
        return () => !child();
      }
      case 'and': {
        // The cheap ones first: what they decide, the dear ones need not.
        const children = this.cheapFirst(expression.children).map((child) => this.condition(child));
        return () => {
          for (let i = 0; i < children.length; i++) if (!children[i]!()) return false;
          return true;
        };
      }
      case 'or': {
        const children = this.cheapFirst(expression.children).map((child) => this.condition(child));
        return () => {
          for (let i = 0; i < children.length; i++) if (children[i]!()) return true;
          return false;
        };
      }
    }
  }

  private cheapFirst(expressions: readonly Expression[]): readonly Expression[] {
    const isLazy = (expression: Expression): boolean => {
      let lazy = false;
      eachPredicate(expression, (predicate) => (lazy ||= !this.eager.has(predicate)));
      return lazy;
    };
    return [...expressions.filter((child) => !isLazy(child)), ...expressions.filter(isLazy)];
  }

  private predicate(predicate: Predicate): () => boolean {
    const id = this.ids.get(predicate)!;
    const { hits, dearEpoch, dearHolds } = this;
    const { stamps } = hits;
    if (this.eager.has(predicate)) return () => stamps[id] === hits.epoch;
    return () => {
      if (dearEpoch[id] !== hits.epoch) {
        dearEpoch[id] = hits.epoch;
        dearHolds[id] = predicateHolds(predicate, this.view, this.fallbacks) ? 1 : 0;
      }
      return dearHolds[id] === 1;
    };
  }

  match(view: View): readonly CompiledRule[] {
    const { hits, columns, keywords } = this;
    if (hits.epoch === LAST_EPOCH) this.restartEpochs();
    hits.clear();
    this.view = view;
    for (const key in view) {
      const column = columns.get(key) ?? (keywords === null ? undefined : this.otherKey(key));
      if (column === undefined || column === UNREAD) continue;
      const value = view[key];
      if (typeof value === 'string') this.feed(column, value);
      else if (typeof value === 'number') this.feed(column, String(value));
      else if (value !== undefined) this.feedOther(column, key, value);
    }
    for (let i = 0; i < this.late.length; i++) {
      const column = this.late[i]!;
      if (column.seen !== hits.epoch) this.feedLate(column);
    }
    return this.evaluate();
  }

  private restartEpochs(): void {
    this.hits.restart();
    this.evaluated.fill(0);
    this.dearEpoch.fill(0);
    for (const column of this.columns.values()) column.seen = 0;
  }

  /** What keywords make of a key that no rule names. */
  private otherKey(key: string): Column {
    if (this.otherKeys >= MAX_OTHER_KEYS) {
      for (const [known, column] of this.columns) if (column.field !== known) this.columns.delete(known);
      this.otherKeys = 0;
    }
    this.otherKeys++;
    const column = isSearched(key) ? this.keywords! : UNREAD;
    this.columns.set(key, column);
    return column;
  }

  private feed(column: Column, value: string): void {
    const { hits } = this;
    column.seen = hits.epoch;
    if (column.index === null && value.length < column.keywords!.shortest) return;
    const { memo } = column;
    if (memo === null || !memo.accepts(value)) {
      search(column, value, hits);
      return;
    }
    let predicates = memo.get(value);
    if (predicates === undefined) {
      this.found.clear();
      search(column, value, this.found);
      predicates = this.found.list.length === 0 ? NOTHING : Int32Array.from(this.found.list);
      memo.set(value, predicates);
    }
    if (predicates.length > 0) hits.markAll(predicates);
  }

  /** Booleans, null, arrays and objects. */
  private feedOther(column: Column, key: string, value: unknown): void {
    const { hits } = this;
    if (column.index !== null) {
      const texts = textsOf(value);
      if (texts === undefined) return;
      column.seen = hits.epoch;
      if (texts === null) hits.markAll(column.whenNull);
      else for (const text of texts) column.index.search(text, hits);
    }
    const { keywords } = column;
    if (keywords !== null) visitLeaves(key, value, (text) => keywords.search(text, hits), 0);
  }

  /** A field that was not among the keys: nested, under another name, or missing. */
  private feedLate(column: Column): void {
    const texts = textsOf(readField(this.view, column.field, this.fallbacks));
    if (texts === undefined) this.hits.markAll(column.whenMissing);
    else if (texts === null) this.hits.markAll(column.whenNull);
    else for (const text of texts) column.index!.search(text, this.hits);
  }

  private evaluate(): readonly CompiledRule[] {
    const { hits, woken, evaluated, conditions, unwitnessed } = this;
    const { epoch, list } = hits;
    let matches: number[] | null = null;
    for (let i = 0; i < list.length; i++) {
      const rules = woken[list[i]!];
      if (!rules) continue;
      for (let j = 0; j < rules.length; j++) {
        const rule = rules[j]!;
        if (evaluated[rule] === epoch) continue;
        evaluated[rule] = epoch;
        if (conditions[rule]!()) (matches ??= []).push(rule);
      }
    }
    for (let i = 0; i < unwitnessed.length; i++) {
      if (conditions[unwitnessed[i]!]!()) (matches ??= []).push(unwitnessed[i]!);
    }
    this.view = NO_VIEW;
    if (matches === null) return NO_MATCHES;
    if (matches.length > 1) matches.sort((a, b) => a - b);
    return matches.map((rule) => this.rules[rule]!);
  }
}

const NO_VIEW: View = {};
const UNREAD: Column = {
  field: '',
  index: null,
  keywords: null,
  memo: null,
  whenNull: NOTHING,
  whenMissing: NOTHING,
  seen: 0,
};

function search(column: Column, value: string, hits: Hits): void {
  if (column.index !== null) column.index.search(value, hits);
  if (column.keywords !== null && value.length >= column.keywords.shortest) column.keywords.search(value, hits);
}
