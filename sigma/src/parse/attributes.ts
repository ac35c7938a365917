/** Typed reading of a document's attributes: each reader takes what YAML gave and faults with its path. */
import { SigmaFault, type YamlPath } from '../ast/error.ts';
import type { SigmaScalar } from '../ast/document.ts';

export type YamlMap = Readonly<Record<string, unknown>>;

export function isMap(value: unknown): value is YamlMap {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

export function isScalar(value: unknown): value is SigmaScalar {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

export function mapOf(value: unknown, path: YamlPath): YamlMap {
  if (value === undefined || value === null) throw new SigmaFault('field_missing', path, nameOf(path));
  if (!isMap(value)) throw new SigmaFault('field_type', path, `${nameOf(path)} It should be a map.`);
  return value;
}

/** Text, or undefined where the attribute is missing. Numbers and booleans become text. */
export function optionalText(value: unknown, path: YamlPath): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isScalar(value)) throw new SigmaFault('field_type', path, `${nameOf(path)} It should be text.`);
  return String(value);
}

export function requiredText(value: unknown, path: YamlPath): string {
  const text = optionalText(value, path);
  if (text === undefined || text.trim() === '') throw new SigmaFault('field_missing', path, nameOf(path));
  return text;
}

/** A list of text; one text counts as a list of one, a missing attribute as none. */
export function textList(value: unknown, path: YamlPath): string[] {
  if (value === undefined || value === null) return [];
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.flatMap((item, index) => optionalText(item, [...path, index]) ?? []);
}

function nameOf(path: YamlPath): string {
  return path.length === 0 ? '' : `It is \`${path.join('.')}\`.`;
}
