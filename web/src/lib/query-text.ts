/** Writing search queries: Lucene-style text over ECS fields, as the server reads it. */
import type { Severity } from '@vedette/contracts';

const BARE = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;
const RESERVED = new Set(['AND', 'OR', 'NOT', 'TO']);

/** A value as the query language needs it: bare where that is safe, else quoted. */
export function quoteValue(value: string): string {
  if (BARE.test(value) && !RESERVED.has(value.toUpperCase())) return value;
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** `field:value`. */
export function term(field: string, value: string): string {
  return `${field}:${quoteValue(value)}`;
}

/** `event.severity:high`: the word stands for all its levels. */
export function severityTerm(severity: Severity): string {
  return term('event.severity', severity);
}

/** Application protocol where an event has one, else its transport: as the overview counts protocols. */
export function protocolTerm(protocol: string): string {
  const transport = `${term('network.transport', protocol)} AND NOT _exists_:network.protocol`;
  return `${term('network.protocol', protocol)} OR (${transport})`;
}

/** All parts that are not empty, joined by AND; parts with OR at their top level get parentheses. */
export function allOf(...parts: (string | undefined)[]): string {
  const present = parts.map((part) => part?.trim() ?? '').filter((part) => part !== '');
  if (present.length < 2) return present[0] ?? '';
  return present.map((part) => (hasTopLevelOr(part) ? `(${part})` : part)).join(' AND ');
}

/** `query` narrowed to (or, with `exclude`, away from) one value. Unchanged when it says so already. */
export function withTerm(query: string, field: string, value: string, exclude = false): string {
  const added = exclude ? `NOT ${term(field, value)}` : term(field, value);
  return ` ${query} `.includes(` ${added} `) ? query : allOf(query, added);
}

/** Everything that names an address as source or destination. */
export function addressQuery(ip: string): string {
  return `${term('source.ip', ip)} OR ${term('destination.ip', ip)}`;
}

/** True for an OR outside quotes and parentheses. */
export function hasTopLevelOr(query: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < query.length; at++) {
    const character = query[at];
    if (character === '\\') at++;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === '(') depth++;
    else if (!quoted && character === ')') depth--;
    else if (!quoted && depth === 0 && /^(\|\||[\s)"]OR[\s("])/.test(query.slice(at, at + 4))) return true;
  }
  return false;
}
