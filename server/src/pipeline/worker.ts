/** A pipeline worker: takes a cut, runs the stages over it, writes its blocks, and answers with what was found. */
import { parentPort, workerData } from 'node:worker_threads';
import { documentOf, type EcsDocument } from '@vedette/contracts';
import { packObservations, type ObservationBlock } from '../detectors/observations.ts';
import { loadRules } from '../detectors/rules.ts';
import { createSigmaDetector } from '../detectors/sigma.ts';
import type { Observation, Signal } from '../detectors/detector.ts';
import { createIpsumEnricher } from '../enrichers/index.ts';
import { normalise } from '../normalise/normalise.ts';
import type { JournalRecord } from '../journal/journal.ts';
import { createSourceParsers, type SourceMemory } from '../parsers/source-parsers.ts';
import { createEventBlock, createQuarantineBlock } from '../store/events/block.ts';
import { writeBlockFile } from '../store/events/block-file.ts';
import type { Block } from '../store/events/event-store.ts';
import { LineCursor } from './decode.ts';
import { eventPipeline } from './event-pipeline.ts';
import type { CutResult, FromWorker, ToWorker, WorkerSettings } from './messages.ts';
import { createRunner } from './runner.ts';
import { createSourceReaders, sourceKey } from './source-readers.ts';
import { emptyBatch, type RejectedLine } from './step.ts';

const port = parentPort!;
const settings = workerData as WorkerSettings;
const SAMPLE_EVENTS = 50;

const { ruleset, rules, correlations, errors } = loadRules(settings.ruleDirectories);
const ipsum = createIpsumEnricher({ minLevel: settings.intelMinLevel });
const parsers = createSourceParsers();
const readers = createSourceReaders(parsers);
const block = createEventBlock();
const quarantine = createQuarantineBlock();
let signals: Signal[] = [];
let observations: Observation[] = [];

const runner = createRunner(
  eventPipeline({
    readers,
    normalise,
    enrichers: [ipsum],
    detectors: [createSigmaDetector(ruleset)],
    findings: { signal: (signal) => signals.push(signal), observe: (observation) => observations.push(observation) },
    block,
  }),
);

function work({ cut, records, memories, live, poison }: Extract<ToWorker, { kind: 'cut' }>): CutResult {
  parsers.restore(memories);
  const received = records.map((record) => ({ ...record, payload: asBuffer(record.payload) }));
  const input = new LineCursor(received);
  const sample: EcsDocument[] = [];
  const result = {
    kind: 'done' as const,
    cut,
    signals: (signals = []),
    events: 0,
    rejected: 0,
    sample,
  };
  while (!input.done) {
    const batch = emptyBatch(input);
    if (poison) refuseAll(batch.rejected, input);
    else runner.run(batch);
    result.events += batch.events.length;
    result.rejected += batch.rejected.length;
    for (const line of batch.rejected) quarantine.append(line);
    if (live) for (const event of batch.events.slice(0, SAMPLE_EVENTS - sample.length)) sample.push(documentOf(event));
  }
  return {
    ...result,
    observations: takeObservations(),
    blocks: finishBlocks(cut.start),
    sources: readers.takeCounts(),
    memories: memoriesOf(received),
    counters: runner.takeCounters(),
  };
}

function takeObservations(): ObservationBlock {
  const packed = packObservations(observations);
  observations = [];
  return packed;
}

/** Messages between threads carry plain byte arrays. */
function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function memoriesOf(records: readonly JournalRecord[]): SourceMemory[] {
  const sources = new Set(records.map(({ meta }) => sourceKey(meta)));
  return parsers.snapshot().filter(({ source }) => sources.has(source));
}

/** A cut that twice took its worker with it is kept whole in quarantine, unparsed. */
function refuseAll(rejected: RejectedLine[], input: LineCursor): void {
  for (const { record, start, end } of input.next(1024)) {
    const bytes = record.payload.subarray(start, end);
    const reason = 'the pipeline failed on this input';
    rejected.push({ meta: record.meta, id: record.position + start, parser: '', code: 'internal', reason, bytes });
  }
}

function finishBlocks(start: number): Block[] {
  const blocks: Block[] = [];
  for (const [table, filled] of [
    ['events', block],
    ['quarantine', quarantine],
  ] as const) {
    if (filled.rows === 0) continue;
    const rows = filled.rows;
    const data = { file: writeBlockFile(settings.blockDirectory, filled.finish(), settings.spareBlockDirectory) };
    blocks.push({ table, rows, data, token: `${table}-${start}` });
  }
  return blocks;
}

port.on('message', (message: ToWorker) => {
  if (message.kind === 'intel') ipsum.update(message.table);
  else port.postMessage(work(message) satisfies FromWorker);
});
port.postMessage({ kind: 'ready', rules, correlations, ruleErrors: errors } satisfies FromWorker);
