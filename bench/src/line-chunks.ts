/** Lines of a file in pieces of a given number of lines, for the load generators. */
const NEWLINE = 10;

export interface LineChunk {
  bytes: Buffer;
  lines: number;
}

/** Every piece ends with a newline; one is added at the end where it is missing. */
export function cutIntoChunks(content: Buffer, linesEach: number): LineChunk[] {
  const bytes = content.at(-1) === NEWLINE ? content : Buffer.concat([content, Buffer.from('\n')]);
  const chunks: LineChunk[] = [];
  let start = 0;
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) {
    lines++;
    if (lines < linesEach && at + 1 < bytes.length) continue;
    chunks.push({ bytes: bytes.subarray(start, at + 1), lines });
    start = at + 1;
    lines = 0;
  }
  return chunks;
}
