import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SparseFilter } from './sparse-filter.ts';

const literal = fc.string({ unit: fc.constantFrom('a', 'b', ':', '\\', '1', '@', '`'), minLength: 7, maxLength: 12 });
const around = fc.string({ unit: fc.constantFrom('a', 'B', ':', ' ', 'é', 'İ', '日'), maxLength: 12 });

describe('the quick filter', () => {
  it('never rejects a value that holds a literal, in any case and at any place', () => {
    fc.assert(
      fc.property(
        fc.array(literal, { minLength: 1, maxLength: 5 }),
        around,
        around,
        fc.boolean(),
        fc.nat(4),
        (literals, before, after, upper, pick) => {
          const filter = SparseFilter.of(literals)!;
          const chosen = literals[pick % literals.length]!;
          expect(filter.mayHold(before + (upper ? chosen.toUpperCase() : chosen) + after)).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('rejects what holds none, and is not made for short or foreign literals', () => {
    const filter = SparseFilter.of(['privilege::debug', 'sekurlsa::'])!;
    expect(filter.mayHold('C:\\Windows\\System32\\svchost.exe -k netsvcs -p -s Schedule')).toBe(false);
    expect(SparseFilter.of(['privilege::debug', 'short'])).toBeNull();
    expect(SparseFilter.of(['größenwahn'])).toBeNull();
  });
});
