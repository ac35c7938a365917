import { ARRAY_FIELDS, PROMOTED_FIELDS } from './fields.ts';
import type { EcsEvent, ExtraValue } from './event.ts';

/** A nested ECS document as the API returns it: `_id`, `@timestamp`, `source: { ip }`, …, `message`, `event.original`. */
export type EcsDocument = { _id: string; '@timestamp': string } & { [key: string]: ExtraValue };

/** Flat view of an event: dotted ECS names → values, absent fields left out; times in milliseconds. */
export function flattenEvent(event: EcsEvent): Record<string, ExtraValue> {
  const flat: Record<string, ExtraValue> = Object.create(null) as Record<string, ExtraValue>;
  for (const { prop, ecs } of PROMOTED_FIELDS) {
    const value = event[prop];
    if (value !== '' && value !== 0) flat[ecs] = value;
  }
  if (event.message !== '') flat['message'] = event.message;
  if (event.extra) for (const key of Object.keys(event.extra)) flat[key] = event.extra[key]!;
  if (event.record) flattenInto(flat, event.recordPrefix, event.record);
  return flat;
}

/** The event as the API shows it. */
export function documentOf(event: EcsEvent): EcsDocument {
  const flat = flattenEvent(event);
  flat['@timestamp'] = new Date(event.timestamp).toISOString();
  flat['event.ingested'] = new Date(event.ingested).toISOString();
  flat['event.original'] = event.raw;
  return Object.assign(nestFields(flat), { _id: String(event.id) }) as EcsDocument;
}

/** Writes `value`'s leaves into `flat` below `prefix` (which ends with a dot). Arrays stay whole. */
export function flattenInto(flat: Record<string, ExtraValue>, prefix: string, value: Record<string, ExtraValue>): void {
  for (const key of Object.keys(value)) {
    const child = value[key]!;
    if (child !== null && typeof child === 'object' && !Array.isArray(child))
      flattenInto(flat, `${prefix}${key}.`, child);
    else flat[prefix + key] = child;
  }
}

/**
 * Nests dotted names: `{'source.ip': x}` → `{source: {ip: x}}`. A name that is both a value and a parent keeps its value
 * under the dotted name, so nothing is lost. Safe for `__proto__`: results have no prototype.
 */
export function nestFields(flat: Record<string, ExtraValue>): Record<string, ExtraValue> {
  const root = Object.create(null) as Record<string, ExtraValue>;
  for (const name of Object.keys(flat).sort()) {
    const value = ARRAY_FIELDS.has(name) && !Array.isArray(flat[name]) ? [flat[name]!] : flat[name]!;
    const path = name.split('.');
    const leaf = path.pop()!;
    const parent = descend(root, path);
    if (parent === undefined || Object.hasOwn(parent, leaf)) root[name] = value;
    else parent[leaf] = value;
  }
  return root;
}

function descend(root: Record<string, ExtraValue>, path: string[]): Record<string, ExtraValue> | undefined {
  let node = root;
  for (const step of path) {
    const next = Object.hasOwn(node, step)
      ? node[step]
      : (node[step] = Object.create(null) as Record<string, ExtraValue>);
    if (next === null || typeof next !== 'object' || Array.isArray(next)) return undefined;
    node = next as Record<string, ExtraValue>;
  }
  return node;
}
