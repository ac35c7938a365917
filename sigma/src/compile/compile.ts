/**
 * Documents to a ruleset. A document that cannot be compiled is reported and left out; the others go on. Filters are
 * joined to their rules, correlations find theirs by id or name.
 */
import type { SigmaCorrelation, SigmaDocument, SigmaFilter, SigmaRule } from '../ast/document.ts';
import { SIGMA_ERRORS, SigmaFault, type SigmaError, type SigmaErrorCode, type YamlPath } from '../ast/error.ts';
import { createRuleset, type Ruleset } from '../engine/ruleset.ts';
import { PredicateTable } from '../match/predicate.ts';
import { compileCorrelation, type CompiledCorrelation } from './correlation.ts';
import type { Placeholders } from './placeholders.ts';
import { compileExpression, filterApplies, severityOfLevel, type CompiledRule } from './rule.ts';

export interface CompileOptions {
  /** Values of `%name%` for `|expand`. */
  readonly placeholders?: Placeholders;
  /** Whether Security 4688 counts as process_creation; true by default. */
  readonly security4688?: boolean;
}

export interface Compiled {
  ruleset: Ruleset;
  errors: SigmaError[];
}

export function compileRules(documents: readonly SigmaDocument[], options: CompileOptions = {}): Compiled {
  const errors: SigmaError[] = [];
  const unique = withoutDuplicates(documents, errors);
  const filters = unique.filter((document) => document.kind === 'filter');
  const correlations = unique.filter((document) => document.kind === 'correlation');
  const alone = rulesThatAlert(unique);
  const predicates = new PredicateTable();
  const rules: CompiledRule[] = [];

  for (const rule of unique) {
    if (rule.kind !== 'event') continue;
    attempt(rule, errors, () => {
      const applied = filters.filter((filter) => filterApplies(filter, rule));
      const expression = compileExpression(rule, applied, {
        predicates,
        placeholders: options.placeholders ?? {},
        unknownPlaceholder: (name, path) => {
          errors.push(errorOf(rule, 'warning', 'placeholder_unknown', path, ` It is \`%${name}%\`.`));
        },
      });
      const severity = severityOfLevel(rule.level);
      rules.push({ index: rules.length, rule, severity, alertsAlone: alone(rule), expression });
    });
  }
  reportUnknown(filters, rules, errors);

  const byReference = referencesOf(rules);
  const compiled: CompiledCorrelation[] = [];
  for (const document of correlations) {
    attempt(document, errors, () => {
      const found = document.correlation.rules.map((reference, index) => {
        const rule = byReference.get(reference);
        if (rule === undefined) throw unknownReference(reference, index, correlations);
        return rule;
      });
      compiled.push(compileCorrelation(document, compiled.length, [...new Set(found)]));
    });
  }
  const ruleset = createRuleset(rules, compiled, options.security4688 ?? true);
  return { ruleset, errors };
}

/** The first document of an id stays. */
function withoutDuplicates(documents: readonly SigmaDocument[], errors: SigmaError[]): SigmaDocument[] {
  const seen = new Set<string>();
  return documents.filter((document) => {
    const known = seen.has(document.id);
    seen.add(document.id);
    if (known) errors.push(errorOf(document, 'error', 'duplicate_id', ['id'], ` It is \`${document.id}\`.`));
    return !known;
  });
}

/** A rule that correlations refer to alerts on its own only when one of them says `generate`. */
function rulesThatAlert(documents: readonly SigmaDocument[]): (rule: SigmaRule) => boolean {
  const generates = new Map<string, boolean>();
  for (const document of documents) {
    if (document.kind !== 'correlation') continue;
    for (const reference of document.correlation.rules) {
      generates.set(reference, document.correlation.generate || generates.get(reference) === true);
    }
  }
  return (rule) => {
    const told = [generates.get(rule.id), rule.name === undefined ? undefined : generates.get(rule.name)];
    return told.includes(true) || !told.includes(false);
  };
}

function referencesOf(rules: readonly CompiledRule[]): Map<string, CompiledRule> {
  const byReference = new Map<string, CompiledRule>();
  for (const compiled of rules) if (compiled.rule.name !== undefined) byReference.set(compiled.rule.name, compiled);
  for (const compiled of rules) byReference.set(compiled.rule.id, compiled);
  return byReference;
}

function unknownReference(reference: string, index: number, correlations: readonly SigmaCorrelation[]): SigmaFault {
  const chained = correlations.some((other) => other.id === reference || other.name === reference);
  const code = chained ? 'correlation_unsupported' : 'reference_unknown';
  const detail = chained ? `\`${reference}\` is a correlation itself.` : `It is \`${reference}\`.`;
  return new SigmaFault(code, ['correlation', 'rules', index], detail);
}

function reportUnknown(filters: readonly SigmaFilter[], rules: readonly CompiledRule[], errors: SigmaError[]): void {
  const byReference = referencesOf(rules);
  for (const filter of filters) {
    for (const [index, reference] of (filter.rules ?? []).entries()) {
      if (byReference.has(reference)) continue;
      errors.push(
        errorOf(filter, 'warning', 'reference_unknown', ['filter', 'rules', index], ` It is \`${reference}\`.`),
      );
    }
  }
}

function attempt(document: SigmaDocument, errors: SigmaError[], compile: () => void): void {
  try {
    compile();
  } catch (error) {
    if (!(error instanceof SigmaFault)) throw error;
    errors.push({
      code: error.code,
      message: error.message,
      severity: 'error',
      file: document.file,
      ...document.locate(error.path),
    });
  }
}

function errorOf(
  document: SigmaDocument,
  severity: SigmaError['severity'],
  code: SigmaErrorCode,
  path: YamlPath,
  detail: string,
): SigmaError {
  return { code, message: SIGMA_ERRORS[code] + detail, severity, file: document.file, ...document.locate(path) };
}
