/** Failing to parse is a value with a reason, counted and kept: nothing is dropped silently. */
import type { ApiErrorCode, EcsEvent } from '@vedette/contracts';

export class Rejection {
  readonly code: ApiErrorCode;
  /** What was wrong, for people: `no valid source address in "…"`. */
  readonly reason: string;
  constructor(code: ApiErrorCode, reason: string) {
    this.code = code;
    this.reason = reason;
  }
}

/** What a parser makes of one line: an event, several (rare), nothing to keep (comments, headers), or a rejection. */
export type ParseResult = EcsEvent | EcsEvent[] | null | Rejection;
