import { describe, expect, it } from 'vitest';
import { compileRules, parseSigma, type CompileOptions, type EventLogsource } from '../index.ts';

const rule = (id: string, logsource: string, detection = 'sel: { Image: a }\n  condition: sel'): string =>
  `title: ${id}\nid: ${id}\nlogsource: ${logsource}\ndetection:\n  ${detection}\n`;

function compile(texts: readonly string[], options?: CompileOptions) {
  const parsed = texts.map((text) => parseSigma(text));
  expect(parsed.flatMap(({ errors }) => errors)).toEqual([]);
  return compileRules(
    parsed.flatMap(({ documents }) => documents),
    options,
  );
}

describe('routing', () => {
  const { ruleset } = compile([
    rule('process', '{ category: process_creation, product: windows }'),
    rule('any-process', '{ category: process_creation }'),
    rule('sysmon', '{ product: windows, service: sysmon }'),
    rule('security', '{ product: windows, service: security }'),
    rule('windows', '{ product: windows }'),
    rule('linux', '{ product: linux }'),
    rule('sshd', '{ product: linux, service: sshd }'),
    rule('auth', '{ product: linux, service: auth }'),
    rule('antivirus', '{ category: antivirus }'),
    rule('web', '{ category: webserver }'),
  ]);
  const routed = (source: EventLogsource): string[] => (ruleset.route(source)?.rules ?? []).map(({ rule }) => rule.id);
  const SYSMON = 'Microsoft-Windows-Sysmon/Operational';

  it('a rule covers events that satisfy every attribute it sets', () => {
    expect(routed({ channel: SYSMON, code: '1' })).toEqual(['process', 'any-process', 'sysmon', 'windows']);
    expect(routed({ channel: SYSMON.toUpperCase(), code: 1 })).toEqual(['process', 'any-process', 'sysmon', 'windows']);
    expect(routed({ channel: SYSMON, code: '3' })).toEqual(['sysmon', 'windows']);
    expect(routed({ channel: 'Security', code: '4624' })).toEqual(['security', 'windows']);
    expect(routed({ channel: 'Security', code: '4688' })).toEqual(['process', 'any-process', 'security', 'windows']);
    expect(routed({ channel: 'Made up', code: '1' })).toEqual(['windows']);
    expect(routed({ channel: 'Microsoft-Windows-Windows Defender/Operational', code: '1116' })).toEqual([
      'windows',
      'antivirus',
    ]);
    expect(routed({ product: 'linux', service: 'sshd' })).toEqual(['linux', 'sshd', 'auth']);
    expect(routed({ product: 'Linux', category: 'process_creation' })).toEqual(['any-process', 'linux']);
    expect(routed({ category: 'webserver', service: 'nginx' })).toEqual(['web']);
  });

  it('events that no rule covers have no engine', () => {
    expect(ruleset.route({})).toBeNull();
    expect(ruleset.route({ product: 'okta' })).toBeNull();
    expect(ruleset.route({ product: 'constructor', service: '__proto__' })).toBeNull();
  });

  it('4688 is a process only when it shall be', () => {
    const without = compile([rule('process', '{ category: process_creation, product: windows }')], {
      security4688: false,
    });
    expect(without.ruleset.route({ channel: 'Security', code: '4688' })).toBeNull();
  });

  it('equal sets of rules share an engine, and hostile channels do not pile up', () => {
    const first = ruleset.route({ channel: 'Made up', code: '1' });
    for (let i = 0; i < 10_000; i++) expect(ruleset.route({ channel: `c${i}`, code: String(i) })).toBe(first);
    expect(ruleset.route({ channel: SYSMON, code: '5' })).toBe(ruleset.route({ channel: SYSMON, code: '6' }));
  });
});

