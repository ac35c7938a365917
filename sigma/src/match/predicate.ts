/**
 * Predicates: one question about one field, shared by all rules that ask it (SigmaHQ's 3,754 rules ask some 10,000
 * different ones). `holds` is the plain definition; the index must give the same answers.
 */
import { eachKeywordText, readField, textsOf, type FieldFallbacks, type View } from './view.ts';
import { placeTest, type Place, type ValueTest } from './test.ts';

/** A field's values against alternatives: any value, any test. */
export interface ValuePredicate {
  readonly kind: 'values';
  readonly id: number;
  /** View key; '' searches all values (keywords). */
  readonly field: string;
  readonly tests: readonly ValueTest[];
  /** Also true when the field is missing, or is null. */
  readonly whenMissing: boolean;
  readonly whenNull: boolean;
}

/** A field's values against another field's. */
export interface ReferencePredicate {
  readonly kind: 'reference';
  readonly id: number;
  readonly field: string;
  readonly other: string;
  readonly place: Place;
  readonly cased: boolean;
}

export type Predicate = ValuePredicate | ReferencePredicate;

export function predicateHolds(predicate: Predicate, view: View, fallbacks: FieldFallbacks): boolean {
  if (predicate.kind === 'reference') return referenceHolds(predicate, view, fallbacks);
  if (predicate.field === '') {
    let found = false;
    eachKeywordText(view, (text) => (found ||= textMatches(predicate.tests, text)));
    return found;
  }
  const texts = textsOf(readField(view, predicate.field, fallbacks));
  if (texts === undefined) return predicate.whenMissing;
  if (texts === null) return predicate.whenNull;
  return texts.some((text) => textMatches(predicate.tests, text));
}

function textMatches(tests: readonly ValueTest[], text: string): boolean {
  const lower = text.toLowerCase();
  for (const test of tests) if (test.matches(text, lower)) return true;
  return false;
}

export function referenceHolds(predicate: ReferencePredicate, view: View, fallbacks: FieldFallbacks): boolean {
  const texts = textsOf(readField(view, predicate.field, fallbacks));
  const others = textsOf(readField(view, predicate.other, fallbacks));
  if (!texts || !others) return false;
  const holds = placeTest(predicate.place);
  const fold = (text: string): string => (predicate.cased ? text : text.toLowerCase());
  return texts.some((text) => others.some((other) => holds(fold(text), fold(other))));
}

/** The predicates of a ruleset, each once. */
export class PredicateTable {
  readonly all: Predicate[] = [];
  private readonly byKey = new Map<string, Predicate>();

  values(question: Omit<ValuePredicate, 'kind' | 'id'>): Predicate {
    const tests = [...new Map(question.tests.map((test) => [test.key, test])).values()];
    const keys = tests.map((test) => test.key).sort();
    const key = JSON.stringify([question.field, question.whenMissing, question.whenNull, keys]);
    return this.add(key, (id) => ({ kind: 'values', id, ...question, tests }));
  }

  reference(question: Omit<ReferencePredicate, 'kind' | 'id'>): Predicate {
    const key = JSON.stringify(['ref', question.field, question.other, question.place, question.cased]);
    return this.add(key, (id) => ({ kind: 'reference', id, ...question }));
  }

  private add(key: string, make: (id: number) => Predicate): Predicate {
    let predicate = this.byKey.get(key);
    if (predicate === undefined) {
      predicate = make(this.all.length);
      this.all.push(predicate);
      this.byKey.set(key, predicate);
    }
    return predicate;
  }
}
