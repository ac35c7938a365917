/**
 * The record of a Windows event as detection rules name it: EventData keys as they are, beside `Channel`, `EventID`,
 * `Provider_Name`, `Computer`, `Level`, `Task`, `Opcode`, `Keywords`, `EventRecordID`. A data field called `Channel` (the
 * log that "log cleared" is about) is kept as `DataChannel`: `Channel` is the log that the event stands in, as other
 * engines and collectors have it.
 */
import type { ExtraValue } from '@vedette/contracts';
import { isObject, text, type JsonObject } from '../json/document.ts';

/** What routes and dates the event, read before the record is made. */
export interface WindowsHeader {
  channel: string;
  eventId: string;
  provider: string;
  computer: string;
  level: number;
  /** Audit success or failure by the keyword bits; '' when it is neither. */
  outcome: '' | 'success' | 'failure';
  time: unknown;
}

/** Audit success is bit 0x0020…, audit failure 0x0010… of the Keywords mask; as a signed number where JSON lost the hex. */
const SUCCESS_MASK = -9214364837600034816;
const FAILURE_MASK = -9218868437227405312;

/** Outcome by the Keywords mask (`0x8020000000000000`, a number) or word (`Audit Failure`, `AUDIT_FAILURE`). */
export function auditOutcome(keywords: unknown): '' | 'success' | 'failure' {
  if (keywords === SUCCESS_MASK) return 'success';
  if (keywords === FAILURE_MASK) return 'failure';
  const word = Array.isArray(keywords) ? text(keywords[0]) : text(keywords);
  if (word.length === 18 && word.startsWith('0x')) {
    const digit = word.charAt(4);
    return digit === '2' ? 'success' : digit === '1' ? 'failure' : '';
  }
  if (word === 'AUDIT_FAILURE' || word === 'Audit Failure') return 'failure';
  return word === 'AUDIT_SUCCESS' || word === 'Audit Success' ? 'success' : '';
}

/** Attributes of an XML element as dump tools write them: `#attributes`, `@attributes`, or inline. */
export function attribute(element: ExtraValue | undefined, name: string): ExtraValue | undefined {
  if (!isObject(element)) return undefined;
  const attributes = element['#attributes'] ?? element['@attributes'];
  if (isObject(attributes)) return attributes[name];
  return element[name] ?? element[`@${name}`];
}

/** Content of an element that may carry attributes: `{"#text": 4688, "#attributes": …}` → 4688. */
export function content(element: ExtraValue | undefined): ExtraValue | undefined {
  return isObject(element) ? (element['#text'] ?? element['Value']) : element;
}

/** Adds EventData or the one element below UserData to the record. */
export function addData(record: JsonObject, data: ExtraValue | undefined): void {
  if (!isObject(data)) return;
  for (const key of Object.keys(data)) {
    if (key === '#attributes' || key === '@attributes' || key === 'xmlns' || key === '__proto__') continue;
    const value = data[key]!;
    if (key === 'Data') addUnnamed(record, value);
    else record[nameOf(key)] = isObject(value) ? (content(value) ?? value) : value;
  }
}

function nameOf(key: string): string {
  if (key === 'Channel') return 'DataChannel';
  return key.includes(' ') ? key.replaceAll(' ', '') : key;
}

/** `Data: [{#attributes: {Name: …}, #text: …}]` → by name; plain values stay together under `Data`. */
function addUnnamed(record: JsonObject, value: ExtraValue): void {
  const items = Array.isArray(value) ? value : [value];
  if (!items.some((item) => attribute(item, 'Name') !== undefined)) {
    record['Data'] = isObject(value) ? (content(value) ?? null) : value;
    return;
  }
  for (const item of items) {
    const name = text(attribute(item, 'Name')).replaceAll(' ', '');
    if (name !== '' && name !== '__proto__') record[name] = content(item) ?? null;
  }
}

/** Element below UserData: `{LogFileCleared: {…}}` → `{…}`. */
export function userData(data: ExtraValue | undefined): ExtraValue | undefined {
  if (!isObject(data)) return undefined;
  const names = Object.keys(data).filter((name) => !name.startsWith('#') && !name.startsWith('@') && name !== 'xmlns');
  return names.length === 1 && isObject(data[names[0]!]) ? data[names[0]!] : data;
}
