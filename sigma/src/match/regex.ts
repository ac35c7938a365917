/**
 * Regular expressions on attacker-controlled text: always the linear-time engine (re2js), behind the literals that the
 * expression needs. An expression sees at most the first 32,768 UTF-16 units of a value — as long as a Windows event can
 * be — so that its cost per event has a bound; all other tests see the whole value.
 */
import { RE2JS } from 're2js';
import { SigmaFault, type YamlPath } from '../ast/error.ts';
import { requiredLiterals, type RequiredLiterals } from './regex-literals.ts';

export const MAX_REGEX_INPUT = 32_768;

export interface CompiledRegex {
  /** Any-of, lower case; null when the expression needs no certain literal. */
  readonly literals: RequiredLiterals;
  /** `lower` is the lower-cased `raw`. */
  matches(raw: string, lower: string): boolean;
  /** Without the literals' test: for callers that have found one. */
  run(raw: string): boolean;
}

/** `flags` out of `i`, `m`, `s`. Throws a `SigmaFault`. */
export function compileRegex(source: string, flags: string, path: YamlPath): CompiledRegex {
  const regex = build(source, flags, path);
  const literals = requiredLiterals(source, flags.includes('i'));
  const run = (raw: string): boolean => regex.test(raw.length > MAX_REGEX_INPUT ? raw.slice(0, MAX_REGEX_INPUT) : raw);
  const matches = (raw: string, lower: string): boolean => {
    if (literals !== null && !literals.some((literal) => lower.includes(literal))) return false;
    return run(raw);
  };
  return { literals, matches, run };
}

function build(source: string, flags: string, path: YamlPath): RE2JS {
  let bits = 0;
  if (flags.includes('i')) bits |= RE2JS.CASE_INSENSITIVE;
  if (flags.includes('m')) bits |= RE2JS.MULTILINE;
  if (flags.includes('s')) bits |= RE2JS.DOTALL;
  try {
    return RE2JS.compile(source, bits);
  } catch {
    // Look-behinds without captures are linear in re2js, yet slower, so they are on only where they are used.
  }
  try {
    return RE2JS.compile(source, bits | RE2JS.LOOKBEHINDS);
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    const needsMore = /\(\?<?[=!]|\(\?>|\\[1-9]|\\k</.test(source);
    throw new SigmaFault(needsMore ? 'regex_unsupported' : 'regex_invalid', path, reason);
  }
}
