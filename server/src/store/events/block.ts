/**
 * Columnar blocks: events → ClickHouse's Native format, in the worker. One block object is filled, finished and filled
 * again; its buffers stay. Nothing here throws for what an event holds: a value that its column cannot carry (an
 * invalid address, a port of 70,000) leaves the column absent and is kept in `extra` under its ECS name; values and
 * counts beyond the caps are cut, and named in `vedette.truncated`.
 */
import { PROMOTED_FIELDS, type EcsEvent, type PromotedField } from '@vedette/contracts';
import { writeAddress } from '../../search/address.ts';
import { ByteWriter, Dictionary, LOW_CARDINALITY_VERSION } from './byte-writer.ts';
import { ExtraColumn } from './extra-column.ts';
import { locateMessage, slice } from './message-slice.ts';
import { COLUMN_TYPES, columnName } from './schema/columns.ts';

export interface EventBlock {
  /** Adds one event; `rawBytes[start..end)` is its line as received. */
  append(event: EcsEvent, rawBytes: Buffer, start: number, end: number): void;
  readonly rows: number;
  /** Estimated size of the block in bytes. */
  readonly bytes: number;
  /** The block in Native format, and the block empty again. The bytes are valid until the next `finish`. */
  finish(): Uint8Array;
}

export interface QuarantinedLine {
  readonly meta: { readonly source: string; readonly lane: string; readonly receivedAt: number };
  readonly id: number;
  readonly parser: string;
  readonly code: string;
  readonly reason: string;
  readonly bytes: Uint8Array;
}

export interface QuarantineBlock {
  append(line: QuarantinedLine): void;
  readonly rows: number;
  readonly bytes: number;
  finish(): Uint8Array;
}

/** Longest text of a promoted field, in UTF-16 units. */
export const MAX_TEXT = 65_536;
const MAX_REASON = 1024;
const INITIAL_ROWS = 4096;
/** Times outside ClickHouse's DateTime64 (1900 to 2299) are moved to its ends. */
const TIME_RANGE = { min: -2_208_988_800_000, max: 10_413_791_999_999 };
const INTEGER_MAX = { u8: 0xff, u16: 0xffff, u32: 0xffff_ffff, u64: Number.MAX_SAFE_INTEGER };

/** One cell's worth of any property; the table says which it is. */
type Cells = Record<string, string & number>;

const fieldsOf = (...kinds: PromotedField['kind'][]) =>
  PROMOTED_FIELDS.filter((field: PromotedField) => kinds.includes(field.kind)) as readonly PromotedField[];
const TAGS = fieldsOf('tag');
const TEXTS = fieldsOf('text');
const ADDRESSES = fieldsOf('ip');
const NUMBERS = fieldsOf('u8', 'u16', 'u32', 'u64');
const TIMES = fieldsOf('time');

