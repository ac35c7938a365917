/** What admission makes of a request body. Plain data: it crosses the thread boundary. */
import type { ApiErrorCode } from '@vedette/contracts';

/** How a body is to be read. */
export interface AdmissionRequest {
  /** `events`: POST /api/v1/events. `bulk`: Elasticsearch's action and document lines. */
  kind: 'events' | 'bulk';
  /** Content-Type without parameters, lower case; '' when there was none. */
  contentType: string;
  /** Content-Encoding; '' when there was none. */
  contentEncoding: string;
  /** Parser the sender names; '' detects it. */
  format: string;
  /** bulk: index of actions that name none. */
  index: string;
}

/** Events of one source, as one journal record will hold them. */
export interface AdmittedBatch {
  /** Source that the body names (`_index`, the envelope's `source`); '' when it names none. */
  source: string;
  /** One event a line. */
  payload: Uint8Array;
  count: number;
  /** Byte offset of each event in the payload, then the payload's length. Empty for plain text, which has no ids. */
  offsets: Uint32Array;
  /** Number of each event in the request, from 0. Empty for plain text. */
  items: Uint32Array;
  /** Clients' own ids ('' where none); undefined when no event has one. */
  clientIds: string[] | undefined;
}

export interface RejectedItem {
  index: number;
  code: ApiErrorCode;
  message: string;
  /** The item's bytes, cut where they are very long. */
  raw: Uint8Array;
}

/** What a bulk request asked for, by item. */
export interface BulkAction {
  action: 'index' | 'create' | 'update' | 'delete';
  index: string;
  /** '' when the server is to choose it. */
  id: string;
}

export interface Admitted {
  batches: AdmittedBatch[];
  rejected: RejectedItem[];
  /** True for `{source, events}`: the sender waits for the alerts. */
  isEnvelope: boolean;
  /** bulk only. */
  actions: BulkAction[];
}

/** The body as a whole is refused; nothing of it is kept. */
export class AdmissionError extends Error {
  override name = 'AdmissionError';
  readonly code: ApiErrorCode;
  constructor(code: ApiErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export interface AdmissionLimits {
  /** Of the decompressed body. */
  maxBytes: number;
  maxEventBytes: number;
  maxDepth: number;
  /** Events of one JSON body; its parts are listed one by one. */
  maxEvents: number;
  /** Rejected events of one body; one with more is refused as a whole. */
  maxRejected: number;
  /** Sources (`_index`) of one bulk body. */
  maxSources: number;
}

export const DEFAULT_LIMITS: AdmissionLimits = {
  maxBytes: 64 * 1024 * 1024,
  maxEventBytes: 1024 * 1024,
  maxDepth: 64,
  maxEvents: 200_000,
  maxRejected: 1_000,
  maxSources: 64,
};
