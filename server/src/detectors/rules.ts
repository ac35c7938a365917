/** Loads rule folders: our own pack and the user's. A rule that cannot be read is named and left out, never fatal. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileRules, parseSigma, type Ruleset, type SigmaDocument, type SigmaError } from '@vedette/sigma';
import type { RuleSummary } from '../pipeline/messages.ts';
import type { CorrelationSpec } from './correlations.ts';
import { levelOf } from './sigma.ts';

/** The pack that ships with Vedette. */
export const OWN_RULES = fileURLToPath(new URL('../../../content/sigma', import.meta.url));

export interface LoadedRules {
  ruleset: Ruleset;
  rules: RuleSummary[];
  correlations: CorrelationSpec[];
  errors: string[];
}

/** Reads every `.yml` and `.yaml` below the directories. Synchronous: call it in a worker thread or at a command line. */
export function loadRules(directories: readonly string[]): LoadedRules {
  const documents: SigmaDocument[] = [];
  const errors: SigmaError[] = [];
  for (const file of directories.flatMap(ruleFiles)) {
    const parsed = parseSigma(readFileSync(file, 'utf8'), file);
    documents.push(...parsed.documents);
    errors.push(...parsed.errors);
  }
  const compiled = compileRules(documents);
  errors.push(...compiled.errors);
  const { ruleset } = compiled;
  const correlations = ruleset.correlations.map((correlation) => ({
    index: correlation.index,
    timespanMs: correlation.timespanMs,
    threshold: correlation.threshold,
    definition: correlation.rule.yaml,
    id: correlation.rule.id,
    title: correlation.rule.title,
    level: levelOf(correlation),
  }));
  return { ruleset, rules: summaries(ruleset), correlations, errors: errors.map(describe) };
}

function ruleFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function summaries(ruleset: Ruleset): RuleSummary[] {
  return [...ruleset.rules, ...ruleset.correlations].map((compiled) => {
    const { rule } = compiled;
    return {
      id: rule.id,
      title: rule.title,
      level: levelOf(compiled),
      status: rule.status ?? '',
      kind: rule.kind,
      description: rule.description ?? '',
      tags: rule.tags,
      falsePositives: rule.falsepositives,
      logsource: rule.kind === 'event' ? { ...rule.logsource } : {},
      yaml: rule.yaml,
    };
  });
}

function describe({ file, line, column, message }: SigmaError): string {
  return `${file}:${line}:${column}: ${message}`;
}
