/** Real logs that tests run against; they do not belong to the project. Their absence is said loudly. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestAPI } from 'vitest';
import { CORPORA } from './product.ts';

/** `test` when the corpus is there; else a skipped test, with a line that cannot be overlooked. */
export function testWithCorpus(...path: string[]): TestAPI {
  const corpus = join(CORPORA, ...path);
  if (existsSync(corpus)) return test;
  console.warn(`!!! SKIPPED: the corpus ${path.join('/')} is missing; set VEDETTE_CORPORA to the folder that holds it`);
  return test.skip as unknown as TestAPI;
}
