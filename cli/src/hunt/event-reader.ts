/** Lines of one file → normalised events, by the same parsers that the server uses. Knows which line each came from. */
import type { EcsEvent } from '@vedette/contracts';
import { normalise } from '@vedette/server/normalise/normalise.ts';
import { createSourceParsers } from '@vedette/server/parsers/source-parsers.ts';
import { Rejection, type ParseResult } from '@vedette/server/pipeline/result.ts';
import { isUtf8 } from 'node:buffer';
import type { LogLine } from '../logs/lines.ts';

export interface ReadEvent {
  event: EcsEvent;
  /** Line the event begins on, from 1. */
  line: number;
}

export interface EventReader {
  read(line: LogLine): ReadEvent[];
  /** What a multi-line format still holds at the end of the file. */
  finish(): ReadEvent[];
  /** Parser in use, '' while it is being detected. */
  parser(): string;
  readonly rejected: number;
}

/** Longest multi-line record whose first line is still known. */
const REMEMBERED_LINES = 256;

/**
 * @param file names the source.
 * @param modified stands for the receipt time: year-less times are read against it, lines without a time get it.
 * @param format parser to use; '' detects it.
 */
export function createEventReader(file: string, modified: number, format = ''): EventReader {
  const parsers = createSourceParsers();
  const context = { receivedAt: modified, source: file, peer: '' };
  const recent: number[] = [];
  let rejected = 0;

  function take(result: ParseResult, text: string, number: number): ReadEvent[] {
    if (result === null) return [];
    if (result instanceof Rejection) {
      rejected++;
      return [];
    }
    const events = Array.isArray(result) ? result : [result];
    const found = events.map((event) => {
      // Parsers set `raw` only where an event is made of several lines, which then end before this one.
      const lines = event.raw === '' ? 0 : event.raw.split('\n').length;
      if (lines === 0) event.raw = text;
      return { event, line: lines === 0 ? number : (recent.at(-lines) ?? number) };
    });
    normalise(events);
    return found;
  }

  return {
    get rejected() {
      return rejected;
    },
    parser: () => parsers.parserOf(file),
    read({ bytes, number }) {
      const text = isUtf8(bytes) ? bytes.toString('utf8') : bytes.toString('latin1');
      const found = take(parsers.parse(file, format, text, context), text, number);
      recent.push(number);
      if (recent.length > 2 * REMEMBERED_LINES) recent.splice(0, REMEMBERED_LINES);
      return found;
    },
    finish: () => take(parsers.flush(file, context), '', recent.at(-1) ?? 1),
  };
}
