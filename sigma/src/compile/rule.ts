/** One rule (and the filters that apply to it) to an expression over shared predicates. */
import { SIGMA_LEVEL } from '@vedette/contracts';
import { selectNames, type Condition } from '../ast/condition.ts';
import type { Detection, Selection, SigmaFilter, SigmaLogsource, SigmaRule } from '../ast/document.ts';
import { join, type Expression } from '../match/expression.ts';
import { resolveField } from '../taxonomy/ecs.ts';
import { compileItem, type ItemContext } from './item.ts';

export interface CompiledRule {
  /** Place in `ruleset.rules`. */
  readonly index: number;
  readonly rule: SigmaRule;
  /** 0–15, from the rule's level word; a rule without one is medium. */
  readonly severity: number;
  /** False when the rule only feeds correlations. */
  readonly alertsAlone: boolean;
  readonly expression: Expression;
}

export type RuleContext = Omit<ItemContext, 'resolve'>;

export function severityOfLevel(level: string | undefined): number {
  return SIGMA_LEVEL[level ?? 'medium']!;
}

export function compileExpression(rule: SigmaRule, filters: readonly SigmaFilter[], context: RuleContext): Expression {
  const own = compileDetection(rule.detection, rule.logsource, context, '');
  const applied = filters.map((filter) =>
    compileDetection(filter.detection, rule.logsource, context, `filter ${filter.title}: `),
  );
  return join('and', [own, ...applied]);
}

/** True when every attribute that the filter's log source sets is the rule's, and it names the rule (or any). */
export function filterApplies({ logsource, rules }: SigmaFilter, rule: SigmaRule): boolean {
  for (const name of ['category', 'product', 'service'] as const) {
    if (logsource[name] !== undefined && logsource[name] !== rule.logsource[name]) return false;
  }
  return rules === null || rules.some((reference) => reference === rule.id || reference === rule.name);
}

function compileDetection(
  { selections, conditions }: Detection,
  logsource: SigmaLogsource,
  context: RuleContext,
  prefix: string,
): Expression {
  const itemContext: ItemContext = { ...context, resolve: (field) => resolveField(field, logsource) };
  const compiled = new Map<string, Expression>();
  for (const [name, selection] of selections) {
    compiled.set(name, { ...compileSelection(selection, itemContext), selection: prefix + name });
  }
  return join(
    'or',
    conditions.map((condition) => compileCondition(condition, compiled)),
  );
}

function compileSelection(selection: Selection, context: ItemContext): Expression {
  if (selection.op === 'all')
    return join(
      'and',
      selection.items.map((item) => compileItem(item, context)),
    );
  return join(
    'or',
    selection.members.map((member) => compileSelection(member, context)),
  );
}

function compileCondition(condition: Condition, selections: ReadonlyMap<string, Expression>): Expression {
  switch (condition.op) {
    case 'selection':
      return selections.get(condition.name)!;
    case 'of': {
      const names = selectNames(condition.pattern, [...selections.keys()]);
      return join(
        condition.quantifier === 'all' ? 'and' : 'or',
        names.map((name) => selections.get(name)!),
      );
    }
    case 'not':
      return { op: 'not', child: compileCondition(condition.child, selections) };
    default:
      return join(
        condition.op,
        condition.children.map((child) => compileCondition(child, selections)),
      );
  }
}
