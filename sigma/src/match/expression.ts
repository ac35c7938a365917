/** A compiled condition: a boolean tree over predicates. */
import { predicateHolds, type Predicate } from './predicate.ts';
import type { FieldFallbacks, View } from './view.ts';

interface Named {
  /** The selection that this node stands for. */
  readonly selection?: string;
}
export type Expression =
  | ({ readonly op: 'predicate'; readonly predicate: Predicate } & Named)
  | ({ readonly op: 'not'; readonly child: Expression } & Named)
  | ({ readonly op: 'and' | 'or'; readonly children: readonly Expression[] } & Named);

/** Joins expressions; one alone stays itself. */
export function join(op: 'and' | 'or', children: readonly Expression[]): Expression {
  return children.length === 1 ? children[0]! : { op, children };
}

/** The plain definition of matching: reads the view for every predicate. */
export function expressionHolds(expression: Expression, view: View, fallbacks: FieldFallbacks): boolean {
  switch (expression.op) {
    case 'predicate':
      return predicateHolds(expression.predicate, view, fallbacks);
    case 'not':
      return !expressionHolds(expression.child, view, fallbacks);
    case 'and':
      return expression.children.every((child) => expressionHolds(child, view, fallbacks));
    case 'or':
      return expression.children.some((child) => expressionHolds(child, view, fallbacks));
  }
}

export function eachPredicate(expression: Expression, visit: (predicate: Predicate) => void): void {
  if (expression.op === 'predicate') visit(expression.predicate);
  else if (expression.op === 'not') eachPredicate(expression.child, visit);
  else for (const child of expression.children) eachPredicate(child, visit);
}
