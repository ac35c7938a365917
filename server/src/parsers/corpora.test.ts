/** Real logs: every line becomes an event with the fields that others say it has. Skipped loudly without the corpora. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EcsEvent, flattenEvent, type ExtraValue } from '@vedette/contracts';
import { describe, expect, test } from 'vitest';
import { normalise } from '../normalise/normalise.ts';
import { Rejection } from '../pipeline/result.ts';
import { createSourceParsers } from './source-parsers.ts';

const CORPORA = process.env['VEDETTE_CORPORA'] ?? join(import.meta.dirname, '../../../../shared/corpora');
const present = existsSync(CORPORA);
if (!present)
  process.stderr.write(`\nSKIPPED: no corpora at ${CORPORA}; set VEDETTE_CORPORA to run the tests on real logs\n\n`);

const CONTEXT = { receivedAt: Date.UTC(2026, 0, 15), source: 'corpus', peer: '' };

interface Parsed {
  events: EcsEvent[];
  rejected: { line: string; reason: string }[];
}

function parseLines(lines: readonly string[], format = ''): Parsed {
  const sources = createSourceParsers();
  const parsed: Parsed = { events: [], rejected: [] };
  for (const line of lines) {
    const result = sources.parse('corpus', format, line, CONTEXT);
    if (result instanceof Rejection) parsed.rejected.push({ line, reason: result.reason });
    else if (result !== null) {
      for (const event of Array.isArray(result) ? result : [result]) {
        event.raw ||= line;
        parsed.events.push(event);
      }
    }
  }
  parsed.events.push(...sources.flush('corpus', CONTEXT));
  normalise(parsed.events);
  return parsed;
}

function linesOf(...path: string[]): string[] {
  const lines = readFileSync(join(CORPORA, ...path), 'utf8').split(/\r?\n/);
  return lines.filter((line) => line !== '');
}

/** Rows of a CSV with quoted fields, by column name. */
function rowsOf(...path: string[]): Record<string, string>[] {
  const [header, ...rows] = linesOf(...path).map((line) =>
    [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell]) =>
      cell!.startsWith('"') ? cell!.slice(1, -1).replaceAll('""', '"') : cell!,
    ),
  );
  return rows.map((row) => Object.fromEntries(header!.map((name, i) => [name, row[i] ?? ''])));
}

