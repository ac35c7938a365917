import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChdb, type ChdbProcess } from '../chdb-process.ts';
import { inlineParameters } from './literals.ts';

let engine: ChdbProcess;
const directory = mkdtempSync(join(tmpdir(), 'vedette-literals-'));

beforeAll(async () => {
  const memory = 1024 ** 3;
  const settings = {
    directory,
    readSessions: 1,
    maxMemory: memory,
    readMemory: memory,
    readSeconds: 30,
    readResultBytes: memory,
  };
  engine = await startChdb(settings, () => Promise.resolve());
});
afterAll(async () => {
  await engine.close();
  rmSync(directory, { recursive: true, force: true });
});

async function roundTrip(values: string[]): Promise<unknown> {
  const text = 'SELECT {p0:Array(String)} AS list, {p1:String} AS first, lower({p1:String}) LIKE {p2:String} AS same';
  return engine.read({ text, params: { p0: values, p1: values[0], p2: '%' } });
}

test.each([
  "it's",
  '\\',
  "\\'",
  "'; DROP TABLE events; --",
  '\n\n; DROP TABLE x',
  '\u0000',
  '\u0001',
  '{p1:String}',
  '$1 $& $`',
  '`"--/*',
  '%_',
  'é\u{1f600}',
  '\u2028',
])('%j arrives as it is', async (value) => {
  expect(await roundTrip([value])).toEqual([{ list: [value], first: value, same: 1 }]);
});

test('any text arrives as it is', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom("'", '\\', '\n', '-', ';', '\u0000', 'x', '0', '{', '}', '"', '`') }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 4 }), async (values) => {
      expect(await roundTrip(values)).toEqual([{ list: values, first: values[0], same: 1 }]);
    }),
    { numRuns: 300 },
  );
});

test('numbers and addresses keep their types; anything else is a bug', async () => {
  const text =
    'SELECT {p0:UInt64} AS a, {p1:Int64} AS b, {p2:Float64} AS c, {p3:IPv6} AS d, {p4:Array(UInt64)} AS e, {p5:UInt32} AS f';
  const params = {
    p0: Number.MAX_SAFE_INTEGER,
    p1: -5,
    p2: 1.5,
    p3: '2001:0db8:0000:0000:0000:0000:0000:0001',
    p4: [1, 2],
    p5: 3,
  };
  expect(await engine.read({ text, params })).toEqual([
    { a: String(Number.MAX_SAFE_INTEGER), b: '-5', c: 1.5, d: '2001:db8::1', e: ['1', '2'], f: 3 },
  ]);
  for (const value of ['1); DROP TABLE x', 1.5, NaN, Infinity, null, undefined, {}])
    expect(() => inlineParameters({ text: '{p0:UInt64}', params: { p0: value } })).toThrow(TypeError);
});
