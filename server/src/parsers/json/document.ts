/**
 * JSON from the network: bounded in depth and keys, and never trusted with prototypes. Parsers of several shapes look
 * at the same line one after the other; the last document is remembered, so that it is parsed once.
 */
import type { ExtraValue } from '@vedette/contracts';
import { Rejection } from '../../pipeline/result.ts';

export type JsonObject = Record<string, ExtraValue>;

export const MAX_DEPTH = 64;
export const MAX_KEYS = 10_000;

let lastLine = '';
let lastResult: JsonObject | Rejection = new Rejection('bad_json', 'empty');

/** The line's JSON object, or why it is none: `bad_json`, `too_deep`, `unparsed` (JSON, but no object). */
export function parseDocument(line: string): JsonObject | Rejection {
  if (line === lastLine) return lastResult;
  lastResult = readDocument(line);
  lastLine = line;
  return lastResult;
}

/** Forgets the remembered document: its reader has kept it, and may change it. */
export function keepDocument(): void {
  lastLine = '';
}

function readDocument(line: string): JsonObject | Rejection {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return new Rejection('bad_json', error instanceof Error ? error.message.slice(0, 200) : 'not valid JSON');
  }
  if (!isObject(value)) {
    return new Rejection('unparsed', 'a JSON value that is no object: send one JSON object a line');
  }
  return mayExceed(line) ? (exceeded(value) ?? value) : value;
}

/** A plain object (no array, no null). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Cheap bound before any walk: depth needs that many brackets, keys need five characters each. */
function mayExceed(line: string): boolean {
  if (line.length > MAX_KEYS * 5) return true;
  let brackets = 0;
  for (let at = line.indexOf('{'); at >= 0; at = line.indexOf('{', at + 1)) if (++brackets > MAX_DEPTH) return true;
  for (let at = line.indexOf('['); at >= 0; at = line.indexOf('[', at + 1)) if (++brackets > MAX_DEPTH) return true;
  return false;
}

function exceeded(root: JsonObject): Rejection | null {
  let level: object[] = [root];
  let keys = 0;
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return new Rejection('too_deep', `nested deeper than ${MAX_DEPTH} levels`);
    const next: object[] = [];
    for (const node of level) {
      const values = Object.values(node) as unknown[];
      keys += values.length;
      for (const value of values) if (typeof value === 'object' && value !== null) next.push(value);
    }
    if (keys > MAX_KEYS) return new Rejection('too_deep', `more than ${MAX_KEYS} keys`);
    level = next;
  }
  return null;
}

/** Text of a scalar; '' for null, objects, arrays. */
export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** A non-negative integer not above `max`, from a number or digits (decimal or 0x…); 0 otherwise. */
export function integer(value: unknown, max = Number.MAX_SAFE_INTEGER): number {
  const number = typeof value === 'number' ? value : typeof value === 'string' && value !== '' ? Number(value) : 0;
  return number >= 0 && number <= max ? Math.trunc(number) : 0;
}

/** A port number, 0 when it is none. */
export function port(value: unknown): number {
  return integer(value, 65535);
}

/** Value at a dotted path, whether the document is nested or has dotted keys; undefined when absent. */
export function valueAt(document: JsonObject, path: string): ExtraValue | undefined {
  if (Object.hasOwn(document, path)) return document[path];
  for (let dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
    const head = path.slice(0, dot);
    if (!Object.hasOwn(document, head)) continue;
    const child = document[head];
    if (!isObject(child)) continue;
    const found = valueAt(child, path.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** First text among several names of the same thing. */
export function firstText(document: JsonObject, names: readonly string[]): string {
  for (const name of names) {
    if (!Object.hasOwn(document, name)) continue;
    const value = text(document[name]);
    if (value !== '') return value;
  }
  return '';
}
