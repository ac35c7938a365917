/**
 * Sigma 2.1, pure: no I/O, and time is an argument. Text is parsed to documents (`parse`), documents are compiled to a
 * ruleset (`compile`), events are routed to the engine of their log source and matched (`engine`), matches are explained
 * (`explain`) and counted (`correlate`). A document that is broken is reported with its position and left out; nothing
 * here throws for what a rule or an event says.
 */
export { SIGMA_ERRORS, type SigmaError, type SigmaErrorCode } from './ast/error.ts';
export { formatCondition, type Condition } from './ast/condition.ts';
export type {
  Detection,
  DetectionItem,
  Selection,
  SigmaCorrelation,
  SigmaDocument,
  SigmaFilter,
  SigmaLogsource,
  SigmaRule,
  SigmaScalar,
} from './ast/document.ts';
export { parseSigma, type ParsedSigma } from './parse/parse.ts';
export { MODIFIERS } from './modifiers/catalogue.ts';
export { compileRules, type Compiled, type CompileOptions } from './compile/compile.ts';
export type { CompiledRule } from './compile/rule.ts';
export type { CompiledCorrelation } from './compile/correlation.ts';
export type { View } from './match/view.ts';
export type { RuleEngine } from './engine/rule-engine.ts';
export type { Ruleset } from './engine/ruleset.ts';
export { explainMatch } from './explain/explain.ts';
export { createCorrelator } from './correlate/correlator.ts';
export type { CorrelationWindow, Correlator, CorrelatorOptions, Firing } from './correlate/correlator.ts';
export { ECS_ALIASES_VERSION, resolveField } from './taxonomy/ecs.ts';
export type { EventLogsource } from './taxonomy/logsource.ts';
