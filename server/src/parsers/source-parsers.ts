/**
 * Which parser reads a source. A pinned source uses its format only. Otherwise the last parser of the source goes first;
 * when it refuses a line, the others that the source has used, then whichever recognises the line. So a collector's
 * mixed stream costs one extra look per change. Plain text and key=value never settle: every such line is looked at
 * again. What is remembered is bounded; the least recently used source is forgotten.
 *
 * Quarantined (a `Rejection`) are: broken JSON (in sources of JSON: all that looks like a piece of it), lines of a pinned
 * format that it cannot read, and lines that a sure parser (ids, endpoint, Zeek) recognises but finds broken. Any other
 * text becomes a generic event.
 */
import { EcsEvent } from '@vedette/contracts';
import { Rejection, type ParseResult } from '../pipeline/result.ts';
import { jsonParsers, parserByName, parsers } from './index.ts';
import { json } from './json/generic.ts';
import { keyValue } from './key-value.ts';
import type { ParseContext, Parser, ParserSession } from './parser.ts';
import { plain } from './plain.ts';

/** The surest parser for the first lines of a source; plain text when none is. */
export function chooseParser(lines: readonly string[]): Parser {
  let best: Parser = plain;
  let bestScore = 0;
  for (const parser of parsers) {
    let score = 0;
    for (const line of lines) score += parser.detect(line);
    if (score > bestScore) [best, bestScore] = [parser, score];
  }
  return best;
}

interface Reader {
  readonly parser: Parser;
  readonly session: ParserSession;
}

/** Parsers of one source, the last used first. */
interface SourceState {
  readers: Reader[];
}

/** What has to survive a restart so that a source can be read on from its middle. */
export interface SourceMemory {
  source: string;
  parser: string;
  memory: string;
}

export interface SourceParsers {
  /**
   * Reads one line of a source. `format` pins the parser; '' detects it. Sets `ingested` and `source` of the events;
   * `raw` only where an event is made of several lines. Never throws.
   */
  parse(source: string, format: string, line: string, context: ParseContext): ParseResult;
  /** What the source's parsers still hold (multi-line records). */
  flush(source: string, context: ParseContext): EcsEvent[];
  /** Sources of multi-line formats, which may hold an open record: `flush` them when they pause. */
  held(): string[];
  /** Name of the parser that read the source last; '' for unknown sources. */
  parserOf(source: string): string;
  snapshot(): SourceMemory[];
  restore(memories: readonly SourceMemory[]): void;
}

const MAX_SOURCES = 10_000;
const MAX_READERS = 4;
/** Above this length a line is refused: no format has such records, and every parser keeps its text. */
export const MAX_LINE = 4 * 1024 * 1024;

/** Parsers that accept whatever comes: better ones are looked for on every line. */
const WEAK: ReadonlySet<Parser> = new Set([plain, keyValue]);
/** A detection this sure means that the line is the parser's own, even when it is broken. */
const SURE = 0.95;

export function createSourceParsers(options: { maxSources?: number } = {}): SourceParsers {
  const maxSources = options.maxSources ?? MAX_SOURCES;
  const states = new Map<string, SourceState>();
  let lastSource = '';
  let lastState: SourceState | null = null;

  function stateOf(source: string): SourceState {
    if (lastState !== null && source === lastSource) return lastState;
    let state = states.get(source);
    if (state === undefined) state = { readers: [] };
    else states.delete(source);
    states.set(source, state);
    if (states.size > maxSources) states.delete(states.keys().next().value!);
    lastSource = source;
    lastState = state;
    return state;
  }

  return {
    parse(source, format, text, context) {
      const line = text.charCodeAt(text.length - 1) === 13 ? text.slice(0, -1) : text;
      if (line.length > MAX_LINE) return new Rejection('line_too_long', `longer than ${MAX_LINE} characters`);
      const state = stateOf(source);
      const result = format === '' ? detected(state, line, context) : pinned(state, format, line, context);
      return finish(result, source, context);
    },
    flush(source, context) {
      const events: EcsEvent[] = [];
      for (const { session } of states.get(source)?.readers ?? []) {
        const result = session.flush?.(context);
        if (result instanceof EcsEvent) events.push(result);
        else if (Array.isArray(result)) events.push(...result);
      }
      for (const event of events) finish(event, source, context);
      return events;
    },
    held: () => [...states].flatMap(([source, { readers }]) => (readers.some(holds) ? [source] : [])),
    parserOf: (source) => states.get(source)?.readers[0]?.parser.name ?? '',
    snapshot: () => [...states].flatMap(([source, { readers }]) => memoriesOf(source, readers)),
    restore(memories) {
      for (const { source, parser: name, memory } of memories) {
        const parser = parserByName.get(name);
        if (parser !== undefined) use(stateOf(source), { parser, session: parser.open(memory) });
      }
    },
  };
}

