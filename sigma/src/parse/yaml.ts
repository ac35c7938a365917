/**
 * YAML text to plain documents with positions. Bounded in size, alias expansion and nesting; never throws, whatever the
 * bytes are.
 */
import { LineCounter, isNode, parseAllDocuments, parseDocument, type Document } from 'yaml';
import { SIGMA_ERRORS, type SigmaError, type YamlPath } from '../ast/error.ts';
import type { Position } from '../ast/document.ts';

const MAX_TEXT = 4 * 1024 * 1024;
const MAX_DEPTH = 40;
const MAX_ALIASES = 100;

/** One document of a file. */
export interface YamlDocument {
  readonly data: unknown;
  /** The document's own text. */
  readonly text: string;
  readonly line: number;
  readonly locate: (path: YamlPath) => Position;
}

export function readYaml(text: string, file: string): { documents: YamlDocument[]; errors: SigmaError[] } {
  const errors: SigmaError[] = [];
  const fail = (code: SigmaError['code'], { line, column }: Position, detail = ''): void => {
    const message = detail === '' ? SIGMA_ERRORS[code] : `${SIGMA_ERRORS[code]} ${detail}`;
    errors.push({ code, message, severity: 'error', file, line, column });
  };
  if (text.length > MAX_TEXT) {
    fail('text_too_large', { line: 0, column: 0 });
    return { documents: [], errors };
  }
  const lines = new LineCounter();
  let parsed: Document.Parsed[];
  try {
    parsed = [...(parseAllDocuments(text, { lineCounter: lines, prettyErrors: false }) as Document.Parsed[])];
  } catch {
    // The reader recurses: nesting deeper than the stack ends here.
    fail('too_deep', { line: 0, column: 0 });
    return { documents: [], errors };
  }
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const documents: YamlDocument[] = [];
  for (const document of parsed) {
    const problem = document.errors[0];
    if (problem) {
      fail('yaml_invalid', positionAt(problem.pos[0]), problem.message);
      continue;
    }
    if (document.contents === null) continue;
    const [start, end] = document.range;
    let data: unknown;
    try {
      data = document.toJS({ maxAliasCount: MAX_ALIASES });
    } catch (error) {
      fail('yaml_invalid', positionAt(start), error instanceof RangeError ? '' : String((error as Error).message));
      continue;
    }
    if (depthOf(data) > MAX_DEPTH) {
      fail('too_deep', positionAt(start));
      continue;
    }
    const source = text.slice(start, end);
    const { line } = positionAt(start);
    documents.push({ data, text: source.trim() + '\n', line, locate: (path) => locate(source, line, path) });
  }
  return { documents, errors };
}

/** Reads the document's text again: errors are rare, and keeping every syntax tree for them would cost 100 MB. */
function locate(source: string, firstLine: number, path: YamlPath): Position {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const { line, col } = lines.linePos(offsetOf(document, path) ?? document.range[0]);
  return { line: firstLine + line - 1, column: col };
}

/** Offset of the value at a path, or of the nearest parent that exists. */
function offsetOf(document: Document.Parsed, path: YamlPath): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return undefined;
}

/** Nesting of plain data; stops counting just above the limit. */
function depthOf(value: unknown, depth = 0): number {
  if (value === null || typeof value !== 'object' || depth > MAX_DEPTH) return depth;
  let deepest = depth + 1;
  for (const child of Object.values(value)) deepest = Math.max(deepest, depthOf(child, depth + 1));
  return deepest;
}
