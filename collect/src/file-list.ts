/** Which files the configured paths stand for: a file, all files of a folder (not of folders inside it), or a pattern. */
import { glob, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const PATTERN = /[*?[\]{}]/;
const MAX_FILES = 10_000;

/** Sorted, without hidden files of folders; at most 10,000. Paths that do not exist (yet) are left out. */
export async function listFiles(paths: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const path of paths) {
    for await (const file of expand(path)) {
      if (found.size >= MAX_FILES) return [...found].sort();
      found.add(file);
    }
  }
  return [...found].sort();
}

async function* expand(path: string): AsyncGenerator<string> {
  const stats = await stat(path).catch(() => null);
  if (stats?.isDirectory()) {
    for (const entry of await readdir(path, { withFileTypes: true }).catch(() => [])) {
      if (!entry.name.startsWith('.') && !entry.isDirectory()) yield join(path, entry.name);
    }
  } else if (stats) {
    yield path;
  } else if (PATTERN.test(path)) {
    try {
      yield* glob(path);
    } catch {
      // A folder that cannot be read now may be readable at the next look.
    }
  }
}
