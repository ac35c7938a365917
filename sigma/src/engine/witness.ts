/**
 * Each rule's witness: a small set of predicates of which one must hold whenever the rule matches. Only rules with a
 * witness found in the event are evaluated. The rarest is chosen: long literals that few rules ask for.
 */
import type { Expression } from '../match/expression.ts';
import type { Predicate } from '../match/predicate.ts';
import type { ValueTest } from '../match/test.ts';

export interface Witness {
  readonly predicates: readonly Predicate[];
  /** Rough share of events in which it is found; only compared. */
  readonly frequency: number;
}

/** Fields whose values are few, so that even an exact value is no rarity. */
const COMMON_FIELDS = new Set(['EventID', 'Channel', 'Provider_Name', 'event.action', 'event.outcome']);

/** Null when there is none among the predicates that `usable` lets in: such a rule is evaluated for every event. */
export function chooseWitness(
  expression: Expression,
  usable: (predicate: Predicate) => boolean,
  usage: ReadonlyMap<Predicate, number>,
): Witness | null {
  switch (expression.op) {
    case 'predicate': {
      const { predicate } = expression;
      if (predicate.kind === 'reference' || predicate.whenMissing || !usable(predicate)) return null;
      const frequency = predicate.tests.reduce((sum, test) => sum + frequencyOf(test, predicate.field), 0);
      return { predicates: [predicate], frequency: frequency * (usage.get(predicate) ?? 1) };
    }
    case 'not':
      return null;
    case 'and': {
      let rarest: Witness | null = null;
      for (const child of expression.children) {
        const witness = chooseWitness(child, usable, usage);
        if (witness && (rarest === null || witness.frequency < rarest.frequency)) rarest = witness;
      }
      return rarest;
    }
    case 'or': {
      const predicates: Predicate[] = [];
      let frequency = 0;
      for (const child of expression.children) {
        const witness = chooseWitness(child, usable, usage);
        if (witness === null) return null;
        predicates.push(...witness.predicates);
        frequency += witness.frequency;
      }
      return { predicates, frequency };
    }
  }
}

function frequencyOf(test: ValueTest, field: string): number {
  switch (test.kind) {
    case 'equals':
      if (COMMON_FIELDS.has(field)) return 0.1;
      return /^(true|false|-?\d{1,3})$/.test(test.text) ? 0.1 : 0.001;
    case 'contains':
    case 'starts':
    case 'ends':
      return Math.max(0.0005, 0.55 ** test.text.length);
    case 'glob':
      return 0.01;
    case 'regex':
      return test.regex.literals === null ? 0.5 : 0.02;
    case 'any':
      return 1;
    default:
      return 0.2;
  }
}
