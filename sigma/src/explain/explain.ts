/** Why a rule matched: the fields, values and patterns of the selections that its condition rests on. */
import type { MatchedField } from '@vedette/contracts';
import type { CompiledRule } from '../compile/rule.ts';
import { expressionHolds, type Expression } from '../match/expression.ts';
import type { Predicate } from '../match/predicate.ts';
import { isSearched, readField, textsOf, visitLeaves } from '../match/view.ts';
import type { FieldFallbacks, View } from '../match/view.ts';
import { fallbacksOfView } from '../taxonomy/windows.ts';

const MAX_FIELDS = 100;
const MAX_VALUE = 1024;

/**
 * The parts of the rule that hold for the view, each once; empty when the rule does not match. What a `not` denies has no
 * part in it. Values are cut at 1,024 characters.
 */
export function explainMatch(rule: CompiledRule, view: View): MatchedField[] {
  const fallbacks = fallbacksOfView(view);
  if (!expressionHolds(rule.expression, view, fallbacks)) return [];
  const fields = new Map<string, MatchedField>();
  const add = (field: MatchedField): void => {
    if (fields.size < MAX_FIELDS) fields.set(JSON.stringify(field), field);
  };
  explain(rule.expression, '', view, fallbacks, add);
  return [...fields.values()];
}

function explain(
  expression: Expression,
  selection: string,
  view: View,
  fallbacks: FieldFallbacks,
  add: (field: MatchedField) => void,
): void {
  if (expression.op === 'not' || !expressionHolds(expression, view, fallbacks)) return;
  const name = expression.selection ?? selection;
  if (expression.op !== 'predicate') {
    for (const child of expression.children) explain(child, name, view, fallbacks, add);
    return;
  }
  const { predicate } = expression;
  if (predicate.field === '') explainKeywords(predicate, name, view, add);
  else explainField(predicate, name, view, fallbacks, add);
}

function explainField(
  predicate: Predicate,
  selection: string,
  view: View,
  fallbacks: FieldFallbacks,
  add: (field: MatchedField) => void,
): void {
  const { field } = predicate;
  const texts = textsOf(readField(view, field, fallbacks)) ?? [];
  const shown = Object.hasOwn(view, field)
    ? field
    : (fallbacks.get(field)?.find((name) => Object.hasOwn(view, name)) ?? field);
  if (predicate.kind === 'reference') {
    add({ selection, field: shown, value: cut(texts.join(', ')), pattern: `field ${predicate.other}` });
    return;
  }
  if (texts.length === 0) {
    add({ selection, field: shown, value: '', pattern: predicate.whenMissing ? 'missing' : 'exists' });
    return;
  }
  for (const value of texts) {
    const test = predicate.tests.find(({ matches }) => matches(value, value.toLowerCase()));
    if (test) add({ selection, field: shown, value: cut(value), pattern: test.pattern });
  }
}

function explainKeywords(
  predicate: Predicate,
  selection: string,
  view: View,
  add: (field: MatchedField) => void,
): void {
  if (predicate.kind === 'reference') return;
  for (const field in view) {
    if (!isSearched(field)) continue;
    const show = (value: string): void => {
      const test = predicate.tests.find(({ matches }) => matches(value, value.toLowerCase()));
      if (test) add({ selection, field, value: cut(value), pattern: test.pattern });
    };
    visitLeaves(field, view[field], show, 0);
  }
}

const cut = (value: string): string => (value.length > MAX_VALUE ? `${value.slice(0, MAX_VALUE)}…` : value);