function holds({ session }: Reader): boolean {
  return session.flush !== undefined;
}

function memoriesOf(source: string, readers: readonly Reader[]): SourceMemory[] {
  return readers.flatMap(({ parser, session }) => {
    const memory = session.memory?.() ?? '';
    return memory === '' ? [] : [{ source, parser: parser.name, memory }];
  });
}

/** Puts a reader first; the least recently used one gives way. */
function use(state: SourceState, reader: Reader): void {
  state.readers = [reader, ...state.readers.filter(({ parser }) => parser !== reader.parser)].slice(0, MAX_READERS);
}

function pinned(state: SourceState, format: string, line: string, context: ParseContext): ParseResult {
  let reader = state.readers.find(({ parser }) => parser.name === format);
  if (reader === undefined) {
    const parser = parserByName.get(format);
    if (parser === undefined) return new Rejection('unparsed', `there is no parser "${format.slice(0, 40)}"`);
    reader = { parser, session: parser.open() };
    use(state, reader);
  }
  return guarded(reader, line, context);
}

function detected(state: SourceState, line: string, context: ParseContext): ParseResult {
  const first = state.readers[0];
  const tried = new Map<Parser, Rejection>();
  if (first !== undefined && !WEAK.has(first.parser)) {
    const result = guarded(first, line, context);
    if (!(result instanceof Rejection)) return result;
    tried.set(first.parser, result);
  }
  return search(state, line, context, tried);
}

/** The line's own parser: another that the source has used, or the surest of all. `tried` holds who has refused it. */
function search(state: SourceState, line: string, context: ParseContext, tried: Map<Parser, Rejection>): ParseResult {
  for (const reader of state.readers) {
    if (WEAK.has(reader.parser) || tried.has(reader.parser)) continue;
    const result = guarded(reader, line, context);
    if (!(result instanceof Rejection)) {
      use(state, reader);
      return result;
    }
    tried.set(reader.parser, result);
  }
  for (const { parser, score } of ranked(line)) {
    if (parser === plain) break;
    let refused = tried.get(parser);
    if (refused === undefined) {
      const reader = state.readers.find((used) => used.parser === parser) ?? { parser, session: parser.open() };
      const result = guarded(reader, line, context);
      if (!(result instanceof Rejection)) {
        use(state, reader);
        return result;
      }
      refused = result;
    }
    if (score >= SURE) return refused;
  }
  // A parser that remembers knows its lines: in its source, what it refuses is broken.
  const knowing = state.readers.find((reader) => remembers(reader) && tried.has(reader.parser));
  return knowing !== undefined ? tried.get(knowing.parser)! : unknownText(state, line, context);
}

function remembers({ session }: Reader): boolean {
  return session.memory !== undefined || session.flush !== undefined;
}

function ranked(line: string): { parser: Parser; score: number }[] {
  return parsers
    .map((parser) => ({ parser, score: parser.detect(line) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
}

/** Text that nothing recognises is an event, unless it is broken JSON: by its look, judged harder where all is JSON. */
function unknownText(state: SourceState, line: string, context: ParseContext): ParseResult {
  const settled = state.readers.filter(({ parser }) => !WEAK.has(parser));
  const allJson = settled.length > 0 && settled.every(({ parser }) => jsonParsers.has(parser));
  if (allJson ? looksLikePieceOfJson(line) : looksLikeJson(line)) {
    const broken = guarded(JSON_READER, line, context);
    if (broken instanceof Rejection) return broken;
  }
  if (state.readers.length === 0) use(state, PLAIN_READER);
  return guarded(PLAIN_READER, line, context);
}

/** `{"`, with blanks between at most. */
function looksLikeJson(line: string): boolean {
  return /^\s{0,8}\{\s{0,8}"/.test(line);
}

/** What a document cut short, or written over several lines, is made of; a text in brackets (`[info] …`) is none. */
function looksLikePieceOfJson(line: string): boolean {
  return (
    /^\s{0,64}(?:[{}\]]|"[^"]{0,200}"\s{0,8}:|\[\s{0,8}(?:[{["]|$))/.test(line) || /\},?\s{0,8}$/.test(line.slice(-10))
  );
}

const JSON_READER: Reader = { parser: json, session: json.open() };
const PLAIN_READER: Reader = { parser: plain, session: plain.open() };

/** A parser that throws is a bug; the line is kept in quarantine and the pipeline goes on. */
function guarded({ parser, session }: Reader, line: string, context: ParseContext): ParseResult {
  try {
    return session.parse(line, context);
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 200) : 'unknown error';
    return new Rejection('unparsed', `parser "${parser.name}" failed: ${reason}`);
  }
}

function finish(result: ParseResult, source: string, context: ParseContext): ParseResult {
  if (result instanceof EcsEvent) {
    result.ingested = context.receivedAt;
    result.source = source;
  } else if (Array.isArray(result)) for (const event of result) finish(event, source, context);
  return result;
}
