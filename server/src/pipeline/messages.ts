/** What main and a pipeline worker say to each other. Plain data: it is cloned between threads. */
import type { EcsDocument } from '@vedette/contracts';
import type { CorrelationSpec } from '../detectors/correlations.ts';
import type { Signal } from '../detectors/detector.ts';
import type { ObservationBlock } from '../detectors/observations.ts';
import type { IpsumBuffers } from '../intel/table.ts';
import type { JournalRecord } from '../journal/journal.ts';
import type { SourceMemory } from '../parsers/source-parsers.ts';
import type { Block } from '../store/events/event-store.ts';
import type { StageCounters } from './runner.ts';
import type { SourceCount } from './source-readers.ts';

/** A run of journal records that becomes one block in the store. */
export interface Cut {
  start: number;
  end: number;
}

export interface WorkerSettings {
  ruleDirectories: string[];
  intelMinLevel: number;
  /** Folders for block files: the first that has room is used. */
  blockDirectory: string;
  spareBlockDirectory: string;
}

export type ToWorker =
  | { kind: 'cut'; cut: Cut; records: TransferredRecord[]; memories: SourceMemory[]; live: boolean; poison: boolean }
  | { kind: 'intel'; table: IpsumBuffers };

/** A record whose payload has its own buffer, so that it can be moved to the worker. */
export type TransferredRecord = Omit<JournalRecord, 'payload'> & { payload: Uint8Array };

/** Everything that came of one cut. */
export interface CutResult {
  kind: 'done';
  cut: Cut;
  /** Blocks to store, at most one for each table. */
  blocks: Block[];
  signals: Signal[];
  observations: ObservationBlock;
  events: number;
  rejected: number;
  /** First events of the cut as documents, for the live feed; empty when nobody watches. */
  sample: EcsDocument[];
  sources: SourceCount[];
  /** What the parsers of the cut's sources remember now. */
  memories: SourceMemory[];
  counters: StageCounters[];
}

export type FromWorker =
  { kind: 'ready'; rules: RuleSummary[]; correlations: CorrelationSpec[]; ruleErrors: string[] } | CutResult;

/** A rule as main needs it: for lists and alerts. Plain data of `contracts` RuleInfo plus what alerts show. */
export interface RuleSummary {
  id: string;
  title: string;
  level: number;
  status: string;
  kind: 'event' | 'correlation';
  description: string;
  tags: readonly string[];
  falsePositives: readonly string[];
  logsource: Record<string, string>;
  yaml: string;
}
