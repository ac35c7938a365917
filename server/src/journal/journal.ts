/**
 * The journal is the acknowledgement: an input answers "accepted" only after `append` resolved. Everything behind it can
 * crash and is replayed from the last checkpoint. Positions are logical byte offsets, ascending for ever, so that
 * `position + index` names one event inside a record.
 */
import type { Lane } from '@vedette/contracts';

/** How a record's payload is divided into events. */
export type Framing =
  | 'lines' // newline-separated text; a last line without newline counts
  | 'octets' // RFC 6587 octet counting: `LEN SP MSG`…
  | 'single' // the whole payload is one event (a UDP datagram, one JSON document)
  | 'rejected'; // one piece of input refused at the door; stored in quarantine with `rejection`

/** What an input knows about a piece of input, kept with its bytes. */
export interface RecordMeta {
  /** Log source as people name it: `nginx on web1`, `syslog 10.0.0.5`, a file path. */
  source: string;
  /** Name of the input that took it: `http`, `elastic-bulk`, `syslog-udp`, `file-tail`. */
  input: string;
  lane: Lane;
  framing: Framing;
  /** Parser to use; '' detects it. */
  format: string;
  /** Receipt time, ms since the epoch. */
  receivedAt: number;
  /** More of the same source follows at once: what a multi-line parser holds is not to be let go of yet. */
  more?: boolean;
  /** Address of the sender where there is one. */
  peer?: string;
  /** Clients' own ids, one for each event of the payload in order ('' where none). Kept as `event.id`. */
  clientIds?: string[];
  /** Id of the request that brought the payload, when its sender gave one (Idempotency-Key), prefixed by the sender. */
  requestKey?: string;
  rejection?: { code: string; reason: string };
  /** Of a tailed file: where the payload ended, so that tailing resumes at the exact byte whatever was lost besides. */
  file?: FileMark;
}

/** A place in a tailed file; the later of two is the one of the higher generation, then the higher offset. */
export interface FileMark {
  /** Device and inode, `dev:ino`. */
  file: string;
  /** Raised each time the file was truncated, or its inode used again. */
  generation: number;
  /** Bytes read so far. */
  offset: number;
  /** Fingerprint of what was read, see `collect`. */
  print: string;
  /** Where the content before was left when the file was truncated. */
  ended?: { offset: number; print: string };
}

export interface JournalRecord {
  readonly position: number;
  /** Position of the next record. */
  readonly next: number;
  readonly meta: RecordMeta;
  readonly payload: Buffer;
}

export interface JournalStats {
  backlogBytes: number;
  capacityBytes: number;
  appendedBytes: number;
  /** End of what is durable: position of the record that comes next. */
  end: number;
}

/** Thrown by `append` when the journal holds `capacityBytes` of unprocessed input: answer 429, stop reading. */
export class JournalFullError extends Error {
  override name = 'JournalFullError';
}

export interface Journal {
  /** Resolves with the record's position once it is durable. Concurrent appends share one sync (group commit). */
  append(meta: RecordMeta, payload: Uint8Array): Promise<number>;
  /** True while appending would be refused; inputs that can, stop reading until `drained`. */
  readonly full: boolean;
  /** Resolves at once when not full, else when room has been made. */
  drained(): Promise<void>;
  /**
   * Records from `position` on, at most about `maxBytes` of payload (at least one record if there is any). Recent records
   * come from memory, older ones from disk. An empty array means that nothing follows yet.
   */
  read(position: number, maxBytes: number): Promise<JournalRecord[]>;
  /** Resolves when a record at or behind `position` is durable, or when closed. */
  available(position: number): Promise<void>;
  /** Everything before `position` will never be read again; its disk space is reused. Durable before it resolves. */
  release(position: number): Promise<void>;
  /** Oldest position that can still be read; where a restarted reader without its own checkpoint begins. */
  readonly start: number;
  stats(): JournalStats;
  close(): Promise<void>;
}
