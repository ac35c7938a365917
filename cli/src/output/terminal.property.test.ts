import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvCell } from '../hunt/report.ts';
import { clip, jsonLine, printable } from './terminal.ts';

/** Control characters, and those that reorder text. */
const DANGEROUS = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
const hostile = fc.string({
  unit: fc.constantFrom(
    'a',
    '=',
    '"',
    ',',
    '\n',
    '\t',
    '\u001b',
    '\u009b',
    '\u202e',
    '\u2066',
    '\\',
    "'",
    '-',
    '@',
    '+',
  ),
});

describe('what is printed', () => {
  it('holds nothing that a terminal would obey', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(printable(text)).not.toMatch(DANGEROUS);
        expect(jsonLine({ text })).not.toMatch(DANGEROUS);
      }),
    );
  });

  it('loses nothing as JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(jsonLine(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('gives spreadsheets one cell that they do not compute', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const cell = csvCell(text);
        const value = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
        expect(value).not.toMatch(/^[=+\-@]/);
        expect(value.endsWith(printable(text))).toBe(true);
        if (!cell.startsWith('"')) expect(cell).not.toMatch(/[",\n]/);
      }),
    );
  });

  it('is no wider than asked', () => {
    expect(clip('abcdef', 4)).toBe('abc…');
    expect(clip('abcd', 4)).toBe('abcd');
  });
});
