import type { LaneFilter } from '@vedette/contracts';

/** What all requests of the hunt page share. */
export interface HuntScope extends Record<string, string | undefined> {
  q?: string;
  from?: string;
  to?: string;
  lane?: LaneFilter;
}
