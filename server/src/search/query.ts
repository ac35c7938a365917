/**
 * The search language's syntax tree. Lucene-like: `field:value`, phrases, `*` and `?`, ranges, AND / OR / NOT, and free
 * text. Text → tree is `parseQuery`, tree → text `printQuery`; what a tree *means* for typed fields is `predicate.ts`,
 * and both the store's SQL and the in-memory evaluator follow that.
 */

export type Query =
  | { kind: 'all' }
  | { kind: 'and' | 'or'; items: Query[] }
  | { kind: 'not'; item: Query }
  /** Free text: stands somewhere in the line as received. */
  | { kind: 'text'; value: Value; at: number }
  | { kind: 'field'; field: string; test: Test; at: number };

export type Test =
  { kind: 'is'; value: Value } | { kind: 'range'; from: Bound | null; to: Bound | null } | { kind: 'exists' };

export interface Bound {
  text: string;
  inclusive: boolean;
}

/** A value as parts: literal text, `ANY` (`*`) and `ONE` (`?`). A quoted phrase is one literal part. */
export type Value = readonly ValuePart[];
export const ANY = 0;
export const ONE = 1;
export type ValuePart = string | typeof ANY | typeof ONE;

/** The query cannot be read or makes no sense; `position` counts UTF-16 units from 0. */
export class QueryError extends Error {
  override name = 'QueryError';
  readonly position: number;
  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

export const MAX_QUERY_LENGTH = 4096;
export const MAX_QUERY_DEPTH = 32;
export const MAX_QUERY_TERMS = 256;
/** Wildcards in one value. */
export const MAX_WILDCARDS = 16;
