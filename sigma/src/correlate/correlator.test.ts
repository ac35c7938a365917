import { describe, expect, it } from 'vitest';
import { compileRules, parseSigma, type CompileOptions } from '../index.ts';
import { createCorrelator } from './correlator.ts';

const WINDOW = { timespanMs: 120_000, threshold: 8 };
const T0 = Date.parse('2003-06-15T10:00:00Z');

describe('a brute force', () => {
  it('fires at once with the eighth failure, however old the log', () => {
    const correlator = createCorrelator(WINDOW);
    correlator.observe('other', Date.parse('2026-01-01'), 1);
    const firings = Array.from({ length: 10 }, (_, i) => correlator.observe('10.0.0.1', T0 + i * 1000, 100 + i));
    expect(firings.slice(0, 7)).toEqual(Array(7).fill(null));
    expect(firings[7]).toEqual({
      groupKey: '10.0.0.1',
      firstSeen: T0,
      lastSeen: T0 + 7000,
      count: 8,
      added: 8,
      eventIds: [100, 101, 102, 103, 104, 105, 106, 107],
      continues: false,
    });
    expect(firings[8]).toMatchObject({ count: 9, added: 1, continues: true });
  });

  it('does not fire for the same number over a longer time', () => {
    const correlator = createCorrelator(WINDOW);
    for (let i = 0; i < 50; i++) expect(correlator.observe('slow', T0 + i * 17_200, i)).toBeNull();
  });

  it('the window is open at its old end', () => {
    const two = { timespanMs: 1000, threshold: 2 };
    expect(createCorrelator(two).observe('x', 0, 1)).toBeNull();
    const apart = createCorrelator(two);
    apart.observe('x', 0, 1);
    expect(apart.observe('x', 1000, 2)).toBeNull();
    const within = createCorrelator(two);
    within.observe('x', 1, 1);
    expect(within.observe('x', 1000, 2)).not.toBeNull();
  });

  it('fires for a late event that completes a window', () => {
    const correlator = createCorrelator({ timespanMs: 10_000, threshold: 3 });
    correlator.observe('x', 1000, 1);
    correlator.observe('x', 9000, 3);
    expect(correlator.observe('x', 5000, 2)).toMatchObject({
      firstSeen: 1000,
      lastSeen: 9000,
      count: 3,
      eventIds: [1, 2, 3],
      continues: false,
    });
  });

  it('a new run more than a timespan later is another alert', () => {
    const correlator = createCorrelator({ timespanMs: 1000, threshold: 2 });
    const at = (time: number, id: number) => correlator.observe('x', time, id)?.continues;
    expect([at(0, 1), at(10, 2), at(1005, 3), at(2000, 4), at(3500, 5), at(3600, 6)]).toEqual([
      undefined,
      false,
      true,
      true,
      undefined,
      false,
    ]);
  });

  it('a flood keeps a bounded number of events, and every event is counted once', () => {
    const correlator = createCorrelator(WINDOW);
    let added = 0;
    let evidence = 0;
    for (let i = 0; i < 20_000; i++) {
      const firing = correlator.observe('x', T0 + i, i);
      added += firing?.added ?? 0;
      evidence = Math.max(evidence, firing?.eventIds.length ?? 0);
    }
    expect(added).toBe(20_000);
    expect(evidence).toBe(100);
    expect(JSON.stringify(correlator.snapshot()).length).toBeLessThan(10_000);
  });

  it('a forged future time does not blind a group', () => {
    const correlator = createCorrelator(WINDOW);
    correlator.observe('x', Date.parse('9999-01-01'), 1);
    const firings = Array.from({ length: 40 }, (_, i) => correlator.observe('x', T0 + i, 10 + i));
    expect(firings.filter((firing) => firing !== null)).toHaveLength(33);
  });
});

describe('bounds', () => {
  it('the group longest unused goes first, and is counted', () => {
    const correlator = createCorrelator({ timespanMs: 1e6, threshold: 2 }, { maxGroups: 100 });
    for (let i = 0; i < 150; i++) {
      correlator.observe(`g${i}`, T0 + i, i);
      correlator.observe('kept', T0 + i * 20, 1000 + i);
    }
    expect(correlator.groups).toBe(100);
    expect(correlator.evicted).toBe(51);
    expect(correlator.observe('g0', T0 + 200, 5000)).toBeNull();
    expect(correlator.observe('kept', T0 + 149 * 20 + 1, 5001)).not.toBeNull();
  });

  it('groups that are over are let go without being evictions', () => {
    const correlator = createCorrelator({ timespanMs: 1000, threshold: 2 });
    for (let i = 0; i < 200_000; i++) correlator.observe(`g${i}`, T0 + i * 1000, i);
    expect(correlator.evicted).toBe(0);
    expect(correlator.groups).toBeLessThan(150_000);
  });

  it('a snapshot of another definition is not taken back', () => {
    const correlator = createCorrelator({ ...WINDOW, definition: 'a' });
    correlator.observe('x', 1, 1);
    const snapshot = correlator.snapshot();
    expect(createCorrelator({ ...WINDOW, definition: 'a' }).restore(snapshot)).toBe(true);
    const other = createCorrelator({ ...WINDOW, definition: 'b' });
    expect(other.restore(snapshot)).toBe(false);
    expect(other.groups).toBe(0);
    for (const nonsense of [null, 1, 'x', {}, { version: 2 }, [], { version: 1, definition: 'b', groups: 5 }]) {
      expect(other.restore(nonsense)).toBe(false);
    }
  });
});

