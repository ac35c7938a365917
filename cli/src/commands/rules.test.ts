import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { vedette } from '../testing/vedette.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-rules-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function rule(name: string, { condition = 'login', expected = 'match' } = {}): void {
  writeFileSync(
    join(folder, `${name}.yml`),
    `title: Rule ${name}
name: ${name}
level: low
logsource: { product: linux, service: sshd }
detection:
  login:
    event.action: ssh_login
  condition: ${condition}
vedette:
  tests:
    - name: a login
      expect: ${expected}
      events:
        - 'Mar  2 08:00:00 web1 sshd[8]: Failed password for root from 203.0.113.7 port 402 ssh2'
`,
  );
}

describe('vedette rules', () => {
  it('passes rules whose tests pass', async () => {
    rule('good');
    const { code, stderr } = await vedette(['rules', 'test', folder]);
    expect([code, stderr]).toEqual([0, '1 of 1 tests passed, 1 rules in 1 files\n']);
    expect((await vedette(['rules', 'lint', folder])).code).toBe(0);
  });

  it('fails a rule that misses its event, and one that hits what it should not', async () => {
    rule('deaf', { condition: 'not login' });
    rule('loud', { expected: 'none' });
    const { code, stdout } = await vedette(['rules', 'test', folder]);
    expect(code).toBe(1);
    expect(stdout).toContain('Rule deaf: a login: expected a hit, got 0');
    expect(stdout).toContain('Rule loud: a login: expected 0 hits, got 1');
    const json = (await vedette(['rules', 'test', folder, '--json'])).stdout.trimEnd().split('\n');
    expect(json.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ passed: false }, { passed: false }]);
  });

  it('runs correlations over the rules they count, and tells how often they fire anew', async () => {
    rule('good');
    writeFileSync(
      join(folder, 'often.yml'),
      `title: Often
correlation: { type: event_count, rules: [good], group-by: [source.ip], timespan: 60s, condition: { gte: 3 } }
vedette:
  tests:
    - name: three, and three more an hour later
      expect: 2
      repeat: { times: 2, every: 3600 }
      events: &three
        - 'Mar  2 08:00:00 web1 sshd[8]: Failed password for root from 203.0.113.7 port 402 ssh2'
        - 'Mar  2 08:00:01 web1 sshd[8]: Failed password for root from 203.0.113.7 port 402 ssh2'
        - 'Mar  2 08:00:02 web1 sshd[8]: Failed password for root from 203.0.113.7 port 402 ssh2'
    - name: wrong
      expect: 2
      events: *three
`,
    );
    const { stdout, stderr } = await vedette(['rules', 'test', folder]);
    expect(stderr).toContain('2 of 3 tests passed');
    expect(stdout).toContain('Often: wrong: expected 2 hits, got 1');
  });

  it('names broken rules and broken tests by file and line', async () => {
    writeFileSync(
      join(folder, 'bad.yml'),
      'title: Bad\nlogsource: { product: linux }\ndetection: { condition: none }\n',
    );
    const lint = await vedette(['rules', 'lint', folder]);
    expect(lint.code).toBe(1);
    expect(lint.stdout).toMatch(/bad\.yml:\d+:\d+ error \w+: /);
    rule('good', { expected: 'maybe' });
    const test = await vedette(['rules', 'test', folder]);
    expect(test.code).toBe(1);
    expect(test.stdout).toContain('vedette.tests.0.expect');
  });

  it('fails a test whose events no parser reads', async () => {
    writeFileSync(
      join(folder, 'unread.yml'),
      `title: Unread
logsource: { product: linux, service: sshd }
detection: { words: [x], condition: words }
vedette: { tests: [{ name: broken JSON, format: json, expect: none, events: ['{"a":'] }] }
`,
    );
    expect((await vedette(['rules', 'test', folder])).stdout).toContain('no parser reads the events');
  });

  it('answers wrong usage with 2', async () => {
    expect((await vedette(['rules', 'test', join(folder, 'nowhere')])).code).toBe(2);
    expect((await vedette(['rules', 'fly'])).code).toBe(2);
    expect((await vedette(['rules', '--help'])).stdout).toContain('A rule carries its tests inside');
  });
});
