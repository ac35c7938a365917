/**
 * Decode: journal records → lines. Bytes stay where they are; a line is a string and its byte range, so that the raw
 * bytes can be stored verbatim. Invalid UTF-8 is decoded as latin1, byte for byte. Decoding goes on in portions, so that
 * a record of many megabytes never stands in memory as events all at once.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import type { JournalRecord } from '../journal/journal.ts';
import type { Line } from './step.ts';

const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;

/** Walks over the lines of records; empty lines are nothing. */
export class LineCursor {
  private readonly records: readonly JournalRecord[];
  private recordAt = 0;
  private byteAt = 0;
  private index = 0;
  /** End of the record without the newlines at its end. */
  private end = 0;
  /** The whole record as one string where one character is one byte: slices of it cost next to nothing. */
  private text: string | null = null;

  constructor(records: readonly JournalRecord[]) {
    this.records = records;
    this.enter();
  }

  get done(): boolean {
    return this.recordAt >= this.records.length;
  }

  /** The next lines, at most `max`. An empty answer with `done` false does not happen. */
  next(max: number): Line[] {
    const lines: Line[] = [];
    while (lines.length < max && !this.done) {
      const record = this.records[this.recordAt]!;
      const line = this.lineOf(record);
      if (line !== null) lines.push(line);
      if (this.byteAt >= this.end) {
        if (line !== null) lines[lines.length - 1] = { ...line, last: true };
        this.recordAt++;
        this.enter();
      }
    }
    return lines;
  }

  private enter(): void {
    this.byteAt = 0;
    this.index = 0;
    const record = this.records[this.recordAt];
    this.end = record ? trimmedEnd(record.payload, 0, record.payload.length) : 0;
    this.text = record?.meta.framing === 'lines' && isAscii(record.payload) ? record.payload.toString('latin1') : null;
  }

  /** Takes one line off the record; null for an empty one. Moves `byteAt` on in any case. */
  private lineOf(record: JournalRecord): Line | null {
    const { payload } = record;
    let start = this.byteAt;
    let end = this.end;
    if (record.meta.framing === 'lines') {
      const newline = this.text === null ? payload.indexOf(NEWLINE, start) : this.text.indexOf('\n', start);
      if (newline >= 0) end = newline;
      this.byteAt = end + 1;
    } else if (record.meta.framing === 'octets') {
      [start, end] = octetFrame(payload, start);
      this.byteAt = end;
    } else {
      this.byteAt = end;
    }
    end = trimmedEnd(payload, start, end);
    if (end === start) return null;
    const index = this.index++;
    if (this.text !== null) {
      return { text: this.text.slice(start, end), latin1: false, record, start, end, index, last: false };
    }
    const bytes = payload.subarray(start, end);
    const latin1 = !isUtf8(bytes);
    return {
      text: latin1 ? bytes.toString('latin1') : bytes.toString('utf8'),
      latin1,
      record,
      start,
      end,
      index,
      last: false,
    };
  }
}

function trimmedEnd(payload: Buffer, start: number, end: number): number {
  let at = end;
  while (at > start && (payload[at - 1] === NEWLINE || payload[at - 1] === RETURN)) at--;
  return at;
}

/** `LEN SP MSG`: byte range of MSG. The input has checked the frames; anything else is taken as one last frame. */
function octetFrame(payload: Buffer, at: number): [start: number, end: number] {
  const space = payload.indexOf(SPACE, at);
  const length = space < 0 || space - at > 10 ? Number.NaN : Number(payload.toString('latin1', at, space));
  if (!Number.isSafeInteger(length) || length <= 0) return [at, payload.length];
  return [space + 1, Math.min(space + 1 + length, payload.length)];
}
