/** Correlations with their rules found and their group fields resolved. */
import type { SigmaCorrelation, SigmaRule } from '../ast/document.ts';
import { SigmaFault } from '../ast/error.ts';
import { readField, textsOf, type View } from '../match/view.ts';
import { resolveField } from '../taxonomy/ecs.ts';
import { fallbacksOfView } from '../taxonomy/windows.ts';
import { severityOfLevel, type CompiledRule } from './rule.ts';

export interface CompiledCorrelation {
  /** Place in `ruleset.correlations`. */
  readonly index: number;
  readonly rule: SigmaCorrelation;
  /** 0–15, from the correlation's level word. */
  readonly severity: number;
  /** The rules whose matches it counts. */
  readonly rules: readonly CompiledRule[];
  readonly timespanMs: number;
  /** Events that a window needs. */
  readonly threshold: number;
  /** Text of what its state depends on: its rules, groups and window. */
  readonly definition: string;
  /**
   * Key of the group that a match belongs to; null when the view lacks a group field. `rule` is the one that matched
   * (it decides aliases and field names; the first of `rules` when not given). Without group-by all are one group, ''.
   */
  groupKey(view: View, rule?: CompiledRule): string | null;
}

/** Matched rules by reference; throws a `SigmaFault` for unknown ones. */
export function compileCorrelation(
  document: SigmaCorrelation,
  index: number,
  rules: readonly CompiledRule[],
): CompiledCorrelation {
  const { correlation } = document;
  const fields = new Map(rules.map((rule) => [rule, groupFields(document, rule.rule)]));
  return {
    index,
    rule: document,
    severity: severityOfLevel(document.level),
    rules,
    timespanMs: correlation.timespanMs,
    threshold: correlation.threshold,
    definition: definitionOf(document),
    groupKey: (view, rule = rules[0]!) => groupKey(view, fields.get(rule) ?? []),
  };
}

function definitionOf({ id, correlation }: SigmaCorrelation): string {
  const { type, rules, groupBy, timespanMs, threshold, aliases } = correlation;
  const plain = [...aliases].map(([alias, byRule]) => [alias, ...byRule]);
  return JSON.stringify([id, type, rules, groupBy, timespanMs, threshold, plain]);
}

/** View keys of the group-by fields, as the given rule's events name them. */
function groupFields({ correlation }: SigmaCorrelation, rule: SigmaRule): string[] {
  return correlation.groupBy.map((name) => {
    const byRule = correlation.aliases.get(name);
    const field = byRule?.get(rule.name ?? '') ?? byRule?.get(rule.id);
    if (byRule !== undefined && field === undefined) {
      throw new SigmaFault(
        'reference_unknown',
        ['correlation', 'aliases', name],
        `It lacks \`${rule.name ?? rule.id}\`.`,
      );
    }
    return resolveField(field ?? name, rule.logsource);
  });
}

function groupKey(view: View, fields: readonly string[]): string | null {
  let key = '';
  for (let i = 0; i < fields.length; i++) {
    const direct = view[fields[i]!];
    const text = typeof direct === 'string' ? direct : textOfField(view, fields[i]!);
    if (text === null) return null;
    // Lengths keep ('ab', 'c') and ('a', 'bc') apart, whatever the values hold.
    key += i === fields.length - 1 ? text : `${text.length}:${text},`;
  }
  return key;
}

function textOfField(view: View, field: string): string | null {
  const texts = textsOf(readField(view, field, fallbacksOfView(view)));
  return texts ? texts.join('\n') : null;
}
