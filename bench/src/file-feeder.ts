/**
 * Writes growing log files from a process of its own: `node file-feeder.ts --kind sshd|windows --to FOLDER
 * [--prefix NAME] [--rate LINES_A_SECOND] [--seconds 60] [--max-bytes 134217728]`. A file that has reached `--max-bytes` is followed by a
 * new one, and the one before it is removed: a follower that is less than a file behind misses nothing. Prints
 * `{lines, bytes, seconds}` at the end.
 */
import { mkdirSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { feed, report } from './feed.ts';
import type { LineKind } from './varied-lines.ts';

const { values } = parseArgs({
  options: {
    kind: { type: 'string', default: 'sshd' },
    to: { type: 'string' },
    prefix: { type: 'string', default: '' },
    rate: { type: 'string', default: '0' },
    seconds: { type: 'string', default: '60' },
    'max-bytes': { type: 'string', default: '134217728' },
  },
});
const folder = values.to;
if (folder === undefined) throw new Error('give --to');
mkdirSync(folder, { recursive: true });

const nameOf = (number: number): string => join(folder, `${values.prefix}${String(number).padStart(5, '0')}.log`);
let number = 0;
let written = 0;
let log = await open(nameOf(number), 'a');

const fed = await feed({
  kind: values.kind as LineKind,
  rate: Number(values.rate),
  seconds: Number(values.seconds),
  linesEach: values.kind === 'windows' ? 500 : 2000,
  async send({ bytes }) {
    await log.write(bytes);
    written += bytes.length;
    if (written < Number(values['max-bytes'])) return;
    await log.close();
    written = 0;
    log = await open(nameOf(++number), 'a');
    if (number > 2) await rm(nameOf(number - 3), { force: true });
  },
});
await log.close();
report(fed);
