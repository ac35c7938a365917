import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SIGMA_ERRORS, compileRules, parseSigma } from '../index.ts';

const fragment = fc.oneof(
  fc.constantFrom(
    ...[
      'title: x\n',
      'detection:\n',
      '  condition: a\n',
      '  a:\n',
      '    b|re: "(("\n',
      '    c|cidr: x\n',
      'logsource:\n',
    ],
    ...['  product: linux\n', '---\n', 'correlation:\n', '  type: event_count\n', '  rules: [x]\n', '  timespan: 1m\n'],
    ...[
      '  condition:\n',
      '    gte: 3\n',
      'filter:\n',
      '  - x\n',
      '&a ',
      '*a ',
      '!!js ',
      '? ',
      ': ',
      '|\n',
      '"',
      '\t',
      '__proto__: 1\n',
    ],
  ),
  fc.string(),
);

describe('the parser', () => {
  it('never throws, and names what is wrong with a known code', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(fragment).map((parts) => parts.join('')),
        ),
        (text) => {
          const { documents, errors } = parseSigma(text);
          const compiled = compileRules(documents);
          for (const { code } of [...errors, ...compiled.errors]) expect(SIGMA_ERRORS).toHaveProperty(code);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('takes any document as data', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.json({ maxDepth: 4 }), (detection, logsource) => {
        const { documents, errors } = parseSigma(
          JSON.stringify({
            title: 'x',
            detection: JSON.parse(detection) as unknown,
            logsource: JSON.parse(logsource) as unknown,
          }),
        );
        expect(documents.length + errors.filter(({ severity }) => severity === 'error').length).toBe(1);
      }),
      { numRuns: 500 },
    );
  });
});
