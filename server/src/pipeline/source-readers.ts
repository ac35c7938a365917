/**
 * Parse: gives each line to the parser of its source and completes the event with what only the journal knows: id,
 * source, lane, receipt time, raw text. Whatever cannot be read is rejected with its reason, and counted for its source.
 */
import type { EcsEvent, Lane } from '@vedette/contracts';
import type { RecordMeta } from '../journal/journal.ts';
import type { SourceParsers } from '../parsers/source-parsers.ts';
import type { ParseContext } from '../parsers/parser.ts';
import { Rejection, type ParseResult } from './result.ts';
import { reject, type Batch, type Line, type Origin } from './step.ts';

/** What one source brought in one cut. */
export interface SourceCount {
  source: string;
  input: string;
  lane: Lane;
  parser: string;
  events: number;
  quarantined: number;
  bytes: number;
  receivedAt: number;
}

export interface SourceReaders {
  read(line: Line, batch: Batch): void;
  /** Counts per source since the last call. */
  takeCounts(): SourceCount[];
}

/** What tells sources apart: the same name through another input is another source. */
export function sourceKey({ lane, input, source }: Pick<RecordMeta, 'lane' | 'input' | 'source'>): string {
  return `${lane}|${input}|${source}`;
}

export function createSourceReaders(parsers: SourceParsers): SourceReaders {
  let counts = new Map<string, SourceCount>();

  function countFor(line: Line): SourceCount {
    const { source, input, lane, receivedAt } = line.record.meta;
    const key = sourceKey(line.record.meta);
    let count = counts.get(key);
    if (count === undefined) {
      count = { source, input, lane, parser: '', events: 0, quarantined: 0, bytes: 0, receivedAt };
      counts.set(key, count);
    }
    count.receivedAt = receivedAt;
    return count;
  }

  function keep(event: EcsEvent, ordinal: number, line: Line, batch: Batch): void {
    const { meta, position } = line.record;
    event.id = position + ordinal;
    event.ingested = meta.receivedAt;
    event.lane = meta.lane;
    event.source = meta.source;
    // A parser sets `raw` only when the event is made of several lines.
    let origin: Origin = { payload: line.record.payload, start: line.start, end: line.end };
    if (event.raw === '') {
      event.raw = line.text;
      event.rawLatin1 = line.latin1;
    } else {
      const payload = Buffer.from(event.raw, line.latin1 ? 'latin1' : 'utf8');
      origin = { payload, start: 0, end: payload.length };
    }
    const clientId = meta.clientIds?.[line.index];
    if (clientId) event.setExtra('event.id', clientId);
    batch.events.push(event);
    batch.origins.push(origin);
  }

  function take(result: ParseResult, line: Line, batch: Batch, count: SourceCount): void {
    if (result === null) return;
    if (result instanceof Rejection) {
      count.quarantined++;
      reject(batch, line, count.parser, result);
    } else if (Array.isArray(result)) {
      // Ids stay unique: a line of n bytes cannot hold more than n events, and ids count bytes.
      result.forEach((event, i) => keep(event, line.start + i, line, batch));
      count.events += result.length;
    } else {
      keep(result, line.start, line, batch);
      count.events++;
    }
  }

  return {
    read(line, batch) {
      const count = countFor(line);
      const { meta } = line.record;
      count.bytes += line.end - line.start;
      if (meta.rejection) {
        const { code, reason } = meta.rejection;
        count.quarantined++;
        batch.rejected.push({ ...rejectedBase(line), parser: '', code, reason });
        return;
      }
      const context: ParseContext = { receivedAt: meta.receivedAt, source: meta.source, peer: meta.peer ?? '' };
      const key = sourceKey(meta);
      take(
        parsed(() => parsers.parse(key, meta.format, line.text, context)),
        line,
        batch,
        count,
      );
      if (line.last && !meta.more)
        take(
          parsed(() => parsers.flush(key, context)),
          { ...line, start: line.end },
          batch,
          count,
        );
      count.parser = parsers.parserOf(key);
    },
    takeCounts() {
      const taken = [...counts.values()];
      counts = new Map();
      return taken;
    },
  };
}

function rejectedBase(line: Line) {
  const { meta, position, payload } = line.record;
  return { meta, id: position + line.start, bytes: payload.subarray(line.start, line.end) };
}

/** A parser that throws has a bug; its line is kept in quarantine rather than lost. */
function parsed(parse: () => ParseResult): ParseResult {
  try {
    return parse();
  } catch (error) {
    return new Rejection('internal', `the parser failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}
