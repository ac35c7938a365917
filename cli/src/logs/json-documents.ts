/**
 * JSON that is not one document a line: arrays of objects, and objects printed over several lines. Each object becomes
 * one line; line breaks between its tokens become blanks, which JSON does not mind.
 */
import { MAX_LINE, type LogLine } from './lines.ts';

const NEWLINE = 10;
const RETURN = 13;
const BLANK = 32;
const QUOTE = 34;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;

/** Whether a file that begins with `chunk` is `[ {…}, … ]` or begins with an object over several lines. */
export function isJsonDocuments(chunk: Buffer): boolean {
  return /^\s*(\[\s*\{|\{\s*[\r\n])/.test(chunk.toString('latin1', 0, 256));
}

export interface DocumentSplitter {
  /** Objects that end in this chunk. */
  take(chunk: Buffer): LogLine[];
  /** The beginning of an object that never ended, so that it is not lost unseen. */
  finish(): LogLine[];
}

export function createDocumentSplitter(): DocumentSplitter {
  let pieces: Buffer[] = [];
  let held = 0;
  let cut = false;
  let depth = 0;
  let inString = false;
  let escaped = false;
  let line = 1;
  let firstLine = 1;

  function hold(piece: Buffer): void {
    const room = MAX_LINE - held;
    if (piece.length > room) cut = true;
    if (room > 0) pieces.push(Buffer.from(piece.subarray(0, room)));
    held += Math.min(piece.length, Math.max(room, 0));
  }
  function release(): LogLine {
    const bytes = Buffer.concat(pieces);
    for (let i = 0; i < bytes.length; i++) if (bytes[i] === NEWLINE || bytes[i] === RETURN) bytes[i] = BLANK;
    const found = { bytes, number: firstLine, cut };
    pieces = [];
    held = 0;
    cut = false;
    return found;
  }

  return {
    take(chunk) {
      const found: LogLine[] = [];
      let start = 0;
      for (let i = 0; i < chunk.length; i++) {
        const byte = chunk[i]!;
        if (byte === NEWLINE) line++;
        if (inString) {
          if (escaped) escaped = false;
          else if (byte === BACKSLASH) escaped = true;
          else if (byte === QUOTE) inString = false;
        } else if (byte === QUOTE) inString = depth > 0;
        else if (byte === OPEN) {
          if (depth++ === 0) {
            start = i;
            firstLine = line;
          }
        } else if (byte === CLOSE && depth > 0 && --depth === 0) {
          hold(chunk.subarray(start, i + 1));
          found.push(release());
        }
      }
      if (depth > 0) hold(chunk.subarray(start));
      return found;
    },
    finish: () => (depth > 0 ? [release()] : []),
  };
}
