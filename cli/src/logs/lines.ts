/**
 * Lines of a log file, in portions, without holding the file: gzip and zstd are opened, UTF-16 (what Windows writes with a
 * byte order mark) becomes UTF-8, JSON printed over several lines one document a line, and what is no text is named
 * instead of read.
 */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable, Transform } from 'node:stream';
import { TextDecoder } from 'node:util';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { createDocumentSplitter, isJsonDocuments, type DocumentSplitter } from './json-documents.ts';

export interface LogLine {
  /** Without its line end. At most `MAX_LINE` bytes; a longer line comes as its beginning with `cut` set. */
  bytes: Buffer;
  /** From 1; empty lines are counted but not returned. */
  number: number;
  cut: boolean;
}

/** Longest line that is kept whole, bytes. */
export const MAX_LINE = 4 * 1024 * 1024;

/** What the beginning of a file says it is, where that is no text. */
const SIGNATURES: [bytes: string, name: string][] = [
  ['456c6646696c6500', 'a binary EVTX file; convert it to JSON lines first (evtx_dump -o jsonl)'],
  ['504b0304', 'a ZIP archive; unpack it first'],
  ['425a68', 'compressed with bzip2; unpack it first'],
  ['fd377a585a00', 'compressed with xz; unpack it first'],
  ['d4c3b2a1', 'a packet capture'],
  ['a1b2c3d4', 'a packet capture'],
  ['0a0d0d0a', 'a packet capture'],
];

/** A file cannot be read as text; `message` says what it is instead. */
export class NotTextError extends Error {
  override name = 'NotTextError';
}

export interface LinesOptions {
  /** Called with the bytes read from disk, for progress. */
  read?: (bytes: number) => void;
}

/** Lines of the file at `path`, or of stdin for `-`. Throws `NotTextError`. */
export async function* linesOf(path: string, { read }: LinesOptions = {}): AsyncGenerator<LogLine[]> {
  const source = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: 256 * 1024 });
  const head = path === '-' ? Buffer.alloc(0) : await headOf(path);
  if (read) source.on('data', (chunk: Buffer | string) => read(chunk.length));
  const unpack = unpacker(head);
  const bytes: Readable = unpack === null ? source : unpipe(source, unpack);
  try {
    yield* split(bytes);
  } finally {
    bytes.destroy();
    if (source !== process.stdin) source.destroy();
  }
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function unpacker(head: Buffer): Transform | null {
  const hex = head.toString('hex');
  if (hex.startsWith('1f8b')) return createGunzip();
  if (hex.startsWith('28b52ffd')) return createZstdDecompress();
  const known = SIGNATURES.find(([signature]) => hex.startsWith(signature));
  if (known) throw new NotTextError(known[1]);
  return null;
}

function unpipe(source: Readable, unpack: Transform): Readable {
  source.on('error', (error) => unpack.destroy(error));
  return source.pipe(unpack);
}

async function* split(stream: Readable): AsyncGenerator<LogLine[]> {
  let rest: Buffer = Buffer.alloc(0);
  let cut = false;
  let number = 0;
  let decoder: TextDecoder | null = null;
  let documents: DocumentSplitter | null = null;
  let first = true;

  /** Drops the end of a line that has outgrown the limit, and remembers that it did. */
  const bound = (line: Buffer): Buffer => {
    if (line.length <= MAX_LINE) return line;
    cut = true;
    return line.subarray(0, MAX_LINE);
  };
  const take = (line: Buffer, lines: LogLine[]): void => {
    number++;
    const bytes = withoutReturn(bound(line));
    if (bytes.length > 0) lines.push({ bytes, number, cut });
    cut = false;
  };

  for await (const piece of stream) {
    let chunk = piece as Buffer;
    if (first) {
      decoder = wideDecoder(chunk);
      if (decoder === null && chunk.subarray(0, 8192).includes(0)) throw new NotTextError('binary');
    }
    if (decoder) chunk = Buffer.from(decoder.decode(chunk, { stream: true }));
    if (first) {
      if (chunk.indexOf('\ufeff') === 0) chunk = chunk.subarray(3);
      if (isJsonDocuments(chunk)) documents = createDocumentSplitter();
      first = false;
    }
    if (documents) {
      const found = documents.take(chunk);
      if (found.length > 0) yield found;
      continue;
    }
    const lines: LogLine[] = [];
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const line = chunk.subarray(start, end);
      take(rest.length === 0 ? line : Buffer.concat([rest, line]), lines);
      rest = Buffer.alloc(0);
      start = end + 1;
    }
    // Copied, so that a short rest does not keep its whole chunk alive.
    rest = bound(Buffer.concat([rest, chunk.subarray(start)]));
    if (lines.length > 0) yield lines;
  }
  const last: LogLine[] = documents?.finish() ?? [];
  if (rest.length > 0) take(rest, last);
  if (last.length > 0) yield last;
}

function withoutReturn(line: Buffer): Buffer {
  return line.length > 0 && line[line.length - 1] === 13 ? line.subarray(0, -1) : line;
}

function wideDecoder(chunk: Buffer): TextDecoder | null {
  if (chunk[0] === 0xff && chunk[1] === 0xfe) return new TextDecoder('utf-16le');
  if (chunk[0] === 0xfe && chunk[1] === 0xff) return new TextDecoder('utf-16be');
  return null;
}
