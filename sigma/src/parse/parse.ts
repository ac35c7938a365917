/**
 * Text to documents: rules, correlations and filters, each on its own, so that one broken document never takes the rest
 * of its file with it. Never throws.
 */
import { createHash } from 'node:crypto';
import type { SigmaDocument, SigmaFilter, SigmaLogsource } from '../ast/document.ts';
import { SIGMA_ERRORS, SigmaFault, type SigmaError, type SigmaErrorCode, type YamlPath } from '../ast/error.ts';
import { isMap, mapOf, optionalText, requiredText, textList, type YamlMap } from './attributes.ts';
import { parseCorrelation } from './correlation.ts';
import { parseDetection } from './detection.ts';
import { readYaml, type YamlDocument } from './yaml.ts';

export interface ParsedSigma {
  documents: SigmaDocument[];
  errors: SigmaError[];
}

const LEVELS = new Set(['informational', 'low', 'medium', 'high', 'critical']);
const STATUSES = new Set(['stable', 'test', 'experimental', 'deprecated', 'unsupported']);

/** Attributes with a place of their own; everything else goes to `custom`. */
const KNOWN = new Set([
  ...['title', 'id', 'name', 'status', 'description', 'references', 'author', 'date', 'modified', 'tags'],
  ...['falsepositives', 'fields', 'level', 'logsource', 'detection', 'correlation', 'filter', 'generate'],
]);

/** Reads a file of one or more YAML documents. `file` only names it in errors and documents. */
export function parseSigma(text: string, file = ''): ParsedSigma {
  const { documents: sources, errors } = readYaml(text, file);
  const documents: SigmaDocument[] = [];
  for (const source of sources) {
    const report = (severity: SigmaError['severity'], code: SigmaErrorCode, message: string, path: YamlPath): void => {
      errors.push({ code, message, severity, file, ...source.locate(path) });
    };
    try {
      const document = parseDocument(source, file);
      if (document.status !== undefined && !STATUSES.has(document.status)) {
        report('warning', 'status_unknown', SIGMA_ERRORS.status_unknown, ['status']);
      }
      documents.push(document);
    } catch (error) {
      if (error instanceof SigmaFault) report('error', error.code, error.message, error.path);
      else report('error', 'internal', SIGMA_ERRORS.internal, []);
    }
  }
  return { documents, errors };
}

function parseDocument(source: YamlDocument, file: string): SigmaDocument {
  const data = mapOf(source.data, []);
  if ('action' in data) throw new SigmaFault('action_unsupported', ['action']);
  const base = parseBase(data, source, file);
  if ('correlation' in data) return { kind: 'correlation', ...base, correlation: parseCorrelation(data) };
  if ('filter' in data) return { kind: 'filter', ...base, ...parseFilter(data) };
  if (!('detection' in data)) throw new SigmaFault('not_a_rule', []);
  const detection = parseDetection(mapOf(data['detection'], ['detection']), ['detection']);
  return { kind: 'event', ...base, logsource: parseLogsource(data['logsource']), detection };
}

function parseBase(data: YamlMap, source: YamlDocument, file: string) {
  const text = (name: string): string | undefined => optionalText(data[name], [name]);
  const level = text('level')?.toLowerCase();
  if (level !== undefined && !LEVELS.has(level))
    throw new SigmaFault('level_unknown', ['level'], `It is \`${level}\`.`);
  const custom = Object.create(null) as Record<string, unknown>;
  for (const name of Object.keys(data)) if (!KNOWN.has(name)) custom[name] = data[name];
  return {
    id: text('id')?.trim() || idOf(source.text),
    title: requiredText(data['title'], ['title']),
    name: text('name'),
    status: text('status')?.toLowerCase(),
    description: text('description'),
    references: textList(data['references'], ['references']),
    author: text('author'),
    date: text('date'),
    modified: text('modified'),
    tags: textList(data['tags'], ['tags']),
    falsepositives: textList(data['falsepositives'], ['falsepositives']),
    fields: textList(data['fields'], ['fields']),
    level,
    custom,
    yaml: source.text,
    file,
    line: source.line,
    locate: source.locate,
  };
}

function parseLogsource(value: unknown): SigmaLogsource {
  const map = mapOf(value, ['logsource']);
  const text = (name: string): string | undefined => optionalText(map[name], ['logsource', name])?.trim().toLowerCase();
  const attributes = { category: text('category'), product: text('product'), service: text('service') };
  const logsource = Object.fromEntries(Object.entries(attributes).filter(([, attribute]) => attribute));
  if (Object.keys(logsource).length === 0) throw new SigmaFault('logsource_empty', ['logsource']);
  const definition = optionalText(map['definition'], ['logsource', 'definition']);
  return definition === undefined ? logsource : { ...logsource, definition };
}

function parseFilter(data: YamlMap): Pick<SigmaFilter, 'logsource' | 'rules' | 'detection'> {
  const filter = mapOf(data['filter'], ['filter']);
  const rules = textList(filter['rules'], ['filter', 'rules']);
  if (rules.length === 0) throw new SigmaFault('field_missing', ['filter'], 'It is `rules`.');
  const any = rules.length === 1 && rules[0]!.toLowerCase() === 'any' && !isMap(filter['rules']);
  const detection = parseDetection(filter, ['filter'], ['rules']);
  return { logsource: parseLogsource(data['logsource']), rules: any ? null : rules, detection };
}

/** An id made from the content, in the form of a UUID: the same text always has the same one. */
function idOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}
