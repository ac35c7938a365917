/**
 * What every input does with the bytes it took: append them, waiting where the journal is full or its disk fails. While
 * an input waits here it reads no further; that is the backpressure that TCP senders and files feel.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { JournalFullError } from '../journal/journal.ts';
import type { RecordMeta } from '../journal/journal.ts';
import type { InputDependencies } from './input.ts';

const RETRY_MS = 1000;

export interface Intake {
  /** Resolves true once durable; false when the input was stopped before that. Never rejects. */
  append(meta: RecordMeta, payload: Uint8Array, messages: number): Promise<boolean>;
  /** Ends all waiting for room. */
  stop(): void;
  /** Messages that became durable. */
  readonly received: number;
  /** Why nothing is accepted at present, '' when it is. */
  readonly trouble: string;
}

export function createIntake({ journal, logger }: InputDependencies): Intake {
  const stopping = new AbortController();
  const stopped = new Promise<void>((resolve) => stopping.signal.addEventListener('abort', () => resolve()));
  let received = 0;
  let trouble = '';
  return {
    async append(meta, payload, messages) {
      for (;;) {
        try {
          await journal.append(meta, payload);
          received += messages;
          trouble = '';
          return true;
        } catch (error) {
          if (error instanceof RangeError) {
            logger.error({ err: error, source: meta.source }, 'a piece of input was dropped');
            return false;
          }
          trouble = (error as Error).message;
          if (stopping.signal.aborted) return false;
          if (error instanceof JournalFullError) await Promise.race([journal.drained(), stopped]);
          else await delay(RETRY_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
        }
      }
    },
    stop: () => stopping.abort(),
    get received() {
      return received;
    },
    get trouble() {
      return trouble;
    },
  };
}
