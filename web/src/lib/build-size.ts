/**
 * What the browser must load before the first page shows: the entry, the frame and the overview, with everything they
 * import statically. Charts and the other pages come later.
 */

/** Bytes of gzip-compressed JavaScript that the first page may load. */
export const INITIAL_JS_LIMIT = 300_000;

/** Modules that the first page loads on demand, but at once. */
const FIRST_PAGE = ['/src/app/frame.tsx', '/src/pages/overview.tsx'];

export interface BuiltChunk {
  fileName: string;
  isEntry: boolean;
  /** Path of the module that the chunk was split off for; null for shared chunks. */
  moduleId: string | null;
  /** File names of the chunks imported statically. */
  imports: string[];
  code: string;
}

/** Chunks of the first page and their static imports, each once. */
export function initialFiles(chunks: readonly BuiltChunk[]): BuiltChunk[] {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const seen = new Set<BuiltChunk>();
  const queue = chunks.filter(
    (chunk) => chunk.isEntry || FIRST_PAGE.some((path) => chunk.moduleId?.endsWith(path) === true),
  );
  for (const chunk of queue) {
    if (seen.has(chunk)) continue;
    seen.add(chunk);
    for (const name of chunk.imports) {
      const imported = byName.get(name);
      if (imported) queue.push(imported);
    }
  }
  return [...seen];
}
