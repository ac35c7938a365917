import { describe, expect, it } from 'vitest';
import { parseSigma } from './parse.ts';

const RULE = `title: A shell was started
id: 11111111-2222-4333-8444-555555555555
name: shell
status: test
description: For the tests.
references: [https://example.org/a]
author: Tests
date: 2026-01-02
tags:
  - attack.execution
  - attack.t1059.004
logsource:
  category: process_creation
  product: Linux
detection:
  selection:
    Image|endswith: [/sh, /bash]
  condition: selection
falsepositives: Administrators
fields: [Image]
level: high
vedette:
  level: 12
  tests:
    - name: fires
      events: [{ process.executable: /bin/sh }]
      matches: true
`;

const errorsOf = (text: string) =>
  parseSigma(text, 'r.yml').errors.map(({ code, line, column }) => [code, line, column]);

describe('a rule', () => {
  it('keeps everything it says', () => {
    const { documents, errors } = parseSigma(RULE, 'r.yml');
    expect(errors).toEqual([]);
    const [rule] = documents;
    expect(rule).toMatchObject({
      kind: 'event',
      id: '11111111-2222-4333-8444-555555555555',
      title: 'A shell was started',
      name: 'shell',
      status: 'test',
      author: 'Tests',
      date: '2026-01-02',
      tags: ['attack.execution', 'attack.t1059.004'],
      falsepositives: ['Administrators'],
      fields: ['Image'],
      level: 'high',
      logsource: { category: 'process_creation', product: 'linux' },
      file: 'r.yml',
      line: 1,
      yaml: RULE,
    });
    expect(rule!.custom['vedette']).toMatchObject({ level: 12, tests: [{ name: 'fires', matches: true }] });
  });

  it('without an id gets one from its content', () => {
    const without = RULE.replace(/^id:.*\n/m, '');
    const id = (text: string) => parseSigma(text).documents[0]!.id;
    expect(id(without)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(id(without)).toBe(id(without));
    expect(id(without)).not.toBe(id(without.replace('A shell', 'Another shell')));
  });
});

describe('several documents', () => {
  it('are read on their own: a broken one leaves the others', () => {
    const broken = RULE.replace('condition: selection', 'condition: selektion').replace('11111111', '31111111');
    const { documents, errors } = parseSigma(
      `${RULE}---\n${broken}---\n${RULE.replace('11111111', '21111111')}`,
      'r.yml',
    );
    expect(documents.map(({ id }) => id.slice(0, 8))).toEqual(['11111111', '21111111']);
    expect(errors).toMatchObject([{ code: 'condition_unknown', file: 'r.yml', line: 46, column: 14 }]);
  });
});

describe('errors have a code and a position', () => {
  const swap = (from: string | RegExp, to: string): string => RULE.replace(from, to);
  it.each([
    ['no title', swap(/^title:.*\n/m, ''), 'field_missing', 1, 1],
    ['title of spaces', swap('A shell was started', '" "'), 'field_missing', 1, 8],
    ['unknown level', swap('level: high', 'level: severe'), 'level_unknown', 21, 8],
    ['unknown modifier', swap('endswith', 'endwith'), 'modifier_unknown', 17, 20],
    ['modifiers that conflict', swap('endswith', 're|endswith'), 'modifier_conflict', 17, 24],
    ['wide without base64', swap('endswith', 'wide'), 'modifier_conflict', 17, 17],
    ['empty list', swap('[/sh, /bash]', '[]'), 'value_empty_list', 17, 21],
    ['map as a value', swap('[/sh, /bash]', '{ a: b }'), 'value_type', 17, 21],
    ['empty selection', swap('Image|endswith: [/sh, /bash]', '{}'), 'selection_empty', 17, 5],
    ['empty logsource', swap(/logsource:\n.*\n.*\n/, 'logsource: {}\n'), 'logsource_empty', 12, 12],
    ['condition missing', swap('condition: selection', 'other: { a: b }'), 'field_missing', 16, 3],
    ['condition cut off', swap('condition: selection', 'condition: selection and'), 'condition_syntax', 18, 14],
    ['pattern without a match', swap('condition: selection', 'condition: 1 of x_*'), 'condition_no_match', 18, 14],
    ['no detection', swap(/detection:[^]*condition: selection\n/, ''), 'not_a_rule', 1, 1],
    ['collections of Sigma 1', `action: global\n${RULE}`, 'action_unsupported', 1, 9],
    ['tags of the wrong type', swap('- attack.execution', '- { a: b }'), 'field_type', 10, 5],
    ['duplicate key', `title: x\n${RULE}`, 'yaml_invalid', 2, 1],
    ['broken YAML', 'title: "x\n', 'yaml_invalid', 2, 1],
    ['no map', '- a\n- b\n', 'field_type', 1, 1],
  ])('%s', (_, text, code, line, column) => {
    expect(errorsOf(text)).toEqual([[code, line, column]]);
  });

  it('an unknown status is a warning, and the rule stays', () => {
    const { documents, errors } = parseSigma(RULE.replace('status: test', 'status: ready'));
    expect(documents).toHaveLength(1);
    expect(errors).toMatchObject([{ code: 'status_unknown', severity: 'warning', line: 4 }]);
  });
});

describe('hostile text', () => {
  it('is bounded in nesting, size and aliases', () => {
    expect(errorsOf('['.repeat(100_000))).toMatchObject([
      [expect.stringMatching(/too_deep|yaml_invalid/), expect.anything(), expect.anything()],
    ]);
    expect(errorsOf(`title: ${'['.repeat(60)}${']'.repeat(60)}\n`)).toMatchObject([['too_deep', 1, 1]]);
    expect(errorsOf('x'.repeat(5 * 1024 * 1024))).toEqual([['text_too_large', 0, 0]]);
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x, x]',
      ...'bcdefgh'.split('').map((name, i) => `${name}: &${name} [${Array(10).fill(`*${'abcdefg'[i]}`).join()}]`),
    ];
    expect(errorsOf(bomb.join('\n'))).toMatchObject([['yaml_invalid', 1, 1]]);
  });

  it('cannot reach the prototype', () => {
    const { documents } = parseSigma(`${RULE}__proto__: { polluted: true }\nconstructor: x\n`);
    expect(documents[0]!.custom['constructor']).toBe('x');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('correlations', () => {
  const CORRELATION = `title: Many
correlation:
  type: event_count
  rules: [shell]
  group-by: [source.ip]
  timespan: 2m
  condition: { gte: 8 }
level: high
`;
  it('are read', () => {
    const { documents, errors } = parseSigma(CORRELATION);
    expect(errors).toEqual([]);
    expect(documents[0]).toMatchObject({
      kind: 'correlation',
      correlation: {
        type: 'event_count',
        rules: ['shell'],
        groupBy: ['source.ip'],
        timespanMs: 120_000,
        threshold: 8,
        generate: false,
      },
    });
  });
  it.each([
    ['gte: 8', 'gt: 8', 9],
    ['gte: 8', 'gte: 0', 1],
  ])('%s as %s needs %d', (from, to, threshold) => {
    expect(parseSigma(CORRELATION.replace(from, to)).documents[0]).toMatchObject({ correlation: { threshold } });
  });
  it.each([
    ['event_count', 'temporal', 'correlation_unsupported', 3],
    ['event_count', 'value_count', 'correlation_unsupported', 3],
    ['gte: 8', 'lt: 8', 'correlation_unsupported', 7],
    ['gte: 8', 'gte: 8, lte: 10', 'correlation_unsupported', 7],
    ['{ gte: 8 }', 'a and b', 'correlation_unsupported', 7],
    ['gte: 8', 'gte: many', 'field_type', 7],
    ['2m', '2 minutes', 'timespan_invalid', 6],
    ['2m', '0s', 'timespan_invalid', 6],
    ['[shell]', '[]', 'field_missing', 3],
  ])('%s as %s is refused by name', (from, to, code, line) => {
    expect(parseSigma(CORRELATION.replace(from, to)).errors).toMatchObject([{ code, line }]);
  });
});

describe('filters', () => {
  it('are read, for named rules or any', () => {
    const filter = `title: Not our scanner
logsource: { product: linux }
filter:
  rules: [shell]
  selection: { User: scanner }
  condition: not selection
`;
    expect(parseSigma(filter).documents[0]).toMatchObject({ kind: 'filter', rules: ['shell'] });
    expect(parseSigma(filter.replace('[shell]', 'any')).documents[0]).toMatchObject({ rules: null });
  });
});
