/** The one catalogue of what can be wrong with a Sigma document. Codes are stable; messages say what to do next. */

export const SIGMA_ERRORS = {
  yaml_invalid: 'The text is not valid YAML.',
  text_too_large: 'The file is larger than the limit.',
  too_deep: 'The document is nested too deeply.',
  not_a_rule: 'The document has none of: detection, correlation, filter.',
  action_unsupported: 'Collections with `action` are of Sigma 1. Write each rule out.',
  field_missing: 'A required attribute is missing.',
  field_type: 'An attribute has the wrong type.',
  level_unknown: 'Use one of: informational, low, medium, high, critical.',
  status_unknown: 'Use one of: stable, test, experimental, deprecated, unsupported.',
  logsource_empty: 'Give at least one of: category, product, service.',
  selection_empty: 'A selection needs at least one field or keyword.',
  selection_type: 'A selection is a map, a list of maps, or a list of keywords.',
  value_type: 'The value has a type that this field or modifier cannot take.',
  value_empty_list: 'The list of values is empty.',
  too_many_values: 'There are more values than the limit.',
  modifier_unknown: 'The modifier is not one of Sigma 2.1.',
  modifier_conflict: 'These modifiers cannot be used together.',
  modifier_value: 'The modifier cannot take this value.',
  regex_unsupported: 'The regular expression needs look-around or back-references, which take more than linear time.',
  regex_invalid: 'The regular expression cannot be read.',
  condition_syntax: 'The condition cannot be read.',
  condition_unknown: 'The condition names a selection that does not exist.',
  condition_no_match: 'No selection matches the pattern of the condition.',
  condition_too_large: 'The condition is longer or nested deeper than the limit.',
  legacy_aggregation: 'Aggregations in the condition are of Sigma 1. Use a correlation.',
  placeholder_unknown: 'No values are configured for the placeholder; it matches nothing.',
  duplicate_id: 'Another rule has the same id.',
  reference_unknown: 'No loaded rule has this id or name.',
  correlation_unsupported: 'This kind of correlation is not supported yet.',
  timespan_invalid: 'Write a time span as a number and one of s, m, h, d, w, M, y.',
  internal: 'The document could not be read. Please report it.',
} as const;

export type SigmaErrorCode = keyof typeof SIGMA_ERRORS;

/** What is wrong, and where. Lines and columns count from 1; 0 when the place is unknown. */
export interface SigmaError {
  readonly code: SigmaErrorCode;
  readonly message: string;
  /** `error`: the document is left out. `warning`: it works, though not fully as written. */
  readonly severity: 'error' | 'warning';
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A path into the YAML document: what an error is about. */
export type YamlPath = readonly (string | number)[];

/** Thrown while one document is read; turned into a positioned `SigmaError` at the top. Never leaves the package. */
export class SigmaFault extends Error {
  readonly code: SigmaErrorCode;
  readonly path: YamlPath;

  constructor(code: SigmaErrorCode, path: YamlPath, detail = '') {
    super(detail === '' ? SIGMA_ERRORS[code] : `${SIGMA_ERRORS[code]} ${detail}`);
    this.code = code;
    this.path = path;
  }
}
