import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linesOf, MAX_LINE, type LogLine } from './lines.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-lines-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function read(content: string | Buffer): Promise<LogLine[]> {
  const path = join(folder, 'log');
  writeFileSync(path, content);
  const lines: LogLine[] = [];
  for await (const portion of linesOf(path)) lines.push(...portion);
  return lines;
}
const shown = (lines: LogLine[]) => lines.map(({ bytes, number }) => [number, bytes.toString()]);

describe('linesOf', () => {
  it('numbers lines, leaves out empty ones and line ends', async () => {
    expect(shown(await read('a\r\n\nb\n\r\nc'))).toEqual([
      [1, 'a'],
      [3, 'b'],
      [5, 'c'],
    ]);
    expect(await read('')).toEqual([]);
  });

  it('opens gzip and zstd, also of several members', async () => {
    const members = Buffer.concat([gzipSync('a\nb'), gzipSync('c\nd\n')]);
    expect(shown(await read(members)).map(([, text]) => text)).toEqual(['a', 'bc', 'd']);
    expect(shown(await read(zstdCompressSync('x\ny\n'))).map(([, text]) => text)).toEqual(['x', 'y']);
  });

  it('cuts a line that never ends, and goes on behind it', async () => {
    const [long, next] = await read(`${'x'.repeat(MAX_LINE + 300_000)}\nnext\n`);
    expect([long!.bytes.length, long!.cut, next!.bytes.toString(), next!.cut]).toEqual([MAX_LINE, true, 'next', false]);
  });

  it('keeps bytes that are no UTF-8, reads UTF-16 and drops byte order marks', async () => {
    expect((await read(Buffer.from([0x61, 0xff, 0x0a])))[0]!.bytes).toEqual(Buffer.from([0x61, 0xff]));
    expect(shown(await read(Buffer.from('\ufeffä\r\nb', 'utf16le')))).toEqual([
      [1, 'ä'],
      [2, 'b'],
    ]);
    expect(shown(await read('\ufeffa\n'))).toEqual([[1, 'a']]);
  });

  it('says what is no text', async () => {
    await expect(read(Buffer.from('a\0b'))).rejects.toThrow('binary');
    await expect(read(Buffer.from('PK\u0003\u0004'))).rejects.toThrow('ZIP');
    await expect(read(gzipSync('x'.repeat(5000)).subarray(0, 20))).rejects.toThrow('unexpected end of file');
  });

  it('reads arrays of JSON objects and objects over several lines', async () => {
    const pretty = `[\n  {\n    "a": "}{ \\" ["\n  },\n  { "b": [{}] }\n]\n`;
    const lines = await read(pretty);
    expect(lines.map(({ number }) => number)).toEqual([2, 5]);
    expect(lines.map(({ bytes }) => JSON.parse(bytes.toString()) as unknown)).toEqual([{ a: '}{ " [' }, { b: [{}] }]);
    expect(shown(await read('{\n"a":1\n}\n{\n"b":2'))).toEqual([
      [1, '{ "a":1 }'],
      [4, '{ "b":2'],
    ]);
    expect(shown(await read('[2026-03-02 08:00:00] - x\n'))).toEqual([[1, '[2026-03-02 08:00:00] - x']]);
  });

  it('gives back any objects, however they are printed', async () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(
        fc.array(object, { minLength: 1, maxLength: 5 }),
        fc.constantFrom(0, 2),
        async (objects, indent) => {
          const lines = await read(JSON.stringify(objects, null, indent));
          expect(lines.map(({ bytes }) => JSON.parse(bytes.toString()) as unknown)).toEqual(
            objects.map((item) => JSON.parse(JSON.stringify(item)) as unknown),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});
