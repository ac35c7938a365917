/**
 * Log files as an input: what to follow comes from the settings, how is in `collect`. Each record carries its place in the
 * file, so that after a crash a file goes on behind what is durable, whatever became of the saved places.
 */
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { countLines, createFileTail, openTailState } from '@vedette/collect';
import type { FileMark, FileTail, Piece } from '@vedette/collect';
import type { Lane } from '@vedette/contracts';
import type { RecordMeta } from '../journal/journal.ts';
import type { Input, InputDependencies } from './input.ts';
import { createIntake } from './intake.ts';

export interface FollowedPath {
  /** File, folder or pattern. */
  path: string;
  /** Name of the log source; the path of the file by default. */
  source?: string | undefined;
  format?: string | undefined;
  lane?: Lane | undefined;
}

export interface FileTailInputOptions {
  files: readonly FollowedPath[];
  /** The data folder. */
  directory: string;
  pollMs?: number;
  partialAfterMs?: number;
}

export function createFileTailInput(dependencies: InputDependencies, options: FileTailInputOptions): Input {
  const { now, logger } = dependencies;
  const { files, directory, pollMs, partialAfterMs } = options;
  const intake = createIntake(dependencies);
  let running = false;
  let tooLong = 0;
  let trouble = '';

  async function onPiece(followed: FollowedPath, piece: Piece & { path: string }): Promise<void> {
    const meta: RecordMeta = {
      source: followed.source ?? piece.path,
      input: 'file-tail',
      lane: followed.lane ?? 'live',
      framing: 'lines',
      format: followed.format ?? '',
      receivedAt: now(),
      file: piece.mark,
    };
    if (piece.tooLong) {
      tooLong++;
      meta.framing = 'rejected';
      meta.rejection = { code: 'line_too_long', reason: 'the line is longer than 1 MiB; its first 64 KiB are kept' };
    }
    const count = piece.tooLong ? 1 : countLines(piece.payload);
    if (!(await intake.append(meta, piece.payload, count))) throw new Error('the piece was not taken');
    trouble = '';
  }

  const tails: FileTail[] = files.map((followed) =>
    createFileTail({
      paths: [resolve(followed.path)],
      stateFile: stateFileOf(directory, followed),
      onPiece: (piece) => onPiece(followed, piece),
      onTrouble: (message, error) => {
        trouble = message;
        logger.warn({ err: error }, message);
      },
      now,
      ...(pollMs === undefined ? {} : { pollMs }),
      ...(partialAfterMs === undefined ? {} : { partialAfterMs }),
    }),
  );

  return {
    name: 'file-tail',
    async start() {
      for (const tail of tails) await tail.start();
      running = true;
    },
    async stop() {
      running = false;
      intake.stop();
      await Promise.all(tails.map((tail) => tail.stop()));
    },
    status: () => ({
      name: 'file-tail',
      address: files.map(({ path }) => path).join(', '),
      ok: running && intake.trouble === '' && trouble === '',
      message:
        intake.trouble ||
        trouble ||
        [
          `${tails.reduce((sum, tail) => sum + tail.files, 0)} files`,
          ...(tooLong > 0 ? [`${tooLong} lines too long`] : []),
        ].join(', '),
      received: intake.received,
      dropped: 0,
    }),
    async checkpoint() {
      await Promise.all(tails.map((tail) => tail.commit()));
    },
  };
}

/**
 * Saves places that the journal's records carry (`RecordMeta.file`, in their order) beside those that are saved already.
 * To be called at start before anything is released from the journal.
 */
export async function recoverFileMarks(options: {
  files: readonly FollowedPath[];
  directory: string;
  marks: Iterable<FileMark>;
  now: () => number;
}): Promise<void> {
  const marks = [...options.marks];
  if (marks.length === 0) return;
  // A mark names its file by device and inode: each list takes all of them and uses those of its own files.
  for (const followed of options.files) {
    const state = await openTailState({ path: stateFileOf(options.directory, followed), marks, now: options.now });
    await state.save();
  }
}

/** One file for each followed path: settings that are removed and come back find their places again. */
function stateFileOf(directory: string, { path }: FollowedPath): string {
  const name = createHash('sha256').update(resolve(path)).digest('hex').slice(0, 16);
  return join(directory, 'tail', `${name}.json`);
}
