import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { blockDirectory, removeStaleBlockFiles, spareBlockDirectory, writeBlockFile } from './block-file.ts';

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'vedette-blocks-'));
});
afterEach(() => {
  rmSync(blockDirectory(data), { recursive: true, force: true });
  rmSync(data, { recursive: true });
});

test('a block is written whole, readable by its owner alone', () => {
  const path = writeBlockFile(blockDirectory(data), Buffer.from('block'));
  expect(readFileSync(path, 'utf8')).toBe('block');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
});

test('a folder that is gone is replaced by the spare one', () => {
  const path = writeBlockFile(join(data, 'gone'), Buffer.from('block'), spareBlockDirectory(data));
  expect(dirname(path)).toBe(spareBlockDirectory(data));
  expect(readFileSync(path, 'utf8')).toBe('block');
});

test('files of dead processes are removed, those of living ones stay', () => {
  const folder = blockDirectory(data);
  const own = writeBlockFile(folder, Buffer.from('own'));
  const dead = join(folder, '4194303-00000000-0000-4000-8000-000000000000.native');
  const other = join(folder, 'notes.txt');
  writeFileSync(dead, '');
  writeFileSync(other, '');
  expect(removeStaleBlockFiles(folder)).toBe(1);
  expect([own, dead, other].map((path) => existsSync(path))).toEqual([true, false, true]);
  expect(removeStaleBlockFiles(join(data, 'gone'))).toBe(0);
});