describe.skipIf(!present)('corpora', () => {
  test('security-log-generator: every line, every field', () => {
    const ids = parseLines(linesOf('security-log-generator', 'ids.log'));
    expect(ids.rejected).toEqual([]);
    expect(ids.events).toHaveLength(100);
    for (const event of ids.events) {
      const [, , label, protocol, flow, flags, text] = event.raw.split(' - ');
      expect(event.extra?.['event.severity_label']).toBe(label);
      expect(`${event.sourceIp}:${event.sourcePort} --> ${event.destinationIp}:${event.destinationPort}`).toBe(flow);
      expect([event.transport, event.protocol]).toContain(protocol!.toLowerCase());
      expect([event.extra?.['network.tcp.flags'], event.message]).toEqual([flags, text]);
      expect(event.dataset).toBe('ids');
    }
    const access = parseLines(linesOf('security-log-generator', 'access.log'));
    expect(access.rejected).toEqual([]);
    expect(access.events).toHaveLength(200);
    for (const event of access.events) {
      expect(event.dataset).toBe('access');
      expect(event.raw).toContain(
        `- ${event.sourceIp} - ${event.userName} "${event.httpMethod} ${String(event.extra?.['url.path'])} HTTP`,
      );
      expect(event.raw).toContain(` ${event.httpStatus} ${event.destinationBytes} ${event.urlOriginal}" "`);
      expect(event.userAgent.length).toBeGreaterThan(8);
    }
    const endpoint = parseLines(linesOf('security-log-generator', 'endpoint.log'));
    expect(endpoint.rejected).toEqual([]);
    expect(endpoint.events).toHaveLength(100);
    expect(endpoint.events.filter((event) => event.category === 'malware')).toHaveLength(10);
    for (const event of endpoint.events) {
      expect(event.raw).toContain(`User: ${event.userName}\nComputer: ${event.hostName}`);
    }
  });

  test('loghub OpenSSH: every address and user of the structured rows', () => {
    const { events, rejected } = parseLines(linesOf('loghub', 'OpenSSH', 'OpenSSH_2k.log'));
    const rows = rowsOf('loghub', 'OpenSSH', 'OpenSSH_2k.log_structured.csv');
    expect(rejected).toEqual([]);
    expect(events).toHaveLength(rows.length);
    const wrong: string[] = [];
    events.forEach((event, i) => {
      const { Content: content, Pid: pid } = rows[i]! as { Content: string; Pid: string };
      const address = /(?:rhost=|from |by |\[)((?:\d{1,3}\.){3}\d{1,3})(?![\w.-]*[a-z])/.exec(content)?.[1] ?? '';
      const user =
        /(?:Failed \S+ for invalid user|Invalid user|Failed \S+ for|Accepted \S+ for|invalid user| user=| for user) ?(\S*)(?: from| \[preauth\]| by|$)/.exec(
          content,
        )?.[1] ?? '';
      if (event.sourceIp !== address || event.processPid !== Number(pid)) wrong.push(`${event.sourceIp}: ${content}`);
      if (user !== '' && event.userName !== user.trim()) wrong.push(`${event.userName}: ${content}`);
    });
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(events.filter((event) => event.action === 'ssh_login' && event.outcome === 'failure').length).toBe(
      rows.filter(({ Content: content }) => content!.includes('Failed ')).length,
    );
  });

  test('loghub Linux: host, program, and the address of every authentication failure', () => {
    const { events, rejected } = parseLines(linesOf('loghub', 'Linux', 'Linux_2k.log'));
    const rows = rowsOf('loghub', 'Linux', 'Linux_2k.log_structured.csv');
    expect(rejected).toEqual([]);
    expect(events).toHaveLength(rows.length);
    events.forEach((event, i) => {
      const { Content: content, PID: pid, Time: time } = rows[i]! as Record<string, string>;
      expect(event.hostName).toBe('combo');
      expect(new Date(event.timestamp).toISOString()).toContain(time);
      if (pid !== '') expect(event.processPid).toBe(Number(pid));
      const rhost = /rhost=(\S*)/.exec(content!)?.[1];
      if (rhost === undefined || rhost === '') return;
      expect([event.action, event.outcome]).toEqual(['pam_authentication', 'failure']);
      expect(event.sourceIp || event.extra?.['source.domain']).toBe(rhost);
      expect(event.userName).toBe(/ user=(\S*)/.exec(content!)?.[1] ?? '');
    });
  });

  test('loghub Apache: every line is an error-log event with its level and client', () => {
    const { events, rejected } = parseLines(linesOf('loghub', 'Apache', 'Apache_2k.log'));
    const rows = rowsOf('loghub', 'Apache', 'Apache_2k.log_structured.csv');
    expect(rejected).toEqual([]);
    events.forEach((event, i) => {
      const { Content: content, Level: level } = rows[i]! as Record<string, string>;
      expect([event.dataset, event.extra?.['log.level']]).toEqual(['apache.error', level]);
      const client = /^\[client ([\d.]+)\]/.exec(content!)?.[1];
      if (client !== undefined) expect(event.sourceIp).toBe(client);
    });
  });

  test('Zeek: record N of the TSV is record N of the JSON', () => {
    const types = readdirSync(join(CORPORA, 'zeek', 'tsv')).map((file) => file.replace('.log', ''));
    expect(types.length).toBeGreaterThan(20);
    for (const type of types) {
      const tsv = parseLines(linesOf('zeek', 'tsv', `${type}.log`));
      const json = parseLines(linesOf('zeek', 'json', `${type}.json`));
      expect(tsv.rejected, type).toEqual([]);
      expect(json.rejected, type).toEqual([]);
      expect(tsv.events.length, type).toBe(json.events.length);
      const differences = tsv.events.flatMap((event, i) => differing(event, json.events[i]!));
      expect(differences.slice(0, 3), type).toEqual([]);
    }
  });

  test('otrf: every line becomes an event; Windows events have what rules match on', () => {
    for (const file of readdirSync(join(CORPORA, 'otrf')).filter((name) => /__.*\.jsonl$/.test(name))) {
      const lines = linesOf('otrf', file);
      const { events, rejected } = parseLines(lines);
      expect(rejected, file).toEqual([]);
      expect(events.length, file).toBe(lines.length);
      for (const event of events) if (event.channel !== '') expectRecord(event);
    }
  });

  test('evtx: every line becomes a Windows event with its own time', () => {
    const folder = join(CORPORA, 'evtx');
    const files = readdirSync(folder, { recursive: true }).map(String);
    let count = 0;
    for (const file of files.filter((name) => name.endsWith('.jsonl') && name !== 'INDEX.jsonl')) {
      const lines = linesOf('evtx', file);
      const { events, rejected } = parseLines(lines, 'windows');
      expect(rejected, file).toEqual([]);
      expect(events.length, file).toBe(lines.length);
      for (const event of events) {
        expectRecord(event);
        expect(event.extra?.['vedette.time_flag'], file).toBeUndefined();
      }
      count += events.length;
    }
    expect(count).toBeGreaterThan(16_000);
  });

  test('CrowdSec assertions for the formats in scope', () => {
    const report = crowdsec();
    process.stdout.write(`CrowdSec: ${report.right} of ${report.total} fields right\n${report.wrong.join('\n')}\n`);
    process.stdout.write(`Out of scope: ${[...report.outOfScope].sort().join(', ')}\n`);
    expect(report.total).toBeGreaterThan(200);
    expect(report.right / report.total).toBeGreaterThanOrEqual(0.97);
  });

  test('Wazuh levels: ours rank events alike (informative)', () => {
    const cases = linesOf('wazuh', 'cases.jsonl').map(
      (line) => JSON.parse(line) as { input: { raw: string }; expect: { level: number } },
    );
    const pairs = cases.flatMap((item) => {
      const { events } = parseLines([item.input.raw]);
      return events.map((event) => ({ ours: event.severity, theirs: item.expect.level }));
    });
    const mean = (low: number, high: number) => {
      const some = pairs.filter(({ theirs }) => theirs >= low && theirs <= high);
      return some.reduce((sum, { ours }) => sum + ours, 0) / some.length;
    };
    const means = [mean(0, 3), mean(4, 7), mean(8, 15)];
    process.stdout.write(`Wazuh level 0–3, 4–7, 8–15: our mean ${means.map((m) => m.toFixed(1)).join(', ')}\n`);
    expect(pairs.length).toBeGreaterThanOrEqual(cases.length * 0.95);
    expect(means[0]!).toBeLessThan(means[2]!);
  });
});

function expectRecord(event: EcsEvent): void {
  expect(event.record).not.toBeNull();
  for (const key of ['Channel', 'EventID', 'Provider_Name', 'Computer']) expect(event.record).toHaveProperty(key);
  expect(event.recordPrefix).toBe('winlog.event_data.');
  expect(String(event.record!['EventID'])).toBe(event.code);
}

/** What the JSON writer adds, and how it spells times and long doubles, is not the record's content. */
function differing(tsv: EcsEvent, json: EcsEvent): string[] {
  const left = comparable(tsv);
  const right = comparable(json);
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].flatMap((name) =>
    alike(left[name], right[name]) ? [] : [`${name}: ${JSON.stringify(left[name])} | ${JSON.stringify(right[name])}`],
  );
}

