/**
 * What a list of rules needs to be matched: its predicates numbered, which of them the walk over an event finds and which
 * are asked only on demand, and which predicate wakes which rule.
 */
import type { CompiledRule } from '../compile/rule.ts';
import { eachPredicate } from '../match/expression.ts';
import type { Predicate, ValuePredicate } from '../match/predicate.ts';
import { chooseWitness } from './witness.ts';

export interface Plan {
  /** Predicates by local number. */
  readonly ids: ReadonlyMap<Predicate, number>;
  /** Predicates that the walk finds, by field ('' for keywords). All others are asked on demand. */
  readonly eager: ReadonlyMap<string, readonly ValuePredicate[]>;
  /** Per predicate the rules (by place in the list) to evaluate when it is found. */
  readonly woken: readonly (Int32Array | null)[];
  /** Rules to evaluate for every event. */
  readonly unwitnessed: Int32Array;
}

/** Tests that cost more than a literal. */
const DEAR = new Set(['regex', 'cidr', 'number', 'time']);

export function planRules(rules: readonly CompiledRule[]): Plan {
  const ids = new Map<Predicate, number>();
  const usage = new Map<Predicate, number>();
  for (const { expression } of rules) {
    eachPredicate(expression, (predicate) => {
      if (!ids.has(predicate)) ids.set(predicate, ids.size);
      usage.set(predicate, (usage.get(predicate) ?? 0) + 1);
    });
  }
  const unwitnessed: number[] = [];
  const woken = new Map<Predicate, number[]>();
  rules.forEach(({ expression }, rule) => {
    // A dear predicate becomes a witness only where a rule has nothing else.
    const witness =
      chooseWitness(expression, (predicate) => !isDear(predicate), usage) ??
      chooseWitness(expression, () => true, usage);
    if (witness === null) unwitnessed.push(rule);
    for (const predicate of new Set(witness?.predicates)) append(woken, predicate, rule);
  });
  const eager = new Map<string, ValuePredicate[]>();
  for (const predicate of ids.keys()) {
    if (predicate.kind === 'values' && (!isDear(predicate) || woken.has(predicate))) {
      append(eager, predicate.field, predicate);
    }
  }
  return {
    ids,
    eager,
    woken: [...ids.keys()].map((predicate) => (woken.has(predicate) ? Int32Array.from(woken.get(predicate)!) : null)),
    unwitnessed: Int32Array.from(unwitnessed),
  };
}

/** Keywords never are: one pass over the values answers them all. */
function isDear(predicate: Predicate): boolean {
  return predicate.kind === 'values' && predicate.field !== '' && predicate.tests.some(({ kind }) => DEAR.has(kind));
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
