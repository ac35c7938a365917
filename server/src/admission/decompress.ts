/** Opens a request's content encoding. It stops at the cap, however small the bomb is that would exceed it. */
import zlib from 'node:zlib';
import { AdmissionError } from './admitted.ts';

interface Opened {
  buffer: Buffer;
  /** The engine counts what it has read: `bytesWritten`. */
  engine: { bytesWritten: number };
}
type Open = (bytes: Uint8Array, options: { maxOutputLength: number; info: true }) => unknown;

/** Encodings by name; `deflate` is zlib by the standard and raw deflate by some clients. */
const OPENERS = new Map<string, (bytes: Uint8Array) => Open>([
  ['gzip', () => zlib.gunzipSync as Open],
  ['x-gzip', () => zlib.gunzipSync as Open],
  ['zstd', () => zlib.zstdDecompressSync as Open],
  ['deflate', (bytes) => ((bytes[0]! & 0x0f) === 8 ? zlib.inflateSync : zlib.inflateRawSync) as Open],
]);

/** The body's bytes. Throws AdmissionError: unsupported_media, bad_encoding, too_large. */
export function decompress(body: Uint8Array, encoding: string, maxBytes: number): Uint8Array {
  const name = encoding.trim().toLowerCase();
  if (name === '' || name === 'identity') {
    if (body.length > maxBytes) throw tooLarge(maxBytes);
    return body;
  }
  const opener = OPENERS.get(name);
  if (opener === undefined) {
    throw new AdmissionError(
      'unsupported_media',
      `Content-Encoding "${name.slice(0, 40)}": use gzip, zstd or deflate.`,
    );
  }
  if (body.length === 0) return body;
  const parts: Buffer[] = [];
  let bytes = 0;
  // A zstd or deflate engine stops at the end of a frame; what follows is the next frame.
  for (let at = 0; at < body.length;) {
    const rest = body.subarray(at);
    const { buffer, engine } = openFrame(opener(rest), rest, maxBytes - bytes, name, maxBytes);
    if (engine.bytesWritten <= 0) throw new AdmissionError('bad_encoding', `The ${name} body cannot be read on.`);
    at += engine.bytesWritten;
    bytes += buffer.length;
    parts.push(buffer);
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

function openFrame(open: Open, bytes: Uint8Array, room: number, name: string, maxBytes: number): Opened {
  try {
    return open(bytes, { maxOutputLength: Math.max(room, 1), info: true }) as Opened;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes);
    throw new AdmissionError('bad_encoding', `The ${name} body cannot be decompressed: ${(error as Error).message}.`);
  }
}

function tooLarge(maxBytes: number): AdmissionError {
  return new AdmissionError(
    'too_large',
    `The body holds more than ${maxBytes} bytes when decompressed. Send it in smaller parts.`,
  );
}
