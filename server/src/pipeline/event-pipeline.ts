/** The pipeline, readable aloud: what happens to input on its way from the journal to the store. */
import type { EcsEvent } from '@vedette/contracts';
import type { Detector, Findings } from '../detectors/detector.ts';
import type { Enricher } from '../enrichers/enricher.ts';
import type { EventBlock } from '../store/events/block.ts';
import type { SourceReaders } from './source-readers.ts';
import type { Stage } from './step.ts';

export interface PipelineParts {
  readers: SourceReaders;
  normalise(events: readonly EcsEvent[]): void;
  enrichers: readonly Enricher[];
  detectors: readonly Detector[];
  findings: Findings;
  /** Where the events of the cut being worked on end up. */
  block: EventBlock;
}

/** Lines that one batch takes: small enough to stay in the processor's cache, large enough to amortise the calls. */
const BATCH_LINES = 1024;

export function eventPipeline(parts: PipelineParts): Stage[] {
  return [decode, parse(parts.readers), normalise(parts), enrich(parts), detect(parts), encode(parts.block)];
}

const decode: Stage = {
  name: 'decode',
  run(batch) {
    batch.lines = batch.input.next(BATCH_LINES);
    return batch.lines.length;
  },
};

const parse = (readers: SourceReaders): Stage => ({
  name: 'parse',
  run(batch) {
    for (const line of batch.lines) readers.read(line, batch);
    return batch.lines.length;
  },
});

const normalise = ({ normalise }: PipelineParts): Stage => ({
  name: 'normalise',
  run({ events }) {
    normalise(events);
    return events.length;
  },
});

const enrich = ({ enrichers }: PipelineParts): Stage => ({
  name: 'enrich',
  run({ events }) {
    for (const enricher of enrichers) enricher.enrich(events);
    return events.length;
  },
});

const detect = ({ detectors, findings }: PipelineParts): Stage => ({
  name: 'detect',
  run({ events }) {
    for (const detector of detectors) detector.detect(events, findings);
    return events.length;
  },
});

const encode = (block: EventBlock): Stage => ({
  name: 'encode',
  run({ events, origins }) {
    events.forEach((event, i) => block.append(event, origins[i]!.payload, origins[i]!.start, origins[i]!.end));
    return events.length;
  },
});
