/**
 * An input takes bytes from somewhere and puts them into the journal, nothing more: what they mean is found out later.
 * It is one file here and one line in index.ts. Order: an input is started last and stopped first. Failure: an input that
 * cannot listen stops the start with its name and address; afterwards it never throws, it says in `status` what is wrong.
 */
import type { Logger } from 'pino';
import type { Journal } from '../journal/journal.ts';

export interface InputStatus {
  name: string;
  /** Where it takes input from: `127.0.0.1:5514`, a path. */
  address: string;
  ok: boolean;
  /** What is wrong, or worth knowing; '' otherwise. */
  message: string;
  /** Messages (lines, datagrams) that became durable since the start. */
  received: number;
  /** Messages and connections lost since the start, whatever the reason: UDP overflow, senders that are not allowed. */
  dropped: number;
}

export interface Input {
  readonly name: string;
  start(): Promise<void>;
  /** Takes nothing more; what was taken is durable when it resolves. */
  stop(): Promise<void>;
  status(): InputStatus;
  /** Saves what the input must know without the journal's help. To be awaited before the journal is released. */
  checkpoint?(): Promise<void>;
}

export interface InputDependencies {
  journal: Journal;
  now: () => number;
  logger: Pick<Logger, 'info' | 'warn' | 'error'>;
}
