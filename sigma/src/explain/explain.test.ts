import { describe, expect, it } from 'vitest';
import { compileRules, explainMatch, parseSigma } from '../index.ts';

function explain(detection: string, view: Record<string, unknown>, logsource = '{ product: test }') {
  const { documents } = parseSigma(`title: t\nlogsource: ${logsource}\ndetection:\n${detection.replace(/^/gm, '  ')}`);
  return explainMatch(compileRules(documents).ruleset.rules[0]!, view);
}

describe('explaining a match', () => {
  it('names selection, field, value and pattern of what holds', () => {
    const detection =
      "img: { Image|endswith: ['\\cmd.exe', '\\sh'] }\ncli: { Cmd|contains|all: [a, b] }\nfilter: { User: x }\ncondition: img and cli and not filter";
    expect(explain(detection, { Image: 'C:\\CMD.exe', Cmd: 'a b', User: 'y' })).toEqual([
      { selection: 'img', field: 'Image', value: 'C:\\CMD.exe', pattern: '*\\\\cmd.exe' },
      { selection: 'cli', field: 'Cmd', value: 'a b', pattern: '*a*' },
      { selection: 'cli', field: 'Cmd', value: 'a b', pattern: '*b*' },
    ]);
    expect(explain(detection, { Image: 'C:\\CMD.exe', Cmd: 'a b', User: 'x' })).toEqual([]);
  });

  it('leaves out alternatives that do not hold', () => {
    expect(explain('a: { f: 1 }\nb: { g: 2 }\ncondition: 1 of them', { g: 2 })).toEqual([
      { selection: 'b', field: 'g', value: '2', pattern: '2' },
    ]);
  });

  it('finds keywords in their fields, and the element of an array', () => {
    expect(explain('kw: [evil]\ncondition: kw', { a: 'x', b: 'so evil', c: ['y', 'evil'] })).toEqual([
      { selection: 'kw', field: 'b', value: 'so evil', pattern: '*evil*' },
      { selection: 'kw', field: 'c', value: 'evil', pattern: '*evil*' },
    ]);
  });

  it('shows the view’s own field names', () => {
    expect(
      explain(
        'sel: { Image: a }\ncondition: sel',
        { 'process.executable': 'A' },
        '{ category: process_creation, product: linux }',
      ),
    ).toMatchObject([{ field: 'process.executable' }]);
    const view = { Channel: 'Security', EventID: 4688, NewProcessName: 'a' };
    expect(
      explain('sel: { Image: a }\ncondition: sel', view, '{ category: process_creation, product: windows }'),
    ).toMatchObject([{ field: 'NewProcessName' }]);
  });

  it('knows the other kinds of test', () => {
    const detection =
      "sel:\n  a|re|i: '^x'\n  b|cidr: 10.0.0.0/8\n  c|gte: 5\n  d: null\n  e|exists: true\n  f|fieldref: a\n  g|hour: 3\ncondition: sel";
    const view = { a: 'Xy', b: '10.1.1.1', c: 7, e: '', f: 'xY', g: '2026-01-01T03:00:00Z' };
    expect(explain(detection, view).map(({ field, pattern }) => [field, pattern])).toEqual([
      ['a', '/^x/i'],
      ['b', '10.0.0.0/8'],
      ['c', '>= 5'],
      ['d', 'missing'],
      ['e', '*'],
      ['f', 'field a'],
      ['g', 'hour = 3'],
    ]);
  });

  it('cuts long values', () => {
    const [field] = explain('sel: { f|contains: x }\ncondition: sel', { f: 'x'.repeat(100_000) });
    expect(field!.value).toHaveLength(1025);
  });
});
