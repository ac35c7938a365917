/** What a line means. One file per format, one line in index.ts; `samples/<name>/` holds its goldens. */
import type { ParseResult } from '../pipeline/result.ts';

/** What a parser may know besides the line. */
export interface ParseContext {
  /** Receipt time (ms), to resolve year-less times and as the event time of lines without one. */
  receivedAt: number;
  source: string;
  /** Sender's address, '' where there is none. */
  peer: string;
}

/** Reads one source's lines in order; made anew for every source, so it may remember headers and open records. */
export interface ParserSession {
  parse(line: string, context: ParseContext): ParseResult;
  /** What is still held when the source pauses or ends (multi-line formats). */
  flush?(context: ParseContext): ParseResult;
  /** What it must know to go on in the middle of its source, as text for `open` (headers; not open records). */
  memory?(): string;
}

export interface Parser {
  readonly name: string;
  /** firewall, ids, auth, endpoint, dns, proxy, network, process, web, windows, generic. */
  readonly sourceType: string;
  /** How sure this parser is that the line is its own: 0 no … 1 certain. Called on the first lines of a source only. */
  detect(line: string): number;
  /** `memory`: what a session of the same source gave before. */
  open(memory?: string): ParserSession;
}

/** A parser without memory between lines: the common case. */
export function defineParser(
  parser: Omit<Parser, 'open'> & { parse(line: string, context: ParseContext): ParseResult },
): Parser {
  const { parse, ...rest } = parser;
  const session: ParserSession = { parse };
  return { ...rest, open: () => session };
}

/** A parser that remembers: headers, multi-line records. */
export function defineStatefulParser(parser: Parser): Parser {
  return parser;
}
