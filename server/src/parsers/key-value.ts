/** Lines of `key=value key="quoted value"` (logfmt and alike): mapped like JSON with the same names. */
import { EcsEvent } from '@vedette/contracts';
import { Rejection } from '../pipeline/result.ts';
import { readAnyDocument } from './json/generic.ts';
import type { JsonObject } from './json/document.ts';
import { defineParser, type Parser } from './parser.ts';

const MAX_PAIRS = 500;
const MAX_KEY = 64;

export const keyValue: Parser = defineParser({
  name: 'key-value',
  sourceType: 'generic',
  detect(line) {
    const { pairs, covered } = readPairs(line);
    if (pairs < 3) return 0;
    return covered / line.length > 0.8 ? 0.5 : 0;
  },
  parse(line, context) {
    const { document, pairs } = readPairs(line);
    if (pairs === 0) return new Rejection('unparsed', 'no key=value in the line');
    const result = readAnyDocument(document, context);
    if (result instanceof EcsEvent) {
      if (result.dataset === 'json') result.dataset = 'key-value';
      if (result.recordPrefix === 'json.') result.recordPrefix = 'kv.';
      if (result.message === '') result.message = line;
    }
    return result;
  },
});

/** All pairs of a line in one pass, how many there are, and how many characters they cover. */
function readPairs(line: string): { document: JsonObject; pairs: number; covered: number } {
  const document: JsonObject = {};
  let pairs = 0;
  let covered = 0;
  let word = 0;
  let at = 0;
  while (at < line.length && pairs < MAX_PAIRS) {
    const code = line.charCodeAt(at);
    if (isKeyCode(code)) at++;
    else if (code === 61 && at > word && at - word <= MAX_KEY) {
      const key = line.slice(word, at);
      const end = valueEnd(line, at + 1);
      if (key !== '__proto__') document[key] = unquoted(line.slice(at + 1, end));
      pairs++;
      covered += end - word + 1;
      at = end;
      word = at;
    } else word = ++at;
  }
  return { document, pairs, covered };
}

/** Letters, digits, `_ . - @`. */
function isKeyCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 46 ||
    code === 45 ||
    code === 64
  );
}

function valueEnd(line: string, at: number): number {
  if (line.charCodeAt(at) === 34) {
    for (let i = at + 1; i < line.length; i++) {
      const code = line.charCodeAt(i);
      if (code === 92) i++;
      else if (code === 34) return i + 1;
    }
    return line.length;
  }
  let end = at;
  while (end < line.length && line.charCodeAt(end) !== 32 && line.charCodeAt(end) !== 9) end++;
  return end > at && (line.charCodeAt(end - 1) === 44 || line.charCodeAt(end - 1) === 59) ? end - 1 : end;
}

function unquoted(value: string): string {
  if (value.charCodeAt(0) !== 34) return value;
  const inner = value.slice(1, value.length > 1 && value.endsWith('"') ? -1 : undefined);
  return inner.includes('\\') ? inner.replaceAll('\\"', '"').replaceAll('\\\\', '\\') : inner;
}
