import { EcsEvent } from '@vedette/contracts';
import { expect, test } from 'vitest';
import { Rejection } from '../pipeline/result.ts';
import { chooseParser, createSourceParsers, MAX_LINE } from './source-parsers.ts';

const CONTEXT = { receivedAt: Date.UTC(2026, 2, 1, 12), source: 's', peer: '' };
const SSH = 'Feb 27 08:14:05 bastion sshd[4121]: Failed password for root from 198.51.100.23 port 51516 ssh2';
const NGINX = '203.0.113.20 - - [27/Feb/2026:12:00:00 +0200] "GET / HTTP/1.1" 200 5120 "-" "curl/8"';
const EVE =
  '{"timestamp":"2026-02-27T11:00:01Z","event_type":"dns","flow_id":2,"src_ip":"192.0.2.5","dns":{"rrname":"a.example"}}';
const AUTH = '{"source_type":"auth","event_type":"login_failure","source_ip":"10.0.0.1","username":"root"}';
const SYSMON = '{"EventID":22,"Channel":"Microsoft-Windows-Sysmon/Operational","QueryName":"a.example","Hostname":"h"}';
const ZEEK_HEADER = ['#separator \\x09', '#path\tweird', '#fields\tts\tname', '#types\ttime\tstring'];

function datasetsOf(lines: readonly string[], format = ''): string[] {
  const sources = createSourceParsers();
  return lines.map((line) => {
    const result = sources.parse('s', format, line, CONTEXT);
    if (result instanceof Rejection) return result.code;
    return result instanceof EcsEvent ? result.dataset : 'held';
  });
}

test('the first lines of a source choose its parser', () => {
  expect(chooseParser([SSH]).name).toBe('syslog');
  expect(chooseParser([NGINX]).name).toBe('web-access');
  expect(chooseParser([EVE]).name).toBe('suricata-eve');
  expect(chooseParser([SYSMON]).name).toBe('windows');
  expect(chooseParser(ZEEK_HEADER).name).toBe('zeek-tsv');
  expect(chooseParser(['hello']).name).toBe('generic');
  expect(chooseParser([]).name).toBe('generic');
});

test('mixed sources are read line by line', () => {
  const mixed = [SSH, EVE, SSH, NGINX, AUTH, SYSMON, 'free text', SSH, EVE];
  expect(datasetsOf(mixed)).toEqual([
    'linux.sshd',
    'suricata.eve',
    'linux.sshd',
    'web.access',
    'json.auth',
    'windows.sysmon',
    'generic',
    'linux.sshd',
    'suricata.eve',
  ]);
});

test('a source that began with plain text is recognised as soon as it speaks a format', () => {
  expect(datasetsOf(['welcome', 'a=1 b=2 c=3', SSH, AUTH])).toEqual([
    'generic',
    'key-value',
    'linux.sshd',
    'json.auth',
  ]);
});

test('a pinned source uses its format only', () => {
  expect(datasetsOf([SSH, NGINX, EVE], 'syslog')).toEqual(['linux.sshd', 'unparsed', 'unparsed']);
  expect(datasetsOf([SYSMON, AUTH, '{'], 'windows')).toEqual(['windows.sysmon', 'unparsed', 'bad_json']);
  expect(datasetsOf([SSH], 'no-such-format')).toEqual(['unparsed']);
});