export function createEventBlock(): EventBlock {
  const out = new ByteWriter(1 << 20);
  const tags = TAGS.map(() => new Dictionary(INITIAL_ROWS));
  const texts = TEXTS.map(() => new ByteWriter(1 << 14));
  const addresses = ADDRESSES.map(() => new ByteWriter(INITIAL_ROWS * 16));
  const numbers = [...NUMBERS, ...TIMES].map(() => new Float64Array(INITIAL_ROWS));
  const fixed = [new Float64Array(INITIAL_ROWS), new Uint32Array(INITIAL_ROWS), new Uint32Array(INITIAL_ROWS)] as [
    Float64Array,
    Uint32Array,
    Uint32Array,
  ];
  const extra = new ExtraColumn();
  const raw = new ByteWriter(1 << 18);
  let rows = 0;
  let capacity = INITIAL_ROWS;

  function grow(): void {
    capacity *= 2;
    const larger = <T extends Float64Array | Uint32Array>(old: T): T => {
      const next = new (old.constructor as new (length: number) => T)(capacity);
      next.set(old);
      return next;
    };
    numbers.forEach((column, i) => (numbers[i] = larger(column)));
    fixed[0] = larger(fixed[0]);
    fixed[1] = larger(fixed[1]);
    fixed[2] = larger(fixed[2]);
  }

  function capped(text: string, field: PromotedField): string {
    if (text.length <= MAX_TEXT) return text;
    extra.truncated(field.ecs);
    return text.slice(0, MAX_TEXT);
  }

  function appendTags(cells: Cells): void {
    for (let i = 0; i < TAGS.length; i++) {
      const field = TAGS[i]!;
      const value = cells[field.prop] as string;
      tags[i]!.push(value === '' ? 0 : tags[i]!.indexOf(capped(value, field)));
    }
  }

  function appendTexts(cells: Cells): void {
    for (let i = 0; i < TEXTS.length; i++) {
      const field = TEXTS[i]!;
      const value = cells[field.prop] as string;
      texts[i]!.text(value === '' ? '' : capped(value, field));
    }
  }

  function appendAddresses(cells: Cells): void {
    for (let i = 0; i < ADDRESSES.length; i++) {
      const writer = addresses[i]!;
      const value = cells[ADDRESSES[i]!.prop] as string;
      writer.reserve(16);
      if (value === '') writer.bytes.fill(0, writer.length, writer.length + 16);
      else if (!writeAddress(value, writer.bytes, writer.length) || value === '::') extra.misfit(ADDRESSES[i]!, value);
      writer.length += 16;
    }
  }

  function appendNumbers(cells: Cells): void {
    for (let i = 0; i < NUMBERS.length; i++) {
      const field = NUMBERS[i]!;
      const value = cells[field.prop] as number;
      const fits = Number.isInteger(value) && value >= 0 && value <= INTEGER_MAX[field.kind as 'u8'];
      numbers[i]![rows] = fits ? value : 0;
      if (!fits) extra.misfit(field, value);
    }
    for (let i = 0; i < TIMES.length; i++) {
      const value = Math.trunc(cells[TIMES[i]!.prop] as number);
      numbers[NUMBERS.length + i]![rows] = Math.min(Math.max(value || 0, TIME_RANGE.min), TIME_RANGE.max);
    }
  }

  /** Columns in the order of the table, which is the order of `PROMOTED_FIELDS`. */
  function writePromoted(field: PromotedField): void {
    out.text(columnName(field.prop));
    out.text(COLUMN_TYPES[field.kind]);
    const { kind } = field;
    if (kind === 'tag') writeDictionary(out, tags[TAGS.indexOf(field)]!);
    else if (kind === 'text') drain(out, texts[TEXTS.indexOf(field)]!);
    else if (kind === 'ip') drain(out, addresses[ADDRESSES.indexOf(field)]!);
    else {
      const at = kind === 'time' ? NUMBERS.length + TIMES.indexOf(field) : NUMBERS.indexOf(field);
      writeNumbers(out, numbers[at]!.subarray(0, rows), kind);
    }
  }

  return {
    get rows() {
      return rows;
    },
    get bytes() {
      let sum = raw.length + extra.bytes + rows * 64;
      for (const text of texts) sum += text.length;
      for (const tag of tags) sum += tag.characters;
      return sum;
    },
    append(event, rawBytes, start, end) {
      if (rows === capacity) grow();
      extra.open(event);
      const cells = event as unknown as Cells;
      appendTags(cells);
      appendTexts(cells);
      appendAddresses(cells);
      appendNumbers(cells);
      const found = locateMessage(event, rawBytes, start, end);
      if (!found) extra.add('message', event.message);
      fixed[0][rows] = event.id;
      fixed[1][rows] = found ? slice.at : 0;
      fixed[2][rows] = found ? slice.length : 0;
      extra.close(event);
      raw.slice(rawBytes, start, end);
      rows++;
    },
    finish() {
      out.length = 0;
      out.varuint(PROMOTED_FIELDS.length + 5);
      out.varuint(rows);
      writeNumberColumn(out, 'id', fixed[0].subarray(0, rows), 'u64');
      for (const field of PROMOTED_FIELDS) writePromoted(field);
      writeNumberColumn(out, 'message_at', fixed[1].subarray(0, rows), 'u32');
      writeNumberColumn(out, 'message_len', fixed[2].subarray(0, rows), 'u32');
      out.text('extra');
      extra.writeTo(out);
      out.text('raw');
      out.text('String');
      drain(out, raw);
      rows = 0;
      return out.bytes.subarray(0, out.length);
    },
  };
}

export function createQuarantineBlock(): QuarantineBlock {
  const out = new ByteWriter(1 << 16);
  const names = ['source', 'parser', 'code', 'reason', 'lane'] as const;
  const tags = names.map(() => new Dictionary(256));
  const raw = new ByteWriter(1 << 16);
  let ids: number[] = [];
  let times: number[] = [];

  return {
    get rows() {
      return ids.length;
    },
    get bytes() {
      return raw.length + ids.length * 64;
    },
    append({ meta, id, parser, code, reason, bytes }) {
      const values = [meta.source, parser, code, reason.slice(0, MAX_REASON), meta.lane];
      tags.forEach((tag, i) => tag.push(tag.indexOf(values[i]!.slice(0, MAX_TEXT))));
      ids.push(id);
      times.push(meta.receivedAt);
      raw.slice(bytes, 0, bytes.length);
    },
    finish() {
      out.length = 0;
      out.varuint(names.length + 3);
      out.varuint(ids.length);
      writeNumberColumn(out, 'id', ids, 'u64');
      writeNumberColumn(out, 'at', times, 'time');
      names.forEach((name, i) => {
        out.text(name);
        out.text(COLUMN_TYPES.tag);
        writeDictionary(out, tags[i]!);
      });
      out.text('raw');
      out.text('String');
      drain(out, raw);
      ids = [];
      times = [];
      return out.bytes.subarray(0, out.length);
    },
  };
}

function writeDictionary(out: ByteWriter, tags: Dictionary): void {
  out.uint64(LOW_CARDINALITY_VERSION);
  tags.writeTo(out);
  tags.reset();
}

function drain(out: ByteWriter, from: ByteWriter): void {
  out.raw(from.bytes, 0, from.length);
  from.length = 0;
}

type NumberKind = 'time' | 'u8' | 'u16' | 'u32' | 'u64';

function writeNumberColumn(out: ByteWriter, name: string, values: ArrayLike<number>, kind: NumberKind): void {
  out.text(name);
  out.text(COLUMN_TYPES[kind]);
  writeNumbers(out, values, kind);
}

function writeNumbers(out: ByteWriter, values: ArrayLike<number>, kind: NumberKind): void {
  if (kind === 'time' || kind === 'u64') {
    for (let i = 0; i < values.length; i++) out.uint64(values[i]!);
    return;
  }
  const packed =
    kind === 'u8' ? Uint8Array.from(values) : kind === 'u16' ? Uint16Array.from(values) : Uint32Array.from(values);
  out.raw(new Uint8Array(packed.buffer), 0, packed.byteLength);
}
