/** Reading ECS documents as the API returns them: nested objects, or dotted names where a name is value and parent. */

/** One leaf of a document. */
export interface FieldValue {
  field: string;
  /** Text form: arrays and objects as JSON. */
  value: string;
  /** What one would search for: the members of an array, else the value itself. */
  values: string[];
}

export type EventDocument = { _id: string; '@timestamp'?: unknown; [key: string]: unknown };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Text of a leaf; '' when missing. */
function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The value at a dotted name. */
export function fieldOf(document: EventDocument, field: string): unknown {
  if (Object.hasOwn(document, field)) return document[field];
  let node: unknown = document;
  for (const step of field.split('.')) {
    if (!isRecord(node) || !Object.hasOwn(node, step)) return undefined;
    node = node[step];
  }
  return node;
}

/** Text at a dotted name; '' when missing. */
export function fieldText(document: EventDocument, field: string): string {
  return textOf(fieldOf(document, field));
}

/** All leaves by name, without `_id`; depth is bounded by the server, but not trusted here. */
export function fieldsOf(document: EventDocument): FieldValue[] {
  const fields: FieldValue[] = [];
  const walk = (prefix: string, value: unknown, depth: number) => {
    if (isRecord(value) && depth < 32) {
      for (const key of Object.keys(value)) walk(prefix === '' ? key : `${prefix}.${key}`, value[key], depth + 1);
      return;
    }
    const values = Array.isArray(value) ? value.map(textOf) : [textOf(value)];
    fields.push({ field: prefix, value: textOf(value), values });
  };
  for (const key of Object.keys(document)) if (key !== '_id') walk(key, document[key], 0);
  return fields.sort((a, b) => (a.field < b.field ? -1 : a.field > b.field ? 1 : 0));
}

/** The line as received, else the message. */
export function rawOf(document: EventDocument): string {
  return fieldText(document, 'event.original') || fieldText(document, 'message');
}

/** The event as one line of a list: message, else the line as received, else its action. */
export function lineOf(document: EventDocument): string {
  return fieldText(document, 'message') || fieldText(document, 'event.original') || fieldText(document, 'event.action');
}
