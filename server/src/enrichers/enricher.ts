/** What is known about an event beyond its own text. One file each, one line in index.ts. Synchronous, in the worker. */
import type { EcsEvent } from '@vedette/contracts';

export interface Enricher {
  readonly name: string;
  /** Adds to the events in place; never throws, never removes. */
  enrich(events: readonly EcsEvent[]): void;
}
