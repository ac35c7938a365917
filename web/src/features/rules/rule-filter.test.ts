import type { RuleInfo } from '@vedette/contracts';
import { expect, it } from 'vitest';
import { filterRules, logsourceText, techniquesOf } from './rule-filter.ts';

const rule = (id: string, level: number, title: string, change: Partial<RuleInfo> = {}): RuleInfo => ({
  id,
  title,
  level,
  status: 'stable',
  kind: 'event',
  description: '',
  tags: ['attack.t1110.001', 'attack.credential-access'],
  logsource: { product: 'linux', service: 'sshd' },
  yaml: '',
  ...change,
});

it('filterRules finds all words anywhere and sorts by level', () => {
  const rules = [rule('1', 5, 'Log wiped'), rule('2', 11, 'SSH brute force'), rule('3', 14, 'Brute force won')];
  const ids = (search: object) => filterRules(rules, search).map((each) => each.id);
  expect(ids({})).toEqual(['3', '2', '1']);
  expect(ids({ text: 'brute ssh' })).toEqual(['3', '2']);
  expect(ids({ text: 'T1110' })).toEqual(['3', '2', '1']);
  expect(ids({ severity: 'low' })).toEqual(['1']);
  expect(ids({ text: 'nothing' })).toEqual([]);
});

it('techniquesOf and logsourceText read what rules declare', () => {
  expect(techniquesOf(['attack.t1110.001', 'attack.execution', 'cve.2021-44228'])).toEqual(['T1110.001']);
  expect(logsourceText({ category: 'process_creation', product: 'windows' })).toBe('windows · process_creation');
});
