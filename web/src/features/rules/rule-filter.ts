/** Filtering rules and reading their tags. Pure. */
import { severityOf, type RuleInfo } from '@vedette/contracts';
import type { RuleSearch } from './search.ts';

export function filterRules(rules: readonly RuleInfo[], { text, severity }: RuleSearch): RuleInfo[] {
  const words = (text ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return rules
    .filter((rule) => severity === undefined || severityOf(rule.level) === severity)
    .filter((rule) => {
      const haystack = [rule.title, rule.id, ...rule.tags, ...Object.values(rule.logsource)].join(' ').toLowerCase();
      return words.every((word) => haystack.includes(word));
    })
    .sort((a, b) => b.level - a.level || (a.title < b.title ? -1 : 1));
}

/** `attack.t1110.001` → `T1110.001`; tactics and other tags are left out. */
export function techniquesOf(tags: readonly string[]): string[] {
  return tags.flatMap((tag) => /^attack\.(t\d{4}(?:\.\d{3})?)$/i.exec(tag)?.[1]?.toUpperCase() ?? []);
}

/** `windows · process_creation`. */
export function logsourceText(logsource: RuleInfo['logsource']): string {
  return ['product', 'service', 'category'].flatMap((key) => logsource[key] ?? []).join(' · ');
}
