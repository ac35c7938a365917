/**
 * An Elasticsearch `_bulk` body → events: an action line, then its document. Logs are only ever added, so `index` and
 * `create` are taken, `update` and `delete` answer an error of their own. A line that is no action breaks the pairs of
 * all that follows and refuses the request, as Elasticsearch does.
 */
import { AdmissionError, type Admitted, type AdmissionLimits, type BulkAction } from './admitted.ts';
import { createBatchBuilder, type BatchBuilder } from './batch-builder.ts';
import { isUsableId, readJsonEvent, type Refusal } from './json-event.ts';
import { lineSpans } from './json-scan.ts';
import { createRejections } from './rejections.ts';

const MAX_ACTION_BYTES = 4096;
const MAX_INDEX_NAME = 255;

export function readBulkBody(body: Buffer, defaultIndex: string, limits: AdmissionLimits): Admitted {
  const rejections = createRejections(limits);
  const builders = new Map<string, BatchBuilder>();
  const actions: BulkAction[] = [];
  const lines = lineSpans(body, 0, body.length, 2 * limits.maxEvents);
  let lineNumber = 0;
  for (const span of lines) {
    lineNumber++;
    const item = actions.length;
    const action = readAction(body, span, lineNumber, defaultIndex);
    actions.push(action);
    if (action.action === 'delete') {
      rejections.add(item, UNSUPPORTED, body.subarray(span.start, span.end));
      continue;
    }
    const next = lines.next();
    lineNumber++;
    if (next.done) throw malformed(lineNumber, 'the document is missing');
    const { start, end } = next.value;
    const raw = body.subarray(start, end);
    if (action.action === 'update') {
      rejections.add(item, UNSUPPORTED, raw);
      continue;
    }
    const builder = builderOf(builders, action.index, limits.maxSources);
    const event = builder === undefined ? TOO_MANY_INDICES : readJsonEvent(body, start, end, limits);
    if ('code' in event) {
      rejections.add(item, event, raw);
      continue;
    }
    action.id ||= event.clientId;
    builder!.add(item, event.pieces, action.id);
  }
  if (actions.length === 0) throw new AdmissionError('bad_request', 'request body is required');
  const batches = [...builders.values()].filter(({ count }) => count > 0).map((builder) => builder.build());
  return { batches, rejected: rejections.list, isEnvelope: false, actions };
}

const UNSUPPORTED: Refusal = { code: 'invalid', message: 'Events cannot be changed or deleted; use index or create.' };
const TOO_MANY_INDICES: Refusal = { code: 'invalid', message: 'The request names too many indices.' };

function builderOf(builders: Map<string, BatchBuilder>, index: string, max: number): BatchBuilder | undefined {
  let builder = builders.get(index);
  if (builder === undefined && builders.size < max) {
    builder = createBatchBuilder(index);
    builders.set(index, builder);
  }
  return builder;
}

function readAction(
  body: Buffer,
  span: { start: number; end: number },
  line: number,
  defaultIndex: string,
): BulkAction {
  if (span.end - span.start > MAX_ACTION_BYTES) throw malformed(line, 'the action is too long');
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8', span.start, span.end));
  } catch {
    throw malformed(line, 'it is not valid JSON');
  }
  if (!isRecord(parsed)) throw malformed(line, 'expected an object');
  const names = Object.keys(parsed);
  const name = names[0];
  if (names.length !== 1 || !isActionName(name)) throw malformed(line, 'expected index, create, update or delete');
  const meta = parsed[name];
  if (!isRecord(meta)) throw malformed(line, 'expected an object behind the action');
  const index = meta['_index'] ?? defaultIndex;
  if (typeof index !== 'string' || index === '' || index.length > MAX_INDEX_NAME)
    throw malformed(line, 'an index is missing');
  const id = meta['_id'];
  if (id != null && !isUsableId(id)) throw malformed(line, 'the _id is not usable');
  return { action: name, index, id: id == null ? '' : String(id) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function isActionName(name: string | undefined): name is BulkAction['action'] {
  return name === 'index' || name === 'create' || name === 'update' || name === 'delete';
}

function malformed(line: number, why: string): AdmissionError {
  return new AdmissionError('bad_request', `Malformed action/metadata line [${line}]: ${why}`);
}
