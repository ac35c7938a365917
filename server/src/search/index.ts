/** The search language: text → tree → predicate; the store makes SQL of predicates, the live feed evaluates them. */
export { parseQuery } from './parser.ts';
export { printQuery } from './print.ts';
export { compileQuery, matchesQuery, type FlatDocument } from './evaluate.ts';
export { QueryError, type Query } from './query.ts';
