/**
 * The `extra` column of a block: Map(text → text) with dictionary-coded keys and values (they repeat from event to
 * event). Flattens nested values with dots, leaves out what a promoted column repeats (`record-twins.ts`), and caps
 * what one hostile event can cost.
 */
import type { EcsEvent, ExtraValue, PromotedField, PromotedProp } from '@vedette/contracts';
import { column } from './schema/columns.ts';
import type { ByteWriter } from './byte-writer.ts';
import { Dictionary, LOW_CARDINALITY_VERSION } from './byte-writer.ts';
import { encodeExtra, isBranch, MAX_EXTRA_DEPTH } from './extra-values.ts';
import { RECORD_TWINS, survivesColumn, twinsOf, TWINS_KEY } from './record-twins.ts';

export const TRUNCATED_KEY = 'vedette.truncated';

const MAX_KEYS = 1024;
const MAX_KEY = 512;
/** Longest value in UTF-16 units; longer text is cut, longer JSON left out. Both stay readable in `raw`. */
export const MAX_VALUE = 65_536;
/** Record keys remembered for each prefix; hostile sources make up new ones for ever. */
const MAX_KNOWN_KEYS = 20_000;
/** Values of a key that are looked at to judge whether they repeat. */
const PROBE = 128;

interface KnownKey {
  name: string;
  /** Index in this block's key dictionary, if `block` is this block's number. */
  index: number;
  block: number;
  /** The value that the key had last in this block, and its index: values repeat from event to event. */
  value: string;
  valueIndex: number;
  /** Of this block's first values of the key: how many there were, how many were new. */
  tried: number;
  fresh: number;
  twins: readonly { prop: PromotedProp; marker: string; isAddress: boolean }[];
}

export class ExtraColumn {
  private readonly keys = new Dictionary(1 << 14);
  private readonly values = new Dictionary(1 << 14);
  /** End of each row's entries. */
  private ends = new Float64Array(1 << 12);
  private rows = 0;
  private block = 0;
  private rowStart = 0;
  private misfits: string[] = [];
  private cut: string[] = [];
  private twins = '';
  private readonly known = new Map<string, Map<string, KnownKey>>();

  get bytes(): number {
    return this.keys.characters + this.values.characters + this.keys.length * 4;
  }

  /** Begins the row of `event`. */
  open(event: EcsEvent): void {
    this.rowStart = this.keys.length;
    this.misfits.length = 0;
    this.cut.length = 0;
    this.twins = '';
    const { extra } = event;
    if (extra === null) return;
    for (const key of Object.keys(extra)) {
      if (key === 'message' ? event.message === '' : key !== TWINS_KEY) this.addTree(key, extra[key]!, 1);
    }
  }

  /** Keeps a promoted value that its column cannot carry. */
  misfit(field: PromotedField, value: string | number): void {
    this.misfits.push(field.prop);
    this.add(field.ecs, value);
  }

  truncated(name: string): void {
    if (this.cut.length < MAX_KEYS) this.cut.push(name);
  }

  /** Ends the row: the event's record, and the markers. */
  close(event: EcsEvent): void {
    const { record } = event;
    if (record !== null) this.addRecord(event, record);
    if (this.twins !== '') this.push(this.keys.indexOf(TWINS_KEY), event.recordPrefix + this.twins);
    if (this.cut.length > 0) this.push(this.keys.indexOf(TRUNCATED_KEY), encodeExtra(this.cut.slice(0, 64)));
    if (this.rows === this.ends.length) {
      const larger = new Float64Array(this.rows * 2);
      larger.set(this.ends);
      this.ends = larger;
    }
    this.ends[this.rows++] = this.keys.length;
  }

  add(name: string, value: ExtraValue): void {
    const text = this.admit(name, value);
    if (text !== null) this.push(this.keys.indexOf(name), text);
  }