function comparable(event: EcsEvent): Record<string, ExtraValue> {
  const flat = flattenEvent(event);
  for (const name of Object.keys(flat)) if (/\.(_path|_write_ts)$/.test(name)) delete flat[name];
  return flat;
}

function alike(a: ExtraValue | undefined, b: ExtraValue | undefined): boolean {
  // The TSV writer spells the empty set and the set of one empty text alike.
  if (Array.isArray(a) && a.length === 0 && Array.isArray(b) && b.join('') === '') return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => alike(item, b[i]));
  if (typeof a === 'number' && typeof b === 'string') return Math.abs(a * 1000 - Date.parse(b)) <= 1;
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) <= Math.abs(b) * 1e-5 + 1e-5;
  return a === b;
}

interface CrowdsecReport {
  right: number;
  total: number;
  wrong: string[];
  outOfScope: Set<string>;
}

/** Log types that a parser of ours reads today. */
const IN_SCOPE = new Set(['nginx', 'apache2', 'syslog-sshd', 'cef']);

function crowdsec(): CrowdsecReport {
  const report: CrowdsecReport = { right: 0, total: 0, wrong: [], outOfScope: new Set() };
  const sources = createSourceParsers();
  for (const line of linesOf('crowdsec', 'parse-cases.jsonl')) {
    const {
      id,
      input,
      expect: expected,
    } = JSON.parse(line) as {
      id: string;
      input: { file: string; raw: string; log_type: string };
      expect: { fields: Record<string, string> };
    };
    const ssh = expected.fields['peer.service'] === 'ssh' && input.log_type === 'syslog';
    const type = ssh ? 'syslog-sshd' : input.log_type;
    if (!IN_SCOPE.has(type)) {
      report.outOfScope.add(type);
      continue;
    }
    const result = sources.parse(input.file, '', input.raw, CONTEXT);
    const flat = result instanceof EcsEvent ? (normalise([result]), flattenEvent(result)) : {};
    for (const [names, value] of Object.entries(expected.fields)) {
      if (names.startsWith('peer.')) continue;
      report.total++;
      const found = names.split('|').map((name) => String(flat[name] ?? ''));
      if (found.includes(value)) report.right++;
      else report.wrong.push(`${id} ${names}: expected ${value}, found ${found.join(' | ')}`);
    }
  }
  return report;
}