const RULES = `title: failed
id: base
name: failed_login
logsource: { product: linux, service: sshd }
detection: { sel: { event.outcome: failure }, condition: sel }
---
title: failed on Windows
id: windows
name: failed_logon
logsource: { product: windows, service: security }
detection: { sel: { EventID: 4625 }, condition: sel }
`;
const correlation = (more: string): string => `---
title: many
id: many
level: high
correlation:
  type: event_count
  rules: [failed_login, windows]
  timespan: 2m
  condition: { gte: 8 }
${more}`;

function compile(text: string, options?: CompileOptions) {
  const { documents, errors } = parseSigma(text);
  expect(errors).toEqual([]);
  return compileRules(documents, options);
}

describe('compiled correlations', () => {
  it('know their rules by id and name, and the rules them', () => {
    const { ruleset, errors } = compile(RULES + correlation('  group-by: [source.ip]\n'));
    expect(errors).toEqual([]);
    const [many] = ruleset.correlations;
    expect(many).toMatchObject({ index: 0, severity: 11, timespanMs: 120_000, threshold: 8 });
    expect(many!.rules.map(({ rule }) => rule.id)).toEqual(['base', 'windows']);
    expect(ruleset.correlationsOf(ruleset.rules[0]!)).toEqual([many]);
    expect(ruleset.rules.map(({ alertsAlone }) => alertsAlone)).toEqual([false, false]);
  });

  it('leave their rules to alert when they generate', () => {
    const { ruleset } = compile(RULES + correlation('  generate: true\n'));
    expect(ruleset.rules.map(({ alertsAlone }) => alertsAlone)).toEqual([true, true]);
    const { ruleset: without } = compile(RULES);
    expect(without.rules.map(({ alertsAlone }) => alertsAlone)).toEqual([true, true]);
    expect(without.correlationsOf(without.rules[0]!)).toEqual([]);
  });

  it('group by fields, through aliases; no field, no group', () => {
    const aliases =
      '  group-by: [user, source.ip]\n  aliases:\n    user: { failed_login: user.name, windows: TargetUserName }\n';
    const { ruleset } = compile(RULES + correlation(aliases));
    const [many] = ruleset.correlations;
    const [linux, windows] = ruleset.rules;
    expect(many!.groupKey({ 'user.name': 'root', 'source.ip': '10.0.0.1' }, linux)).toBe('4:root,10.0.0.1');
    expect(many!.groupKey({ TargetUserName: 'root', 'source.ip': '10.0.0.1' }, windows)).toBe('4:root,10.0.0.1');
    expect(many!.groupKey({ user: { name: 'root' }, source: { ip: '10.0.0.1' } }, linux)).toBe('4:root,10.0.0.1');
    expect(many!.groupKey({ 'user.name': 'root' }, linux)).toBeNull();
    expect(many!.groupKey({ 'user.name': 'root', 'source.ip': null }, linux)).toBeNull();
    expect(many!.groupKey({ 'user.name': '4:root', 'source.ip': 'x' }, linux)).not.toBe(
      many!.groupKey({ 'user.name': '4', 'source.ip': 'root,x' }, linux),
    );
    const { ruleset: one } = compile(RULES + correlation(''));
    expect(one.correlations[0]!.groupKey({})).toBe('');
  });

  it('that cannot find a rule or alias are left out by name', () => {
    const unknown = compile(RULES + correlation('').replace('failed_login', 'nothing'));
    expect(unknown.ruleset.correlations).toEqual([]);
    expect(unknown.errors).toMatchObject([{ code: 'reference_unknown', line: 18 }]);
    const alias = compile(
      RULES + correlation('  group-by: [user]\n  aliases: { user: { failed_login: user.name } }\n'),
    );
    expect(alias.errors).toMatchObject([{ code: 'reference_unknown' }]);
    const chained = compile(
      RULES + correlation('') + correlation('').replace('id: many', 'id: more').replace('windows', 'many'),
    );
    expect(chained.errors).toMatchObject([{ code: 'correlation_unsupported' }]);
    expect(chained.ruleset.correlations).toHaveLength(1);
  });
});
