/**
 * All rules, and the way from an event's log source to the engine of the rules that cover it. Engines are built when
 * first asked for and shared by all log sources that the same rules cover; routes are remembered in a bounded cache,
 * because channels and event ids are written by whoever sends the log.
 */
import type { SigmaLogsource } from '../ast/document.ts';
import type { CompiledCorrelation } from '../compile/correlation.ts';
import type { CompiledRule } from '../compile/rule.ts';
import type { FieldFallbacks } from '../match/view.ts';
import { classifyLogsource, covers, type EventLogsource } from '../taxonomy/logsource.ts';
import { createRuleEngine, type RuleEngine } from './rule-engine.ts';
import { MemoBudget } from './value-memo.ts';

export interface Ruleset {
  readonly rules: readonly CompiledRule[];
  readonly correlations: readonly CompiledCorrelation[];
  /** The engine for events of a log source; null when no rule covers them. */
  route(source: EventLogsource): RuleEngine | null;
  /** The correlations that count a rule's matches. */
  correlationsOf(rule: CompiledRule): readonly CompiledCorrelation[];
}

const MAX_ROUTES = 4096;
const MEMO_BYTES = 48 * 1024 * 1024;
const NONE: readonly CompiledCorrelation[] = Object.freeze([]);

export function createRuleset(
  rules: readonly CompiledRule[],
  correlations: readonly CompiledCorrelation[],
  security4688: boolean,
): Ruleset {
  const budget = new MemoBudget(MEMO_BYTES);
  const groups = groupByLogsource(rules);
  const engines = new Map<string, { fallbacks: FieldFallbacks; engine: RuleEngine }[]>();
  const byRule = new Map<CompiledRule, CompiledCorrelation[]>();
  for (const correlation of correlations) {
    for (const rule of correlation.rules) byRule.set(rule, [...(byRule.get(rule) ?? []), correlation]);
  }

  function engineOf(source: EventLogsource): RuleEngine | null {
    const event = classifyLogsource(source, security4688);
    const covering = groups.filter(({ logsource }) => covers(logsource, event));
    if (covering.length === 0) return null;
    const key = covering.map(({ number }) => number).join();
    const same = engines.get(key) ?? [];
    const known = same.find(({ fallbacks }) => fallbacks === event.fallbacks);
    if (known) return known.engine;
    const covered = covering.flatMap((group) => group.rules).sort((a, b) => a.index - b.index);
    const engine = createRuleEngine(covered, event.fallbacks, budget);
    engines.set(key, [...same, { fallbacks: event.fallbacks, engine }]);
    return engine;
  }

  return {
    rules,
    correlations,
    route: createRoutes(engineOf),
    correlationsOf: (rule) => byRule.get(rule) ?? NONE,
  };
}

/** Rules of one log source; SigmaHQ has some 140. Finding who covers an event asks these, not every rule. */
interface RuleGroup {
  readonly number: number;
  readonly logsource: SigmaLogsource;
  readonly rules: CompiledRule[];
}

function groupByLogsource(rules: readonly CompiledRule[]): RuleGroup[] {
  const groups = new Map<string, RuleGroup>();
  for (const compiled of rules) {
    const { logsource } = compiled.rule;
    const key = JSON.stringify([logsource.product, logsource.category, logsource.service]);
    const group = groups.get(key);
    if (group) group.rules.push(compiled);
    else groups.set(key, { number: groups.size, logsource, rules: [compiled] });
  }
  return [...groups.values()];
}

type Routes<T> = Map<string | number, T>;

/** A tree of maps rather than one key of joined text: nothing is built per event. */
function createRoutes(engineOf: (source: EventLogsource) => RuleEngine | null): Ruleset['route'] {
  let size = 0;
  const root: Routes<Routes<Routes<Routes<Routes<RuleEngine | null>>>>> = new Map();

  const step = <T>(map: Routes<Routes<T>>, key: string): Routes<T> => {
    let next = map.get(key);
    if (next === undefined) map.set(key, (next = new Map()));
    return next;
  };
  return (source) => {
    const { channel = '', product = '', service = '', category = '', code = '' } = source;
    const byCode = step(step(step(step(root, channel), product), service), category);
    const known = byCode.get(code);
    if (known !== undefined) return known;
    const engine = engineOf(source);
    if (size >= MAX_ROUTES) {
      root.clear();
      size = 0;
      return engine;
    }
    size++;
    byCode.set(code, engine);
    return engine;
  };
}
