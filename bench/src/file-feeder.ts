/**
 * Writes a growing log file from a process of its own: as fast as the reader follows, or paced.
 * `node file-feeder.ts --from FILE --to LOG [--rate LINES_A_SECOND] [--seconds 60] [--max-bytes N]`. The lines are written
 * again from their beginning until the time, or the size, is over. Prints `{lines, bytes, seconds}` at the end.
 */
import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { cutIntoChunks } from './line-chunks.ts';

const { values } = parseArgs({
  options: {
    from: { type: 'string' },
    to: { type: 'string' },
    rate: { type: 'string', default: '0' },
    seconds: { type: 'string', default: '60' },
    'max-bytes': { type: 'string', default: '8589934592' },
  },
});
if (values.from === undefined || values.to === undefined) throw new Error('give --from and --to');
const rate = Number(values.rate);
const milliseconds = Number(values.seconds) * 1000;
const chunks = cutIntoChunks(readFileSync(values.from), rate > 0 ? Math.max(1, Math.round(rate / 100)) : 5000);
const log = await open(values.to, 'a');
const start = performance.now();
let lines = 0;
let bytes = 0;
for (let i = 0; performance.now() - start < milliseconds && bytes < Number(values['max-bytes']); i++) {
  const chunk = chunks[i % chunks.length]!;
  await log.write(chunk.bytes);
  lines += chunk.lines;
  bytes += chunk.bytes.length;
  const ahead = rate > 0 ? (lines / rate) * 1000 - (performance.now() - start) : 0;
  if (ahead > 1) await pause(ahead);
}
await log.close();
console.log(JSON.stringify({ lines, bytes, seconds: (performance.now() - start) / 1000 }));
