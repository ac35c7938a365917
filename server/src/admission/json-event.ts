/**
 * One JSON event at the door: is it valid, small and shallow enough, and which `_id` did the sender give it? The bytes
 * are kept as they came; only the `_id` member is cut out, because the event's own id is the journal's.
 */
import { isUtf8 } from 'node:buffer';
import type { ApiErrorCode } from '@vedette/contracts';
import type { AdmissionLimits } from './admitted.ts';
import { depthOf, scanContainer, skipSpace } from './json-scan.ts';

export interface JsonEvent {
  pieces: Uint8Array[];
  /** '' when the sender gave none. */
  clientId: string;
}

/** Why an event is refused. */
export interface Refusal {
  code: ApiErrorCode;
  message: string;
}

const MAX_ID = 512;
const ID_NAME = Buffer.from('"_id"');

/** `start`…`end` are without surrounding white space. */
export function readJsonEvent(
  bytes: Buffer,
  start: number,
  end: number,
  limits: Pick<AdmissionLimits, 'maxEventBytes' | 'maxDepth'>,
): JsonEvent | Refusal {
  const size = end - start;
  if (size > limits.maxEventBytes)
    return { code: 'line_too_long', message: `The event has ${size} bytes; ${limits.maxEventBytes} are allowed.` };
  if (size > 2 * limits.maxDepth && depthOf(bytes, start, end) > limits.maxDepth)
    return { code: 'too_deep', message: `The JSON is nested more than ${limits.maxDepth} deep.` };
  const event = bytes.subarray(start, end);
  const value = parse(event);
  if (value instanceof Error) return { code: 'bad_json', message: value.message };
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return { code: 'invalid', message: 'An event must be a JSON object.' };
  if (!Object.hasOwn(value, '_id')) return { pieces: [event], clientId: '' };
  const { _id: id, ...rest } = value as Record<string, unknown>;
  if (!isUsableId(id))
    return { code: 'invalid', message: `_id must be a text of 1 to ${MAX_ID} characters, or a number.` };
  return { pieces: withoutId(event) ?? [Buffer.from(JSON.stringify(rest))], clientId: String(id) };
}

export function isUsableId(id: unknown): id is string | number {
  return typeof id === 'number' || (typeof id === 'string' && id.length > 0 && id.length <= MAX_ID);
}

/** The value, or the parser's complaint. Text that is not UTF-8 is read byte by byte, as the pipeline does. */
function parse(event: Buffer): unknown {
  try {
    return JSON.parse(isUtf8(event) ? event.toString() : event.toString('latin1'));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** The object without its one `_id` member; undefined when the member is not there once in plain spelling. */
function withoutId(event: Buffer): Uint8Array[] | undefined {
  const { children } = scanContainer(event, 0, event.length);
  const found = children.filter(({ keyStart, keyEnd }) => ID_NAME.equals(event.subarray(keyStart, keyEnd)));
  const [member] = found;
  if (member === undefined || found.length > 1) return undefined;
  const at = children.indexOf(member);
  // The comma goes with the member: the one behind it, or in front of it when it is the last.
  const next = children[at + 1];
  if (next !== undefined) return [event.subarray(0, member.keyStart), event.subarray(next.keyStart)];
  const previous = children[at - 1];
  const before = previous === undefined ? skipSpace(event, 1, event.length) : previous.end;
  return [event.subarray(0, before), event.subarray(member.end)];
}
