/** What the store and its child process say to each other (`serialization: 'advanced'`: structured clones). */

export interface ChildSettings {
  directory: string;
  readSessions: number;
  /** Bytes; the limit of the whole engine, and a share of it for each read. */
  maxMemory: number;
  readMemory: number;
  /** Seconds that one read may take. */
  readSeconds: number;
  readResultBytes: number;
}

export type ToChild =
  | { kind: 'open'; settings: ChildSettings }
  /** Runs on the write session, one at a time, in order. */
  | { kind: 'write'; id: number; sql: string }
  /** Runs on a free read-only session. */
  | { kind: 'read'; id: number; sql: string }
  | { kind: 'cancel'; id: number }
  | { kind: 'close' };

export type FromChild =
  | { kind: 'opened' }
  | { kind: 'refused'; message: string }
  /** `rows` is JSONEachRow text. */
  | { kind: 'done'; id: number; rows: string }
  /** `code` is ClickHouse's; 0 when there is none. */
  | { kind: 'failed'; id: number; code: number; message: string };
