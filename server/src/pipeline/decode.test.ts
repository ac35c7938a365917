import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Framing, JournalRecord } from '../journal/journal.ts';
import { LineCursor } from './decode.ts';

function record(framing: Framing, payload: Buffer, position = 1000): JournalRecord {
  const meta = { source: 's', input: 'test', lane: 'live' as const, framing, format: '', receivedAt: 0 };
  return { position, next: position + payload.length + 64, meta, payload };
}

function texts(records: JournalRecord[], portion = 2): string[] {
  const cursor = new LineCursor(records);
  const all: string[] = [];
  while (!cursor.done) all.push(...cursor.next(portion).map((line) => line.text));
  return all;
}

test('lines: CRLF, blank lines and a missing final newline', () => {
  expect(texts([record('lines', Buffer.from('a\r\n\n\r\nb\nc'))])).toEqual(['a', 'b', 'c']);
});

test('octets: each frame once, whatever it contains', () => {
  expect(texts([record('octets', Buffer.from('5 a\nb c3 xyz'))])).toEqual(['a\nb c', 'xyz']);
});

test('octets: nonsense becomes one last frame, never an endless loop', () => {
  expect(texts([record('octets', Buffer.from('3 abc99999999999999999 rest'))])).toEqual([
    'abc',
    '99999999999999999 rest',
  ]);
});

test('single: one event, inner newlines kept', () => {
  expect(texts([record('single', Buffer.from('{"a":\n1}\n'))])).toEqual(['{"a":\n1}']);
});

test('invalid UTF-8 is kept byte for byte and says so', () => {
  const payload = Buffer.from([0x61, 0xff, 0x0a, 0xc3, 0xa4]);
  const lines = new LineCursor([record('lines', payload)]).next(10);
  expect(lines.map(({ latin1 }) => latin1)).toEqual([true, false]);
  expect(Buffer.from(lines[0]!.text, 'latin1')).toEqual(payload.subarray(0, 2));
  expect(lines[1]!.text).toBe('ä');
});

test('the last line of each record is marked, also when it is followed by blank lines', () => {
  const cursor = new LineCursor([
    record('lines', Buffer.from('a\nb\n')),
    record('lines', Buffer.from('c\n\n\n'), 2000),
  ]);
  const lines = cursor.next(100);
  expect(lines.map(({ text, last }) => [text, last])).toEqual([
    ['a', false],
    ['b', true],
    ['c', true],
  ]);
});

test('property: lines are found whatever the portion, and their byte ranges give their text', () => {
  const line = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((text) => !/[\r\n]/.test(text));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), fc.integer({ min: 1, max: 7 }), (lines, portion) => {
      const payload = Buffer.from(lines.join('\n'));
      const cursor = new LineCursor([record('lines', payload)]);
      const found: string[] = [];
      while (!cursor.done) {
        for (const { text, start, end } of cursor.next(portion)) {
          expect(payload.toString('utf8', start, end)).toBe(text);
          found.push(text);
        }
      }
      expect(found).toEqual(lines);
    }),
  );
});
