/**
 * How a record lies on disk: a fixed header, what its source says of itself, what is particular to the record, the
 * payload. The header carries the record's own position, so that stale bytes of a reused segment can never pass for a
 * record, and a checksum over all that follows it. What a source says of itself hardly ever changes between records:
 * both directions remember it instead of writing or reading JSON again.
 */
import { crc32 } from 'node:zlib';
import type { JournalRecord, RecordMeta } from './journal.ts';

/**
 * magic u32 · crc u32 (of everything behind it) · position f64 · receivedAt f64 · payload length u32 · own length u32 ·
 * source length u16; then the source's JSON, the record's own JSON, the payload.
 */
export const HEADER_BYTES = 34;
const MAGIC = 0x314a_4456; // "VDJ1"
export const MAX_SOURCE_BYTES = 0xffff;
const MAX_REMEMBERED = 4096;

type SourceMeta = Pick<RecordMeta, 'source' | 'input' | 'lane' | 'framing' | 'format' | 'peer'>;
type OwnMeta = Pick<RecordMeta, 'clientIds' | 'requestKey' | 'rejection' | 'file'>;

const NOTHING = Buffer.alloc(0);

export interface EncodedMeta {
  source: Buffer;
  own: Buffer;
}

/** Bytes that the record takes in the journal, which is also how far positions advance. */
export function recordBytes(meta: EncodedMeta, payload: Uint8Array): number {
  return HEADER_BYTES + meta.source.length + meta.own.length + payload.length;
}

export interface MetaEncoder {
  encode(meta: RecordMeta): EncodedMeta;
}

export function createMetaEncoder(): MetaEncoder {
  const remembered = new Map<string, Buffer>();
  return {
    encode(meta) {
      const { source, input, lane, framing, format, peer } = meta;
      const key = `${framing}\0${lane}\0${input}\0${format}\0${peer ?? ''}\0${source}`;
      let bytes = remembered.get(key);
      if (!bytes) {
        bytes = Buffer.from(JSON.stringify({ source, input, lane, framing, format, peer } satisfies SourceMeta));
        if (bytes.length > MAX_SOURCE_BYTES) throw new RangeError('the names of the source are longer than 64 KB');
        if (remembered.size >= MAX_REMEMBERED) remembered.clear();
        remembered.set(key, bytes);
      }
      const { clientIds, requestKey, rejection, file } = meta;
      const own =
        clientIds || requestKey || rejection || file
          ? Buffer.from(JSON.stringify({ clientIds, requestKey, rejection, file } satisfies OwnMeta))
          : NOTHING;
      return { source: bytes, own };
    },
  };
}

/** Header and meta in one buffer; the payload is written behind it as it is. */
export function encodeHead(position: number, receivedAt: number, meta: EncodedMeta, payload: Uint8Array): Buffer {
  const head = Buffer.allocUnsafe(HEADER_BYTES + meta.source.length + meta.own.length);
  head.writeUInt32LE(MAGIC, 0);
  head.writeDoubleLE(position, 8);
  head.writeDoubleLE(receivedAt, 16);
  head.writeUInt32LE(payload.length, 24);
  head.writeUInt32LE(meta.own.length, 28);
  head.writeUInt16LE(meta.source.length, 32);
  meta.source.copy(head, HEADER_BYTES);
  meta.own.copy(head, HEADER_BYTES + meta.source.length);
  head.writeUInt32LE(crc32(payload, crc32(head.subarray(8))), 4);
  return head;
}

export interface MetaDecoder {
  decode(source: Buffer, own: Buffer, receivedAt: number): RecordMeta;
}

export function createMetaDecoder(): MetaDecoder {
  const remembered = new Map<string, SourceMeta>();
  return {
    decode(source, own, receivedAt) {
      const key = source.toString('latin1');
      let shared = remembered.get(key);
      if (!shared) {
        shared = JSON.parse(source.toString('utf8')) as SourceMeta;
        if (remembered.size >= MAX_REMEMBERED) remembered.clear();
        remembered.set(key, shared);
      }
      const meta: RecordMeta = { ...shared, receivedAt };
      return own.length === 0 ? meta : Object.assign(meta, JSON.parse(own.toString('utf8')) as OwnMeta);
    },
  };
}

/** A record's whole length as its header says, or 0 where no record can begin: too few bytes, other magic or position. */
export function peekLength(bytes: Buffer, at: number, position: number): number {
  if (at + HEADER_BYTES > bytes.length) return 0;
  if (bytes.readUInt32LE(at) !== MAGIC || bytes.readDoubleLE(at + 8) !== position) return 0;
  return HEADER_BYTES + bytes.readUInt16LE(at + 32) + bytes.readUInt32LE(at + 28) + bytes.readUInt32LE(at + 24);
}

/** Whether the `length` bytes at `at` are the record that was written. */
export function isIntact(bytes: Buffer, at: number, length: number): boolean {
  return bytes.readUInt32LE(at + 4) === crc32(bytes.subarray(at + 8, at + length));
}

/** The record at `at`; its payload is a view of `bytes`. Call only after `isIntact`. */
export function recordAt(bytes: Buffer, at: number, length: number, decoder: MetaDecoder): JournalRecord {
  const position = bytes.readDoubleLE(at + 8);
  const own = at + HEADER_BYTES + bytes.readUInt16LE(at + 32);
  const payload = own + bytes.readUInt32LE(at + 28);
  const meta = decoder.decode(
    bytes.subarray(at + HEADER_BYTES, own),
    bytes.subarray(own, payload),
    bytes.readDoubleLE(at + 16),
  );
  return { position, next: position + length, meta, payload: bytes.subarray(payload, at + length) };
}

/** Where the next record of a damaged segment may begin: an offset of the magic behind `at`, or -1. */
export function findMagic(bytes: Buffer, at: number): number {
  return bytes.indexOf(MAGIC_BYTES, at);
}

const MAGIC_BYTES = Buffer.from('VDJ1', 'latin1');
