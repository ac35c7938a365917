import { describe, expect, it } from 'vitest';
import { csvCell, csvText } from './csv.ts';

describe('csvCell', () => {
  it('disarms formulas, also behind blanks and tabs', () => {
    expect(csvCell('=1+1')).toBe(`"'=1+1"`);
    expect(csvCell('@SUM(A1)')).toBe(`"'@SUM(A1)"`);
    expect(csvCell('\t=cmd')).toBe(`"'\t=cmd"`);
    expect(csvCell(' +1+cmd|x')).toBe(`"' +1+cmd|x"`);
    expect(csvCell('-2+3')).toBe(`"'-2+3"`);
  });
  it('leaves plain numbers and text alone', () => {
    expect(csvCell('-5')).toBe('-5');
    expect(csvCell('root')).toBe('root');
  });
  it('quotes separators, quotes and line ends', () => {
    expect(csvCell('a,"b"\nc')).toBe('"a,""b""\nc"');
  });
});

it('csvText ends every row', () => {
  expect(csvText(['a', 'b'], [['1', '2']])).toBe('a,b\r\n1,2\r\n');
});
