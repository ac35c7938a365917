/** What a Sigma file says, before it is compiled: rules, correlations and filters with everything they carry. */
import type { Condition } from './condition.ts';
import type { YamlPath } from './error.ts';

export type SigmaScalar = string | number | boolean | null;

export interface SigmaLogsource {
  readonly category?: string;
  readonly product?: string;
  readonly service?: string;
  readonly definition?: string;
}

/** One `field|modifiers: values`. */
export interface DetectionItem {
  /** '' for keywords, which search all values. */
  readonly field: string;
  readonly modifiers: readonly string[];
  readonly values: readonly SigmaScalar[];
  readonly path: YamlPath;
}

/** `all`: every item holds (a map). `any`: one of the members holds (a list). */
export type Selection =
  | { readonly op: 'all'; readonly items: readonly DetectionItem[] }
  | { readonly op: 'any'; readonly members: readonly Selection[] };

export interface Detection {
  readonly selections: ReadonlyMap<string, Selection>;
  /** Several conditions are alternatives. */
  readonly conditions: readonly Condition[];
}

interface DocumentBase {
  /** The document's own id, or one made from its content where it has none. */
  readonly id: string;
  readonly title: string;
  readonly name?: string;
  readonly status?: string;
  readonly description?: string;
  readonly references: readonly string[];
  readonly author?: string;
  readonly date?: string;
  readonly modified?: string;
  readonly tags: readonly string[];
  readonly falsepositives: readonly string[];
  readonly fields: readonly string[];
  readonly level?: string;
  /** Every other top-level attribute as plain data. */
  readonly custom: Readonly<Record<string, unknown>>;
  /** The document's own source text. */
  readonly yaml: string;
  readonly file: string;
  /** Line of the document's start, from 1. */
  readonly line: number;
  /** Turns a path into a position of the source text. */
  readonly locate: (path: YamlPath) => Position;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface SigmaRule extends DocumentBase {
  readonly kind: 'event';
  readonly logsource: SigmaLogsource;
  readonly detection: Detection;
}

export interface SigmaCorrelation extends DocumentBase {
  readonly kind: 'correlation';
  readonly correlation: {
    readonly type: string;
    /** Ids or names. */
    readonly rules: readonly string[];
    readonly groupBy: readonly string[];
    readonly timespanMs: number;
    /** Events that a window needs before it fires. */
    readonly threshold: number;
    /** Alias → rule (id or name) → field. */
    readonly aliases: ReadonlyMap<string, ReadonlyMap<string, string>>;
    /** True: the rules it refers to alert on their own as well. */
    readonly generate: boolean;
  };
}

export interface SigmaFilter extends DocumentBase {
  readonly kind: 'filter';
  readonly logsource: SigmaLogsource;
  /** Ids or names; null is every rule of the log source. */
  readonly rules: readonly string[] | null;
  readonly detection: Detection;
}

export type SigmaDocument = SigmaRule | SigmaCorrelation | SigmaFilter;
