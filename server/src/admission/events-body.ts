/**
 * The body of `POST /api/v1/events` → events: one JSON object, a JSON array, the `{source, events}` envelope, NDJSON, or
 * plain lines for a parser. The content type decides where it says something; many clients send none, or their default,
 * and then the first bytes do. A broken event costs itself only; a broken frame around the events costs the request.
 */
import { AdmissionError, type Admitted, type AdmissionLimits, type AdmissionRequest } from './admitted.ts';
import { createBatchBuilder } from './batch-builder.ts';
import { readJsonEvent } from './json-event.ts';
import { lineSpans, scanContainer, skipSpace, trimSpace, type Child, type Container } from './json-scan.ts';
import { createRejections } from './rejections.ts';

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const OPEN_ARRAY = 0x5b;
const OPEN_OBJECT = 0x7b;
const LINE_TYPES = new Set([
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/x-jsonlines',
]);
const JSON_TYPES = new Set(['application/json', ...LINE_TYPES]);
/** Formats that read JSON documents, so that `format=json` does not make lines of an array. */
const JSON_FORMAT = /json|ecs|^$/;

export function readEventsBody(body: Buffer, request: AdmissionRequest, limits: AdmissionLimits): Admitted {
  const textStart = BYTE_ORDER_MARK.equals(body.subarray(0, 3)) ? 3 : 0;
  const start = skipSpace(body, textStart, body.length);
  const end = trimSpace(body, start, body.length);
  if (start === end)
    throw new AdmissionError('bad_request', 'The body is empty. Send a JSON object, an array or lines.');
  const first = body[start];
  const looksLikeJson = first === OPEN_OBJECT || first === OPEN_ARRAY;
  const saysJson = JSON_TYPES.has(request.contentType);
  const asText = () => readText(body.subarray(textStart), limits);
  if (request.contentType === 'text/plain') return asText();
  if (!JSON_FORMAT.test(request.format) && !(saysJson && looksLikeJson)) return asText();
  if (!saysJson && !looksLikeJson) return asText();
  if (!LINE_TYPES.has(request.contentType)) {
    if (first === OPEN_ARRAY) {
      const array = scanContainer(body, start, end, limits.maxEvents);
      if (array.end === end) return readItems(body, array.children, limits);
      // Log lines may begin with a bracket as well.
      if (!saysJson) return asText();
      throw new AdmissionError('bad_json', array.end < 0 ? 'The array is not closed.' : 'Text follows the array.');
    }
    if (first === OPEN_OBJECT) {
      const object = scanContainer(body, start, end, limits.maxEvents);
      if (object.end === end) return readObject(body, start, object, limits);
    }
  }
  return readItems(body, [...lineSpans(body, start, end, limits.maxEvents)], limits);
}

function readObject(body: Buffer, start: number, object: Container, limits: AdmissionLimits): Admitted {
  const source = memberOf(body, object, '"source"');
  const events = memberOf(body, object, '"events"');
  if (source === undefined || events === undefined || body[events.start] !== OPEN_ARRAY)
    return readItems(body, [{ start, end: object.end }], limits);
  const name = parsedText(body.subarray(source.start, source.end));
  if (name === undefined) throw new AdmissionError('bad_json', 'The envelope\'s "source" must be a short text.');
  const array = scanContainer(body, events.start, events.end, limits.maxEvents);
  if (array.end !== events.end) throw new AdmissionError('bad_json', 'The envelope\'s "events" is not an array.');
  return { ...readItems(body, array.children, limits, name), isEnvelope: true };
}

function readItems(
  body: Buffer,
  spans: readonly { start: number; end: number }[],
  limits: AdmissionLimits,
  sourceType = '',
): Admitted {
  const batch = createBatchBuilder(sourceType);
  const rejections = createRejections(limits);
  spans.forEach(({ start, end }, index) => {
    const event = readJsonEvent(body, start, end, limits);
    if ('code' in event) rejections.add(index, event, body.subarray(start, end));
    else batch.add(index, sourceType === '' ? event.pieces : withSourceType(event.pieces, sourceType), event.clientId);
  });
  return {
    batches: batch.count > 0 ? [batch.build()] : [],
    rejected: rejections.list,
    isEnvelope: false,
    actions: [],
  };
}

/** Puts `"source_type"` in front of the members; a later one of the event's own wins when it is parsed. */
function withSourceType(pieces: readonly Uint8Array[], sourceType: string): Uint8Array[] {
  const [first, ...rest] = pieces;
  const inner = [first!.subarray(1), ...rest];
  const bytes = Buffer.concat(inner);
  const isEmpty = skipSpace(bytes, 0, bytes.length) === bytes.length - 1;
  return [Buffer.from(`{"source_type":${JSON.stringify(sourceType)}${isEmpty ? '' : ','}`), bytes];
}

/** Lines are kept as they are; only those that no event may be are taken out. Empty lines are no events. */
function readText(text: Buffer, limits: AdmissionLimits): Admitted {
  const rejections = createRejections(limits);
  const kept: Uint8Array[] = [];
  let keptFrom = 0;
  let count = 0;
  let line = 0;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf(NEWLINE, start);
    const next = newline < 0 ? text.length : newline + 1;
    const end = endOfLine(text, start, next);
    if (end - start > limits.maxEventBytes) {
      const message = `The line has ${end - start} bytes; ${limits.maxEventBytes} are allowed.`;
      rejections.add(line++, { code: 'line_too_long', message }, text.subarray(start, end));
      kept.push(text.subarray(keptFrom, start));
      keptFrom = next;
    } else if (end > start) {
      line++;
      count++;
    }
    start = next;
  }
  const payload = keptFrom === 0 ? text : Buffer.concat([...kept, text.subarray(keptFrom)]);
  const none = new Uint32Array(0);
  return {
    batches: count > 0 ? [{ source: '', payload, count, offsets: none, items: none, clientIds: undefined }] : [],
    rejected: rejections.list,
    isEnvelope: false,
    actions: [],
  };
}

function endOfLine(text: Buffer, start: number, next: number): number {
  let end = next;
  while (end > start && (text[end - 1] === NEWLINE || text[end - 1] === RETURN)) end--;
  return end;
}

function memberOf(body: Buffer, { children }: Container, name: string): Child | undefined {
  return children.findLast(
    ({ keyStart, keyEnd }) => keyStart >= 0 && body.toString('latin1', keyStart, keyEnd) === name,
  );
}

function parsedText(bytes: Buffer): string | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    return typeof value === 'string' && value.length > 0 && value.length <= 64 ? value : undefined;
  } catch {
    return undefined;
  }
}
