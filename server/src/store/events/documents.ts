/** Stored rows → ECS documents: columns, `extra` and the message slice put together again. */
import { nestFields, type EcsDocument, type ExtraValue, type PromotedProp } from '@vedette/contracts';
import { decodeExtra } from './extra-values.ts';
import { restoreTwins, TWINS_KEY } from './record-twins.ts';
import type { Row } from './queries/sql.ts';
import { COLUMNS, MESSAGE_IS_JSON, promotedByProp, type Column } from './schema/columns.ts';

/** What a query selects so that its rows can become documents. Lines that are no UTF-8 come as base64. */
export const DOCUMENT_COLUMNS = [
  'id',
  ...COLUMNS.map(({ name }) => name),
  'message_at',
  'message_len',
  'extra',
  "if(isValidUTF8(raw), raw, '') AS raw_text",
  "if(isValidUTF8(raw), '', base64Encode(raw)) AS raw_base64",
].join(', ');

export function rowDocument(row: Row): EcsDocument {
  const flat = Object.create(null) as Record<string, ExtraValue>;
  for (const column of COLUMNS) {
    const value = columnValue(column, row[column.name]);
    if (value !== undefined) flat[column.ecs] = value;
  }
  const extra = row['extra'] as Record<string, string>;
  for (const key of Object.keys(extra)) if (key !== TWINS_KEY) flat[key] = decodeExtra(extra[key]!);
  const marker = extra[TWINS_KEY];
  if (marker !== undefined)
    restoreTwins(
      marker,
      (prop: PromotedProp) => columnValue(promotedByProp.get(prop)!, row[promotedByProp.get(prop)!.name]),
      (name, value) => (flat[name] = value),
    );
  const base64 = row['raw_base64'] as string;
  const bytes = base64 === '' ? null : Buffer.from(base64, 'base64');
  const raw = bytes ? bytes.toString('latin1') : (row['raw_text'] as string);
  const message = messageOf(row, raw, bytes);
  if (message !== '') flat['message'] = message;
  flat['event.original'] = raw;
  const document = nestFields(flat);
  document['_id'] = String(row['id']);
  return document as EcsDocument;
}

/** `undefined` is "absent". Times as ISO text. */
function columnValue({ kind }: Column, value: unknown): string | number | undefined {
  if (kind === 'tag' || kind === 'text') return value === '' ? undefined : (value as string);
  if (kind === 'ip') return addressText(value as string) || undefined;
  if (kind === 'time') return isoTime(value as string);
  return Number(value) || undefined;
}

/** ClickHouse's `2026-02-06 12:00:00.000` → ISO-8601. */
export function isoTime(text: string): string {
  return `${text.replace(' ', 'T')}Z`;
}

function messageOf(row: Row, raw: string, latin1: Buffer | null): string {
  const at = Number(row['message_at']);
  if (at === 0) return ''; // of its own, in `extra`
  const isJson = at >= MESSAGE_IS_JSON;
  const start = at - (isJson ? MESSAGE_IS_JSON : 0) - 1;
  const end = start + Number(row['message_len']);
  const isAscii = latin1 !== null || raw.length === Buffer.byteLength(raw);
  const text = isAscii ? raw.slice(start, end) : Buffer.from(raw).toString('utf8', start, end);
  return isJson ? (JSON.parse(text) as string) : text;
}

/** Text of an address as ClickHouse prints it → as people write it: `::ffff:1.2.3.4` → `1.2.3.4`, `::` → ''. */
export function addressText(text: string): string {
  if (text === '::') return '';
  return text.startsWith('::ffff:') && text.includes('.') ? text.slice(7) : text;
}
