/** A brute force is found however a shipper packs the lines: the real parsers, our own rules, the real correlations. */
import { describe, expect, test } from 'vitest';
import { createCorrelations } from '@vedette/server/detectors/correlations.ts';
import { loadRules, OWN_RULES } from '@vedette/server/detectors/rules.ts';
import { createSigmaDetector } from '@vedette/server/detectors/sigma.ts';
import { createEventReader } from './hunt/event-reader.ts';

const START = Date.UTC(2026, 1, 27, 10);
const { ruleset, correlations } = loadRules([`${OWN_RULES}/linux/sshd`]);

/** Titles of the correlations that fired for these lines, each once. */
function alertsOf(lines: readonly string[]): string[] {
  const reader = createEventReader('shipper', START + 3_600_000);
  const events = lines.flatMap((line, i) => reader.read({ bytes: Buffer.from(line), number: i + 1, cut: false }));
  const counting = createCorrelations(correlations);
  const titles = new Set<string>();
  createSigmaDetector(ruleset).detect(
    events.map(({ event }, i) => Object.assign(event, { id: i + 1 })),
    {
      signal: () => undefined,
      observe: (observation) => {
        for (const { ruleId } of counting.observe([observation])) {
          titles.add(correlations.find(({ id }) => id === ruleId)!.title);
        }
      },
    },
  );
  return [...titles].sort();
}

const iso = (ms: number) => new Date(ms).toISOString();
const failed = (port: number) => `Failed password for root from 203.0.113.81 port ${port} ssh2`;
const line = (ms: number, port: number) => `Feb 27 ${iso(ms).slice(11, 19)} web1 sshd[4121]: ${failed(port)}`;

const SHIPPERS: Record<string, (ms: number, port: number) => unknown> = {
  "rsyslog's own template": (ms, port) => ({
    message: ` ${failed(port)}`,
    fromhost: 'web1',
    facility: 'authpriv',
    priority: 'info',
    timereported: iso(ms),
    timegenerated: iso(ms),
  }),
  'a template with a tag': (ms, port) => ({
    '@timestamp': iso(ms),
    host: 'web1',
    severity: 'info',
    facility: 'auth',
    tag: 'sshd[4121]:',
    message: ` ${failed(port)}`,
  }),
  'a template with a program': (ms, port) => ({
    '@timestamp': iso(ms),
    hostname: 'web1',
    programname: 'sshd',
    message: failed(port),
  }),
  journald: (ms, port) => ({
    __REALTIME_TIMESTAMP: `${ms}000`,
    _HOSTNAME: 'web1',
    _COMM: 'sshd',
    _PID: '4121',
    PRIORITY: '6',
    MESSAGE: failed(port),
  }),
  'Filebeat, a whole line': (ms, port) => ({
    '@timestamp': iso(ms),
    message: line(ms, port),
    ecs: { version: '8.0.0' },
    host: { name: 'web1' },
    log: { file: { path: '/var/log/auth.log' } },
  }),
  'Filebeat, a program': (ms, port) => ({
    '@timestamp': iso(ms),
    message: failed(port),
    ecs: { version: '8.0.0' },
    host: { name: 'web1' },
    process: { name: 'sshd', pid: 4121 },
  }),
  Docker: (ms, port) => ({ log: `${line(ms, port)}\n`, stream: 'stdout', time: iso(ms) }),
  'Fluent Bit': (ms, port) => ({ date: ms / 1000, message: line(ms, port) }),
  'rsyslog over RFC 5424': (ms, port) => `<38>1 ${iso(ms)} web1 sshd 4121 - -  ${failed(port)}`,
};

describe('ten refused logins in half a minute', () => {
  test.each(Object.entries(SHIPPERS))('%s', (_, ship) => {
    const lines = Array.from({ length: 10 }, (_, i) => ship(START + i * 3000, 40_000 + i));
    expect(
      alertsOf(lines.map((document) => (typeof document === 'string' ? document : JSON.stringify(document)))),
    ).toEqual(['SSH brute force', 'SSH brute force at a high rate']);
  });

  test('printed by another program they are its text', () => {
    const lines = Array.from({ length: 10 }, (_, i) =>
      JSON.stringify({
        __REALTIME_TIMESTAMP: `${START + i * 3000}000`,
        _HOSTNAME: 'web1',
        SYSLOG_IDENTIFIER: 'myservice',
        MESSAGE: line(START + i * 3000, 40_000 + i),
      }),
    );
    expect(alertsOf(lines)).toEqual([]);
  });
});
