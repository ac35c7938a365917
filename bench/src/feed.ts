/**
 * The loop of every load generator: sends pieces of a log until it is told to stop, paced or as fast as it may. A parent
 * process tells it how many lines it may have sent in all, so that it keeps ahead of the server by a bounded amount.
 * Messages from the parent: `{ allowed: lines }` and `{ stop: true }`; to the parent: `{ lines }` after each of them.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { VariedLines, type LineKind, type VariedChunk } from './varied-lines.ts';
import { logLines } from './log-lines.ts';

export interface FeedOptions {
  kind: LineKind;
  /** Lines a second; 0 is as many as are allowed. */
  rate: number;
  seconds: number;
  /** Lines of a piece when it is not paced. */
  linesEach: number;
  /** Pieces under way at a time. */
  lanes?: number;
  /** Resolves when the piece is taken. Its bytes change after that. */
  send(chunk: VariedChunk, lane: number): Promise<void>;
}

export interface Fed {
  lines: number;
  bytes: number;
  seconds: number;
}

/** A steady stream rather than bursts. */
const PACED_MS = 10;
const WAIT_MS = 2;

export async function feed({ kind, rate, seconds, linesEach, lanes = 1, send }: FeedOptions): Promise<Fed> {
  const each = rate > 0 ? Math.max(1, Math.round((rate * PACED_MS) / 1000 / lanes)) : linesEach;
  const lines = logLines(kind);
  const start = performance.now();
  const fed = { lines: 0, bytes: 0, seconds: 0 };
  let allowed = process.send ? 0 : Number.POSITIVE_INFINITY;
  let stopped = false;
  process.on('message', (message: { allowed?: number; stop?: boolean }) => {
    allowed = message.allowed ?? allowed;
    stopped ||= message.stop === true;
    process.send?.({ lines: fed.lines });
  });

  // A parent that is gone wants no more.
  process.on('disconnect', () => (stopped = true));

  const elapsed = (): number => performance.now() - start;
  const ahead = (): number => (rate > 0 ? (fed.lines / rate) * 1000 - elapsed() : 0);
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      // Lanes send other lines, each its own buffers.
      const source = new VariedLines(kind, rotated(lines, lane, lanes), each, Date.now, lane + 1);
      while (!stopped && elapsed() < seconds * 1000) {
        if (fed.lines + each > allowed) {
          await pause(WAIT_MS);
          continue;
        }
        const chunk = source.next();
        fed.lines += chunk.lines;
        fed.bytes += chunk.bytes.length;
        await send(chunk, lane);
        if (ahead() > 1) await pause(ahead());
      }
    }),
  );
  fed.seconds = elapsed() / 1000;
  return fed;
}

function rotated(lines: readonly string[], lane: number, lanes: number): string[] {
  const from = Math.floor((lines.length * lane) / lanes);
  return [...lines.slice(from), ...lines.slice(0, from)];
}

/** Tells whoever started this process what was sent, and lets it end. */
export function report(fed: Fed): void {
  console.log(JSON.stringify(fed));
  if (process.connected) process.disconnect();
}
