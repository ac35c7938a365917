/**
 * The hunt itself: every file is read once, in a stream; hits wait on disk until the end, because the timeline is sorted
 * by event time. A file that is no log is named with the reason, never fatal.
 */
import type { LoadedRules } from '@vedette/server/detectors/rules.ts';
import { linesOf, NotTextError } from '../logs/lines.ts';
import type { LogFile } from '../logs/files.ts';
import { reasonOf } from '../output/command-error.ts';
import { createEventReader, type EventReader, type ReadEvent } from './event-reader.ts';
import { createMatcher, type Hit } from './matching.ts';
import type { Spill } from './spill.ts';

export interface HuntOptions {
  files: readonly LogFile[];
  rules: LoadedRules;
  minLevel: number;
  spill: Spill;
  /** Called with the bytes read, and the file they belong to. */
  read: (bytes: number, file: string) => void;
}

export interface HuntResult {
  /** By event time. */
  hits: Hit[];
  files: number;
  events: number;
  /** Lines that their parser refused. */
  rejected: number;
  skipped: { file: string; reason: string }[];
}

/** Events after which a file has shown what it is. */
const LOOK_EVENTS = 200;
/** Parsers that take any text: what only they can read must at least carry times that they find to be a log. */
const FALLBACK_PARSERS: ReadonlySet<string> = new Set(['', 'generic', 'key-value', 'json']);

export async function hunt({ files, rules, minLevel, spill, read }: HuntOptions): Promise<HuntResult> {
  const result: HuntResult = { hits: [], files: 0, events: 0, rejected: 0, skipped: [] };
  const matcher = createMatcher(rules, spill, (hit) => {
    if (hit.level >= minLevel) result.hits.push(hit);
  });
  for (const file of files) {
    try {
      const counted = await huntFile(
        file,
        (found) => {
          for (const { event, line } of found) matcher.match(event, file.path, line);
        },
        (bytes) => read(bytes, file.path),
      );
      result.files++;
      result.events += counted.events;
      result.rejected += counted.rejected;
      if (counted.torn !== null) result.skipped.push({ file: file.path, reason: `the rest: ${counted.torn}` });
    } catch (error) {
      if (!isReadingProblem(error)) throw error;
      result.skipped.push({ file: file.path, reason: reasonOf(error) });
    }
  }
  matcher.finish();
  result.hits.sort((a, b) => a.ts - b.ts);
  return result;
}

function isReadingProblem(error: unknown): boolean {
  return error instanceof NotTextError || (error as NodeJS.ErrnoException).code !== undefined;
}

async function huntFile(
  file: LogFile,
  take: (found: ReadEvent[]) => void,
  read: (bytes: number) => void,
): Promise<{ events: number; rejected: number; torn: string | null }> {
  const reader = createEventReader(file.path, file.modified);
  let events = 0;
  /** The first events are held back until the file has shown that it is a log. */
  let looking: ReadEvent[] | null = [];

  const pass = (found: ReadEvent[]): void => {
    events += found.length;
    if (looking === null) return take(found);
    looking.push(...found);
    if (looking.length >= LOOK_EVENTS) decide();
  };
  const decide = (): void => {
    if (looking === null) return;
    if (!isLog(looking, reader, file)) throw new NotTextError('not a log in a known format');
    take(looking);
    looking = null;
  };

  let torn: unknown = null;
  try {
    for await (const lines of linesOf(file.path, { read })) {
      for (const line of lines) {
        pass(reader.read(line));
        if (looking !== null && line.number > 2 * LOOK_EVENTS) decide();
      }
    }
  } catch (error) {
    if (error instanceof NotTextError || !isReadingProblem(error)) throw error;
    torn = error;
  }
  pass(reader.finish());
  if (torn !== null && events === 0) throw torn;
  decide();
  return { events, rejected: reader.rejected, torn: torn === null ? null : reasonOf(torn) };
}

function isLog(first: readonly ReadEvent[], reader: EventReader, file: LogFile): boolean {
  if (first.length === 0) return false;
  if (!FALLBACK_PARSERS.has(reader.parser())) return true;
  // An event without a time of its own has the file's.
  return first.some(({ event }) => event.timestamp !== Math.trunc(file.modified) && event.timestamp !== file.modified);
}
