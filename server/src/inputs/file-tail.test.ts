import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, copyFile, mkdir, mkdtemp, readFile, rename, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFileJournal } from '../journal/file-journal.ts';
import { readAll } from '../journal/journal.contract.ts';
import { createFileTailInput } from './file-tail.ts';

let directory: string;
let logs: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vedette-tail-input-'));
  logs = join(directory, 'logs');
  await mkdir(logs);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test('records carry source, format, lane and the place in the file; too long lines are quarantined', async () => {
  const journal = await openFileJournal({ directory: join(directory, 'journal') });
  const path = join(logs, 'a.log');
  await appendFile(path, `one\ntwo\n${'x'.repeat(2_000_000)}\nthree\n`);
  const input = createFileTailInput(
    {
      journal,
      now: () => 1_700_000_000_000,
      logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    },
    { files: [{ path, source: 'my app', format: 'sshd', lane: 'history' }], directory, pollMs: 20 },
  );
  await input.start();
  for (let i = 0; i < 500 && input.status().received < 4; i++) await delay(10);
  const [first, second, third] = (await readAll(journal)).map(({ meta, payload }) => ({ meta, payload }));
  expect(first!.meta).toMatchObject({
    source: 'my app',
    input: 'file-tail',
    lane: 'history',
    format: 'sshd',
    framing: 'lines',
  });
  expect(first!.meta.file).toMatchObject({ generation: 0, offset: 8 });
  expect(second!.meta).toMatchObject({ framing: 'rejected', rejection: { code: 'line_too_long' } });
  expect(third!.payload.toString()).toBe('three\n');
  expect(input.status()).toMatchObject({ ok: true, received: 4, message: '1 files, 1 lines too long' });
  await input.stop();
  await journal.close();
});

test('kill -9 again and again while files grow and rotate: every line exactly once', async () => {
  const start = (): ChildProcess =>
    spawn(process.execPath, [join(import.meta.dirname, 'file-tail.child.ts'), logs, directory], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  const log = join(logs, 'app.log');
  let written = 0;
  let writing = true;
  const writer = (async () => {
    for (let round = 0; writing; round++) {
      let text = '';
      for (let i = 0; i < 200; i++) text += `line ${written++} ${'.'.repeat(80)}\n`;
      await appendFile(log, text);
      if (round % 40 === 20) await rename(log, `${log}.${round}`);
      if (round % 40 === 39) {
        await copyFile(log, `${log}.${round}`);
        await truncate(log, 0);
      }
      await delay(5);
    }
  })();
  let child = start();
  for (let kill = 0; kill < 12; kill++) {
    await delay(300 + Math.random() * 400);
    child.kill('SIGKILL');
    await once(child, 'exit');
    child = start();
  }
  writing = false;
  await writer;
  // A record may be processed twice across a crash; its position tells. Lines are counted once for each position.
  const lines = async (): Promise<number[]> => {
    const records = new Map<number, string>();
    for (const line of (await readFile(join(directory, 'processed'), 'utf8').catch(() => '')).split('\n')) {
      try {
        const [position, payload] = JSON.parse(line) as [number, string];
        records.set(position, payload);
      } catch {
        // The line that a kill cut short; the record comes again.
      }
    }
    return [...records.values()].flatMap((payload) =>
      [...payload.matchAll(/^line (\d+) /gm)].map((match) => Number(match[1])),
    );
  };
  let found = await lines();
  for (let i = 0; i < 200 && new Set(found).size < written; i++) {
    await delay(50);
    found = await lines();
  }
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(found.length).toBeGreaterThan(10_000);
  const counts = new Uint8Array(written);
  for (const line of found) counts[line]!++;
  const missing = [...counts.keys()].filter((line) => counts[line] === 0);
  const doubled = [...counts.keys()].filter((line) => counts[line]! > 1);
  expect({ missing: stretches(missing), doubled: stretches(doubled) }).toEqual({ missing: [], doubled: [] });
});

/** `[1, 2, 3, 7]` → `['1-3', '7-7']`. */
function stretches(lines: number[]): string[] {
  const found: [number, number][] = [];
  for (const line of lines) {
    if (found.at(-1)?.[1] === line - 1) found.at(-1)![1] = line;
    else found.push([line, line]);
  }
  return found.map((each) => each.join('-'));
}
