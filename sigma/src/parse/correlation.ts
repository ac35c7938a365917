/** The `correlation` block. Of its types `event_count` is supported; the others fault by name, so nothing is ignored. */
import type { SigmaCorrelation } from '../ast/document.ts';
import { SigmaFault } from '../ast/error.ts';
import { isMap, mapOf, requiredText, textList, type YamlMap } from './attributes.ts';

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
  M: 30 * 86_400_000,
  y: 365 * 86_400_000,
};
const MAX_THRESHOLD = 100_000;

export function parseCorrelation(document: YamlMap): SigmaCorrelation['correlation'] {
  const block = mapOf(document['correlation'], ['correlation']);
  const at = (name: string): string[] => ['correlation', name];
  const type = requiredText(block['type'], at('type'));
  if (type !== 'event_count') throw new SigmaFault('correlation_unsupported', at('type'), `It is \`${type}\`.`);
  const rules = textList(block['rules'], at('rules'));
  if (rules.length === 0) throw new SigmaFault('field_missing', ['correlation'], 'It is `rules`.');
  const generate = document['generate'] === true || block['generate'] === true;
  return {
    type,
    rules,
    groupBy: textList(block['group-by'], at('group-by')),
    timespanMs: parseTimespan(requiredText(block['timespan'] ?? block['timeframe'], at('timespan'))),
    threshold: parseThreshold(block['condition']),
    aliases: parseAliases(block['aliases']),
    generate,
  };
}

/** `90s`, `5m`, `1h`, `1d`, `1w`, `1M` (30 days), `1y` (365 days) in milliseconds. */
export function parseTimespan(text: string): number {
  const match = /^(\d{1,6})([smhdwMy])$/.exec(text.trim());
  const span = match ? Number(match[1]) * UNIT_MS[match[2]!]! : 0;
  if (span === 0) throw new SigmaFault('timespan_invalid', ['correlation', 'timespan']);
  return span;
}

/** The number of events from which a window fires: `gte: n`, or `gt: n` as n + 1. */
function parseThreshold(value: unknown): number {
  const path = ['correlation', 'condition'];
  if (typeof value === 'string')
    throw new SigmaFault('correlation_unsupported', path, 'The condition should be a map.');
  const condition = mapOf(value, path);
  const operators = Object.keys(condition);
  const [operator] = operators;
  if (operator === undefined) throw new SigmaFault('field_missing', path, 'It is `gte`.');
  const other = operators.find((name) => name !== 'gte' && name !== 'gt') ?? operators[1];
  if (other !== undefined) {
    throw new SigmaFault(
      'correlation_unsupported',
      [...path, other],
      `Of conditions one \`gte\` or \`gt\` is, not \`${other}\`.`,
    );
  }
  const count = condition[operator];
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 0) {
    throw new SigmaFault('field_type', [...path, operator], 'It should be a whole number.');
  }
  const threshold = Math.max(1, operator === 'gt' ? count + 1 : count);
  if (threshold > MAX_THRESHOLD) throw new SigmaFault('too_many_values', [...path, operator]);
  return threshold;
}

function parseAliases(value: unknown): Map<string, Map<string, string>> {
  const aliases = new Map<string, Map<string, string>>();
  if (value === undefined || value === null) return aliases;
  const path = ['correlation', 'aliases'];
  for (const [alias, byRule] of Object.entries(mapOf(value, path))) {
    if (!isMap(byRule)) throw new SigmaFault('field_type', [...path, alias], 'It should map rules to fields.');
    const entries = Object.entries(byRule).map(
      ([rule, field]) => [rule, requiredText(field, [...path, alias, rule])] as const,
    );
    aliases.set(alias, new Map(entries));
  }
  return aliases;
}
