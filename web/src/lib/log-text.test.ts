import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayText, markRanges, MAX_SHOWN, segmentsOf } from './log-text.ts';

const marked = (text: string, ...needles: string[]) =>
  segmentsOf(text, needles)
    .filter((segment) => segment.marked)
    .map((segment) => segment.text)
    .join('|');

describe('displayText', () => {
  it('shows what would be invisible', () => {
    expect(displayText('a\0b\x1b[31mc\x7f')).toBe('a⟨NUL⟩b⟨ESC⟩[31mc⟨DEL⟩');
    expect(displayText('exe\u202egpj.\u200b\ufeff')).toBe('exe⟨U+202E⟩gpj.⟨U+200B⟩⟨U+FEFF⟩');
    expect(displayText('\ud800')).toBe('⟨U+D800⟩');
  });
  it('keeps tabs, newlines and other scripts', () => {
    expect(displayText('a\tb\nпривет 漢字 😀')).toBe('a\tb\nпривет 漢字 😀');
  });
  it('defangs URLs, host and scheme, but neither paths nor plain addresses', () => {
    expect(displayText('get http://evil.example.com/a.b?c.d from 10.0.0.1')).toBe(
      'get hxxp://evil[.]example[.]com/a.b?c.d from 10.0.0.1',
    );
    expect(displayText('HTTPS://A.B ftp://c.d')).toBe('HxxPS://A[.]B fxp://c[.]d');
  });
  it('leaves no clickable scheme in any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.webUrl(), (before, url) => {
        expect(displayText(`${before} ${url}`)).not.toMatch(/\bhttps?:\/\//i);
      }),
    );
  });
  it('cuts endless text', () => expect(displayText('x'.repeat(MAX_SHOWN * 2))).toHaveLength(MAX_SHOWN));
});

describe('segmentsOf', () => {
  it('marks matches regardless of case', () => {
    expect(marked('Failed password for ROOT', 'root', 'failed')).toBe('Failed|ROOT');
  });
  it('marks through edits', () => {
    expect(marked('see http://evil.com/x', 'evil.com')).toBe('evil[.]com');
    expect(marked('a\0bc', 'a\0b')).toBe('a|⟨NUL⟩|b');
  });
  it('joins to the same text with and without marks', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.array(fc.string({ minLength: 1, maxLength: 3 })),
        (text, needles) => {
          const joined = segmentsOf(text, needles)
            .map((segment) => segment.text)
            .join('');
          expect(joined).toBe(displayText(text));
        },
      ),
    );
  });
});

describe('markRanges', () => {
  it('merges what overlaps and ignores single characters', () => {
    expect(markRanges('abcdef', ['bcd', 'cde', 'f'])).toEqual([[1, 5]]);
  });
  it('keeps positions right where lower-casing changes the length', () => {
    expect(markRanges('İstanbul root', ['root'])).toEqual([[9, 13]]);
  });
});
