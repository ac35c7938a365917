/**
 * The process that file-tail.test.ts kills: follows `app.log*` of a folder into a journal, as the server does, and
 * releases what was processed now and then. Arguments: log folder, data folder.
 */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { openFileJournal } from '../journal/file-journal.ts';
import type { FileMark } from '../journal/journal.ts';
import { scanMetas } from '../journal/scan.ts';
import { createFileTailInput, recoverFileMarks } from './file-tail.ts';

const [logs, directory] = process.argv.slice(2) as [string, string];
const files = [{ path: join(logs, 'app.log*') }];
const journal = await openFileJournal({ directory: join(directory, 'journal'), segmentBytes: 256 * 1024 });
const marks = new Map<string, FileMark>();
await scanMetas(journal, ({ file }) => {
  if (file) marks.set(file.file, file);
});
await recoverFileMarks({ files, directory, marks: marks.values(), now: Date.now });
const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
const input = createFileTailInput({ journal, now: Date.now, logger }, { files, directory, pollMs: 20 });
await input.start();

/** Stands for the store: what is in this file was processed; the last position in it says how far. */
const processed = join(directory, 'processed');
appendFileSync(processed, '\n'); // a kill may have cut the last line short
let position = journal.start;
for (;;) {
  await journal.available(position);
  for (const record of await journal.read(position, 100_000)) {
    appendFileSync(processed, `${JSON.stringify([record.position, record.payload.toString('utf8')])}\n`);
    position = record.next;
  }
  await input.checkpoint!();
  await journal.release(position);
}
