/** Walks over what the journal still holds, for state that is rebuilt from it at start: seen ids, places in files. */
import type { Journal, RecordMeta } from './journal.ts';

const READ_BYTES = 8 * 1024 * 1024;

/** Calls `visit` for every record from the journal's start to its present end, oldest first. */
export async function scanMetas(journal: Journal, visit: (meta: RecordMeta) => void): Promise<void> {
  const { end } = journal.stats();
  let position = journal.start;
  while (position < end) {
    const records = await journal.read(position, READ_BYTES);
    if (records.length === 0) return;
    for (const { meta } of records) visit(meta);
    position = records.at(-1)!.next;
  }
}
