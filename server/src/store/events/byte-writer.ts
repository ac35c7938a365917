/**
 * Growable byte buffers and dictionaries that fill ClickHouse's Native format. Both are reused from block to block:
 * nothing is allocated in the steady state. Callers cap the sizes of what they append.
 */

/** Bytes appended one after the other. */
export class ByteWriter {
  bytes: Buffer;
  length = 0;

  constructor(capacity: number) {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
  }

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, needed));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }

  /** Variable-length integer, 7 bits a byte, low bits first. */
  varuint(value: number): void {
    this.reserve(8);
    const bytes = this.bytes;
    let at = this.length;
    let rest = value;
    while (rest >= 128) {
      bytes[at++] = (rest & 127) | 128;
      rest = Math.floor(rest / 128);
    }
    bytes[at++] = rest;
    this.length = at;
  }

  /** Length in bytes as varuint, then UTF-8. */
  text(value: string): void {
    const count = value.length;
    this.reserve(count * 3 + 8);
    if (count <= SHORT && this.shortAscii(value, count)) return;
    const width = varuintWidth(count * 3);
    const written = this.bytes.write(value, this.length + width, 'utf8');
    this.paddedVaruint(written, width);
    this.length += written;
  }

  private shortAscii(value: string, count: number): boolean {
    const bytes = this.bytes;
    let at = this.length + 1;
    for (let i = 0; i < count; i++) {
      const code = value.charCodeAt(i);
      if (code > 127) return false;
      bytes[at++] = code;
    }
    bytes[this.length] = count;
    this.length = at;
    return true;
  }

  /** A varuint in exactly `width` bytes: readers accept the padding, and the text needs no second pass. */
  private paddedVaruint(value: number, width: number): void {
    let rest = value;
    for (let i = 1; i < width; i++) {
      this.bytes[this.length++] = (rest & 127) | 128;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.length++] = rest;
  }

  /** Length as varuint, then `source[start..end)`. */
  slice(source: Uint8Array, start: number, end: number): void {
    this.varuint(end - start);
    this.raw(source, start, end);
  }

  /** `source[start..end)` alone. */
  raw(source: Uint8Array, start: number, end: number): void {
    this.reserve(end - start);
    this.bytes.set(start === 0 && end === source.length ? source : source.subarray(start, end), this.length);
    this.length += end - start;
  }

  uint64(value: number): void {
    this.reserve(8);
    const high = Math.floor(value / 0x1_0000_0000);
    this.bytes.writeUInt32LE(value - high * 0x1_0000_0000, this.length);
    this.bytes.writeInt32LE(high | 0, this.length + 4);
    this.length += 8;
  }
}

/** Texts up to this length are copied byte by byte, which beats a call into the runtime. */
const SHORT = 40;

function varuintWidth(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  return value < 0x20_0000 ? 3 : 5;
}

/** A column of texts as a dictionary and one index per value. Index 0 is ''. */
export class Dictionary {
  private readonly indices = new Map<string, number>();
  private keys: string[] = [''];
  private rows: Uint32Array;
  private lastValue = '';
  private lastIndex = 0;
  length = 0;
  /** Characters in the dictionary, for size estimates. */
  characters = 0;

  constructor(capacity: number) {
    this.rows = new Uint32Array(capacity);
  }

  /** Index of `value`, valid until `reset`. */
  indexOf(value: string): number {
    if (value === '') return 0;
    // Columns repeat from row to row; comparing is cheaper than hashing.
    if (value === this.lastValue) return this.lastIndex;
    this.lastValue = value;
    return (this.lastIndex = this.lookUp(value));
  }

  private lookUp(value: string): number {
    const known = this.indices.get(value);
    if (known !== undefined) return known;
    const index = this.add(value);
    this.indices.set(value, index);
    return index;
  }

  /** Index of `value` without looking for an earlier one: for values that hardly ever repeat. */
  add(value: string): number {
    this.characters += value.length;
    return this.keys.push(value) - 1;
  }

  /** Different values so far, '' included. */
  get size(): number {
    return this.keys.length;
  }

  push(index: number): void {
    if (this.length === this.rows.length) {
      const larger = new Uint32Array(this.length * 2);
      larger.set(this.rows);
      this.rows = larger;
    }
    this.rows[this.length++] = index;
  }

  /** Data of a LowCardinality(String) column, without its version prefix. */
  writeTo(out: ByteWriter): void {
    const { keys, rows, length } = this;
    const width = keys.length <= 0x100 ? 0 : keys.length <= 0x1_0000 ? 1 : 2;
    out.uint64(width | HAS_ADDITIONAL_KEYS | NEEDS_DICTIONARY);
    out.uint64(keys.length);
    for (const key of keys) out.text(key);
    out.uint64(length);
    const used = rows.subarray(0, length);
    const packed = width === 0 ? Uint8Array.from(used) : width === 1 ? Uint16Array.from(used) : used;
    out.raw(new Uint8Array(packed.buffer, packed.byteOffset, packed.byteLength), 0, packed.byteLength);
  }

  reset(): void {
    this.indices.clear();
    this.keys = [''];
    this.lastValue = '';
    this.lastIndex = 0;
    this.length = 0;
    this.characters = 0;
  }
}

const HAS_ADDITIONAL_KEYS = 1 << 9;
const NEEDS_DICTIONARY = 1 << 10;
/** Version prefix of a LowCardinality column. */
export const LOW_CARDINALITY_VERSION = 1;
