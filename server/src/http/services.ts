/** The parts of the server that routes ask: what they need of each, and no more. */
import type { IntelFeed, PipelineState, Source } from '@vedette/contracts';
import type { Admission } from '../admission/admission.ts';
import type { Ingest } from '../admission/ingest.ts';
import type { AlertBook } from '../alerts/alert-book.ts';
import type { LiveHub } from '../live/live-hub.ts';
import type { RuleSummary } from '../pipeline/messages.ts';
import type { EventStore } from '../store/events/event-store.ts';

export interface Services {
  events: Pick<EventStore, 'search' | 'get' | 'count' | 'histogram' | 'fields' | 'pivot' | 'figures' | 'quarantine'>;
  alerts: AlertBook;
  live: LiveHub;
  admission: Admission;
  ingest: Ingest;
  pipeline: {
    /** Resolves when everything before `position` is committed, or after `timeoutMs`. */
    settled(position: number, timeoutMs: number): Promise<void>;
    state(): PipelineState;
    sources(): Source[];
  };
  rules: readonly RuleSummary[];
  /** Names of the parsers that `format` may ask for. */
  formats: ReadonlySet<string>;
  /** Null when no feed is configured. */
  intel: {
    state(): IntelFeed;
    refresh(): Promise<boolean>;
    table(): { levelOf(address: string): number };
  } | null;
}
