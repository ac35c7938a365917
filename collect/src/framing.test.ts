import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFrameSplitter } from './framing.ts';
import type { FrameError } from './framing.ts';

function split(
  chunks: Uint8Array[],
  maxFrameBytes = 1000,
): { framing: string; bytes: string; error?: FrameError; held: number } {
  const splitter = createFrameSplitter({ maxFrameBytes });
  const payloads: Buffer[] = [];
  let framing = '';
  let held = 0;
  for (const chunk of chunks) {
    const frames = splitter.push(Buffer.from(chunk));
    framing = frames.framing;
    if (frames.payload) payloads.push(frames.payload);
    held = Math.max(held, splitter.held);
    if (frames.error) return { framing, bytes: Buffer.concat(payloads).toString('latin1'), error: frames.error, held };
  }
  const last = splitter.end();
  if (last.payload) payloads.push(last.payload);
  const bytes = Buffer.concat(payloads).toString('latin1');
  return { framing: last.framing, bytes, ...(last.error ? { error: last.error } : {}), held };
}
const chunked = (bytes: Buffer, sizes: number[]): Buffer[] => {
  const chunks: Buffer[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes.length ? sizes[i % sizes.length]! : bytes.length;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
};
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 5 });

describe('framing', () => {
  test.each([
    ['<34>1 - - - - - - hello\n', 'lines'],
    ['27 <34>1 - - - - - - hello ok', 'octets'],
    ['2026-02-06 12:00:00,000 - ids_logger_1 - x\n', 'lines'],
    ['12 monkeys\n', 'lines'],
    ['0 <34>x\n', 'lines'],
    ['99999999999 <34>x\n', 'lines'],
    ['123', 'lines'],
    ['\n<34>x\n', 'lines'],
  ])('%j is %s', (text, framing) => {
    for (const parts of [[], [1], [2, 3]]) expect(split(chunked(Buffer.from(text), parts)).framing).toBe(framing);
  });

  test('lines: every byte comes out in order, each payload ends at a newline', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[ -~]{0,60}$/), { minLength: 1 }),
        sizes,
        fc.boolean(),
        (lines, parts, ended) => {
          const text = `<1>${lines.join('\n')}${ended ? '\n' : ''}`;
          const splitter = createFrameSplitter({ maxFrameBytes: 1000 });
          let out = '';
          for (const chunk of chunked(Buffer.from(text), parts)) {
            const { payload } = splitter.push(chunk);
            if (payload) expect(payload.at(-1)).toBe(10);
            out += payload?.toString() ?? '';
          }
          expect(out + (splitter.end().payload?.toString() ?? '')).toBe(text);
        },
      ),
    );
  });

  test('octets: every byte comes out in order, each payload ends with a frame', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 80 }), { minLength: 1 }),
        sizes,
        (bodies, parts) => {
          const frames = bodies.map((body) => Buffer.concat([Buffer.from(`${body.length + 3} <1>`), body]));
          const ends = new Set<number>();
          let total = 0;
          for (const frame of frames) ends.add((total += frame.length));
          const splitter = createFrameSplitter({ maxFrameBytes: 1000 });
          const out: Buffer[] = [];
          let given = 0;
          for (const chunk of chunked(Buffer.concat(frames), parts)) {
            const { payload, error } = splitter.push(chunk);
            expect(error).toBeNull();
            if (!payload) continue;
            out.push(Buffer.from(payload));
            given += payload.length;
            expect(ends.has(given)).toBe(true);
          }
          expect(splitter.end()).toMatchObject({ payload: null, error: null });
          expect(Buffer.concat(out).equals(Buffer.concat(frames))).toBe(true);
        },
      ),
    );
  });

  test('an endless line ends the stream, with bounded memory, whatever the chunks', () => {
    for (const size of [1, 7, 64, 5000]) {
      const { error, bytes, held } = split(chunked(Buffer.from(`<1>ok\n${'x'.repeat(20_000)}`), [size]));
      expect(error).toMatchObject({ code: 'line_too_long' });
      expect(held).toBeLessThanOrEqual(1000);
      if (size < 64) expect(bytes).toBe('<1>ok\n');
    }
  });

  test('octet counts that are none, negative or huge end the stream; whole frames before them are kept', () => {
    const good = '5 <1>ok';
    for (const [bad, code] of [
      ['-5 <1>x', 'bad_frame'],
      ['abc <1>x', 'bad_frame'],
      ['0 <1>x', 'bad_frame'],
      ['99999999999999 <1>x', 'bad_frame'],
      ['9999999999 <1>x', 'line_too_long'],
      ['1001 <1>x', 'line_too_long'],
      ['\0\0\0', 'bad_frame'],
      [' 5 <1>x', 'bad_frame'],
      ['5\n<1>', 'bad_frame'],
    ] as const) {
      for (const parts of [[], [1], [8]]) {
        const result = split(chunked(Buffer.from(good + bad), parts));
        expect(result).toMatchObject({ framing: 'octets', bytes: good, error: { code } });
        expect(result.error!.head.length).toBeGreaterThan(0);
      }
    }
  });

  test('half a counted frame at the end is an error that keeps its bytes', () => {
    const result = split([Buffer.from('5 <1>ok50 <1>half')]);
    expect(result).toMatchObject({ bytes: '5 <1>ok', error: { code: 'bad_frame' } });
    expect(result.error!.head.toString()).toBe('50 <1>half');
  });

  test('newlines between counted frames are tolerated', () => {
    const text = '5 <1>ok\n5 <1>ok\r\n';
    expect(split([Buffer.from(text)])).toMatchObject({ framing: 'octets', bytes: text });
    expect(split(Array.from({ length: 5000 }, (_, i) => Buffer.from(i === 0 ? '5 <1>ok' : '\n\n'))).held).toBe(0);
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 })), (chunks) => void split(chunks, 64)),
    );
  });
});