describe('field names', () => {
  it('of Windows rules are the record’s, of the others ECS', () => {
    const { ruleset } = compile([
      rule('windows', '{ category: process_creation, product: windows }'),
      rule('linux', '{ category: process_creation, product: linux }'),
      rule('web', '{ category: webserver }', 'sel: { cs-method: GET, sc-status: 200, own: x }\n  condition: sel'),
      rule('zeek', '{ product: zeek, service: http }', 'sel: { c-uri: x, method: GET }\n  condition: sel'),
    ]);
    expect(ruleset.route({ channel: 'Security', code: 4688 })!.fields).toEqual(['Image']);
    expect(ruleset.route({ product: 'linux', category: 'process_creation' })!.fields).toEqual(['process.executable']);
    expect(ruleset.route({ category: 'webserver' })!.fields).toEqual([
      'http.request.method',
      'http.response.status_code',
      'own',
    ]);
    expect(ruleset.route({ product: 'zeek', service: 'http' })!.fields).toEqual(['uri', 'method']);
    expect(ruleset.route({ category: 'webserver' })!.hasKeywords).toBe(false);
  });

  it('of 4688 and Defender are read under Sigma’s names too', () => {
    const { ruleset } = compile(
      [
        rule(
          'process',
          '{ category: process_creation, product: windows }',
          "sel: { Image|endswith: '\\cmd.exe' }\n  not: { ParentImage: null }\n  condition: sel and not not",
        ),
        rule('defender', '{ product: windows, service: windefend }', 'sel: { ThreatName: Evil }\n  condition: sel'),
        rule(
          'antivirus',
          '{ category: antivirus }',
          'sel: { Signature: Evil, Filename|contains: tmp }\n  condition: sel',
        ),
      ].map((text) => text.replace('  not:', '  none:').replace('not not', 'not none')),
    );
    const matched = (channel: string, code: number, view: Record<string, unknown>): string[] => {
      const engine = ruleset.route({ channel, code })!;
      expect(engine.match(view)).toEqual(engine.matchScan(view));
      return engine.match(view).map(({ rule }) => rule.id);
    };
    expect(matched('Security', 4688, { NewProcessName: 'C:\\cmd.exe', ParentProcessName: 'x' })).toEqual(['process']);
    expect(matched('Security', 4688, { NewProcessName: 'C:\\cmd.exe' })).toEqual([]);
    expect(
      matched('Security', 4688, { NewProcessName: 'C:\\cmd.exe', Image: 'C:\\other.exe', ParentImage: 'x' }),
    ).toEqual([]);
    const defender = 'Microsoft-Windows-Windows Defender/Operational';
    expect(matched(defender, 1116, { 'Threat Name': 'Evil', Path: '/tmp/x' })).toEqual(['defender', 'antivirus']);
    expect(matched(defender, 1116, { ThreatName: 'Evil', Path: 'x' })).toEqual(['defender']);
  });
});

describe('matches', () => {
  it('are one shared frozen array when there are none', () => {
    const { ruleset } = compile([rule('linux', '{ product: linux }')]);
    const engine = ruleset.route({ product: 'linux' })!;
    expect(engine.match({})).toBe(engine.match({ Image: 'b' }));
    expect(engine.match({})).toBe(engine.matchScan({}));
    expect(Object.isFrozen(engine.match({}))).toBe(true);
  });
});

describe('filters', () => {
  const base = rule('base', '{ category: process_creation, product: linux }').replace(
    'title: base',
    'title: base\nname: shell',
  );
  const filter = (rules: string, logsource = '{ product: linux }'): string =>
    `title: f\nlogsource: ${logsource}\nfilter:\n  rules: ${rules}\n  admin: { User: admin }\n  condition: not admin\n`;
  const matches = (text: string): boolean => {
    const { ruleset, errors } = compile([base, text]);
    expect(errors).toEqual([]);
    const engine = ruleset.route({ product: 'linux', category: 'process_creation' })!;
    expect(engine.match({ 'process.executable': 'a', 'user.name': 'other' })).toHaveLength(1);
    return engine.match({ 'process.executable': 'a', 'user.name': 'admin' }).length === 1;
  };
  it('apply to the rules they name by id or name, or to any', () => {
    expect(matches(filter('[base]'))).toBe(false);
    expect(matches(filter('[shell]'))).toBe(false);
    expect(matches(filter('any'))).toBe(false);
  });
  it('apply only where their log source is the rule’s', () => {
    expect(matches(filter('any', '{ product: windows }'))).toBe(true);
    expect(matches(filter('any', '{ category: process_creation }'))).toBe(false);
  });
  it('that name unknown rules are warned about', () => {
    expect(compile([base, filter('[other]')]).errors).toMatchObject([
      { code: 'reference_unknown', severity: 'warning', line: 4 },
    ]);
  });
});

describe('documents that clash', () => {
  it('the first of an id stays', () => {
    const { ruleset, errors } = compile([rule('x', '{ product: linux }'), rule('x', '{ product: windows }')]);
    expect(ruleset.rules).toHaveLength(1);
    expect(errors).toMatchObject([{ code: 'duplicate_id', line: 2 }]);
  });
});