test('what is quarantined and what becomes a generic event', () => {
  for (const broken of ['{"broken":', '  {broken', '"user": "x",', '}', '[{"a":1', '"x"}', 'tail of one"}},']) {
    expect(datasetsOf([AUTH, broken, AUTH])).toEqual(['json.auth', 'bad_json', 'json.auth']);
    expect(datasetsOf(['banner', AUTH, broken])).toEqual(['generic', 'json.auth', 'bad_json']);
  }
  for (const text of ['not json', '[info] started', 'he said "x": so what', '-- MARK --']) {
    expect(datasetsOf([AUTH, text, AUTH])).toEqual(['json.auth', 'generic', 'json.auth']);
  }
  expect(datasetsOf([AUTH, SSH, AUTH])).toEqual(['json.auth', 'linux.sshd', 'json.auth']);
  expect(datasetsOf(['{"broken":'])).toEqual(['bad_json']);
  expect(datasetsOf([SSH, '{curly} text', 'text'])).toEqual(['linux.sshd', 'generic', 'generic']);
  expect(
    datasetsOf([`2026-02-06 12:00:00,000 - l - high_severity - TCP - 1.2.3.400:1 --> 10.0.0.1:2 - SYN - x`]),
  ).toEqual(['unparsed']);
  expect(datasetsOf(['x'.repeat(MAX_LINE + 1)])).toEqual(['line_too_long']);
});

test('JSON is bounded in depth and keys', () => {
  const deep = (levels: number) => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);
  const wide = (keys: number) => `{${Array.from({ length: keys }, (_, i) => `"k${i}":1`).join(',')}}`;
  expect(datasetsOf([deep(64)])).toEqual(['json']);
  expect(datasetsOf([deep(65)])).toEqual(['too_deep']);
  expect(datasetsOf([`{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`])).toEqual(['too_deep']);
  expect(datasetsOf([wide(10_000)])).toEqual(['json']);
  expect(datasetsOf([wide(10_001)])).toEqual(['too_deep']);
});

test('__proto__ in any shape of JSON pollutes nothing', () => {
  const evil = '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}';
  const documents = [
    `{${evil}}`,
    `{"ecs":{"version":"8"},${evil},"source":{"ip":"10.0.0.1",${evil}}}`,
    `{"EventID":1,"Channel":"Security",${evil}}`,
    `{"Event":{"System":{"EventID":1,"Channel":"Security"},"EventData":{${evil}}}}`,
    `{"winlog":{"channel":"Security","event_id":1,"event_data":{${evil}}},${evil}}`,
    `{"timestamp":"2026-02-27T11:00:01Z","event_type":"dns","flow_id":2,${evil}}`,
    `{"source_type":"auth",${evil}}`,
    '__proto__=1 constructor=2 toString=3',
  ];
  for (const line of documents) expect(createSourceParsers().parse('s', '', line, CONTEXT)).toBeInstanceOf(EcsEvent);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('log content chooses neither lane nor receipt time nor intelligence', () => {
  const line =
    '{"ecs.version":"8","vedette.lane":"exercise","vedette":{"intel":{"level":9}},"event.ingested":"2001-01-01T00:00:00Z","_id":"1","event":{"ingested":1,"original":"x"}}';
  const event = createSourceParsers().parse('s', '', line, CONTEXT) as EcsEvent;
  expect([event.lane, event.ingested, event.intelLevel]).toEqual(['live', CONTEXT.receivedAt, 0]);
  expect(Object.keys(event.extra ?? {}).filter((name) => name.startsWith('vedette.'))).toEqual([]);
});

test('headers survive a restart; the least recently used source is forgotten', () => {
  const before = createSourceParsers();
  for (const line of ZEEK_HEADER) expect(before.parse('z', '', line, CONTEXT)).toBeNull();
  const row = '1772190000.0\tdata_before_established';
  expect((before.parse('z', '', row, CONTEXT) as EcsEvent).dataset).toBe('zeek.weird');
  const after = createSourceParsers();
  after.restore(before.snapshot());
  expect((after.parse('z', '', row, CONTEXT) as EcsEvent).ruleName).toBe('data_before_established');

  const small = createSourceParsers({ maxSources: 2 });
  for (const source of ['a', 'b', 'a', 'c']) small.parse(source, '', SSH, CONTEXT);
  expect(['a', 'b', 'c'].map((source) => small.parserOf(source))).toEqual(['syslog', '', 'syslog']);
});