  private addRecord(event: EcsEvent, record: Record<string, ExtraValue>): void {
    const prefix = event.recordPrefix;
    const known = this.knownKeys(prefix);
    for (const key of Object.keys(record)) {
      const value = record[key]!;
      let entry = known.get(key);
      if (entry === undefined) {
        entry = describeKey(prefix, key);
        if (known.size < MAX_KNOWN_KEYS) known.set(key, entry);
      }
      if (entry.twins.length > 0 && this.dropTwin(event, entry, value)) continue;
      if (typeof value === 'object' && value !== null) {
        this.addTree(entry.name, value, 1);
        continue;
      }
      const text = this.admit(entry.name, value);
      if (text === null) continue;
      if (entry.block !== this.block) {
        entry.block = this.block;
        entry.index = this.keys.indexOf(entry.name);
        entry.value = '';
        entry.valueIndex = entry.tried = entry.fresh = 0;
      }
      if (entry.value !== text) {
        entry.valueIndex = this.valueIndex(entry, text);
        entry.value = text;
      }
      this.keys.push(entry.index);
      this.values.push(entry.valueIndex);
    }
  }

  /** Keys whose values are nearly always new (ids, hashes, times) are not worth a search for earlier ones. */
  private valueIndex(entry: KnownKey, text: string): number {
    if (entry.tried === PROBE && entry.fresh > PROBE * 0.8) return this.values.add(text);
    const before = this.values.size;
    const index = this.values.indexOf(text);
    if (entry.tried < PROBE) {
      entry.tried++;
      if (this.values.size > before) entry.fresh++;
    }
    return index;
  }

  private knownKeys(prefix: string): Map<string, KnownKey> {
    let known = this.known.get(prefix);
    if (known === undefined) {
      if (this.known.size > 256) this.known.clear();
      this.known.set(prefix, (known = new Map()));
    }
    return known;
  }

  private dropTwin(event: EcsEvent, entry: KnownKey, value: ExtraValue): boolean {
    const isText = typeof value === 'string';
    if (!isText && typeof value !== 'number') return false;
    const text = isText ? value : String(value);
    if (text === '' || text.length > MAX_VALUE) return false;
    for (const { prop, marker, isAddress } of entry.twins) {
      const promoted: string | number = event[prop];
      if (promoted === 0 || (promoted !== value && String(promoted) !== text)) continue;
      if (!survivesColumn(text, isAddress) || this.misfits.includes(prop)) continue;
      this.twins += isText ? marker : `${marker}#`;
      return true;
    }
    return false;
  }

  private addTree(name: string, value: ExtraValue, depth: number): void {
    if (depth < MAX_EXTRA_DEPTH && isBranch(value)) {
      for (const key of Object.keys(value)) this.addTree(`${name}.${key}`, value[key]!, depth + 1);
    } else this.add(name, value);
  }

  /** The encoded value, or null when a cap keeps it out. */
  private admit(name: string, value: ExtraValue): string | null {
    if (value === undefined) return null;
    if (name.length > MAX_KEY || this.keys.length - this.rowStart >= MAX_KEYS) {
      this.truncated(name.slice(0, MAX_KEY));
      return null;
    }
    const text = encodeExtra(value);
    if (text.length <= MAX_VALUE) return text;
    this.truncated(name);
    return typeof value === 'string' ? text.slice(0, MAX_VALUE) : null;
  }

  private push(key: number, value: string): void {
    this.keys.push(key);
    this.values.push(this.values.indexOf(value));
  }

  /** Type and data; the column is empty again. */
  writeTo(out: ByteWriter): void {
    out.text('Map(LowCardinality(String), LowCardinality(String))');
    out.uint64(LOW_CARDINALITY_VERSION);
    out.uint64(LOW_CARDINALITY_VERSION);
    for (let row = 0; row < this.rows; row++) out.uint64(this.ends[row]!);
    if (this.keys.length > 0) {
      this.keys.writeTo(out);
      this.values.writeTo(out);
    }
    this.keys.reset();
    this.values.reset();
    this.rows = 0;
    this.block++;
  }
}

function describeKey(prefix: string, key: string): KnownKey {
  const twinsOfPrefix = Object.hasOwn(RECORD_TWINS, prefix) ? RECORD_TWINS[prefix]! : {};
  const props = Object.hasOwn(twinsOfPrefix, key) ? twinsOfPrefix[key]! : [];
  const twins = twinsOf(key, props).map((twin) => ({ ...twin, isAddress: column(twin.prop).kind === 'ip' }));
  return { name: prefix + key, index: 0, block: -1, value: '', valueIndex: 0, tried: 0, fresh: 0, twins };
}
