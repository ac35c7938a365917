/** Selections: maps (all items hold), lists (one member holds) and keywords, with their modifiers taken apart. */
import type { Detection, DetectionItem, SigmaScalar, Selection } from '../ast/document.ts';
import { SigmaFault, type YamlPath } from '../ast/error.ts';
import { checkModifiers } from '../modifiers/catalogue.ts';
import { isMap, isScalar, textList, type YamlMap } from './attributes.ts';
import { checkCondition, parseCondition } from './condition.ts';

const MAX_SELECTIONS = 1000;
const MAX_VALUES = 50_000;

/** Attributes of a detection that are no selections. */
const RESERVED = new Set(['condition', 'timeframe']);

/** Reads `detection` (or the same inside a filter); `skip` names further attributes that are no selections. */
export function parseDetection(detection: YamlMap, path: YamlPath, skip: readonly string[] = []): Detection {
  const names = Object.keys(detection).filter((name) => !RESERVED.has(name) && !skip.includes(name));
  if (names.length === 0) throw new SigmaFault('selection_empty', path);
  if (names.length > MAX_SELECTIONS) throw new SigmaFault('too_many_values', path);
  const selections = new Map(names.map((name) => [name, parseSelection(detection[name], [...path, name])]));
  const conditionPath = [...path, 'condition'];
  const texts = textList(detection['condition'], conditionPath);
  if (texts.length === 0) throw new SigmaFault('field_missing', path, 'It is `condition`.');
  const conditions = texts.map((text) => parseCondition(text, conditionPath));
  for (const condition of conditions) checkCondition(condition, names, conditionPath);
  return { selections, conditions };
}

function parseSelection(value: unknown, path: YamlPath): Selection {
  if (isMap(value)) return parseMap(value, path);
  if (!Array.isArray(value)) {
    if (value === undefined || value === null) throw new SigmaFault('selection_empty', path);
    return { op: 'all', items: [keywords([value], path)] };
  }
  if (value.length === 0) throw new SigmaFault('selection_empty', path);
  if (value.length > MAX_VALUES) throw new SigmaFault('too_many_values', path);
  const members: Selection[] = [];
  const words: unknown[] = [];
  value.forEach((member: unknown, index) => {
    if (isMap(member)) members.push(parseMap(member, [...path, index]));
    else words.push(member);
  });
  if (words.length > 0) members.push({ op: 'all', items: [keywords(words, path)] });
  return members.length === 1 ? members[0]! : { op: 'any', members };
}

function parseMap(map: YamlMap, path: YamlPath): Selection {
  const keys = Object.keys(map);
  if (keys.length === 0) throw new SigmaFault('selection_empty', path);
  return { op: 'all', items: keys.map((key) => parseItem(key, map[key], [...path, key])) };
}

function parseItem(key: string, value: unknown, path: YamlPath): DetectionItem {
  const [field, ...modifiers] = key.split('|') as [string, ...string[]];
  checkModifiers(modifiers, path);
  return { field, modifiers, values: scalars(value, path), path };
}

function keywords(values: unknown[], path: YamlPath): DetectionItem {
  return { field: '', modifiers: [], values: scalars(values, path), path };
}

function scalars(value: unknown, path: YamlPath): SigmaScalar[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0) throw new SigmaFault('value_empty_list', path);
  if (list.length > MAX_VALUES) throw new SigmaFault('too_many_values', path);
  return list.map((item, index) => {
    if (item === undefined) return null;
    if (!isScalar(item)) throw new SigmaFault('value_type', [...path, index]);
    return item;
  });
}
