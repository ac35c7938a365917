import { isIPv4 } from 'node:net';
import { expect, test } from 'vitest';
import { madeSshdLines } from './log-lines.ts';
import { syslogClock, VariedLines } from './varied-lines.ts';

const NOW = Date.UTC(2026, 1, 6, 12, 0, 5);
const text = (lines: VariedLines) => lines.next().bytes.toString();

test('sshd lines carry the present time and other numbers each time, and stay lines of the same form', () => {
  const made = madeSshdLines(50);
  const lines = new VariedLines('sshd', made, 50, () => NOW);
  const [first, second] = [text(lines), text(lines)];
  expect(first).not.toBe(second);
  for (const [i, line] of second.trimEnd().split('\n').entries()) {
    expect(line).toHaveLength(made[i]!.length);
    expect(line.startsWith('Feb  6 12:00:05 web1 sshd[')).toBe(true);
    expect(line.replaceAll(/\d/g, '')).toBe(made[i]!.replaceAll(/\d/g, ''));
    for (const [address] of line.matchAll(/\d+\.\d+\.\d+\.\d+/g)) expect(isIPv4(address)).toBe(true);
  }
});

test('attackers keep their addresses for a while, then move on', () => {
  let now = NOW;
  const lines = new VariedLines('sshd', madeSshdLines(50), 50, () => now);
  const addresses = () => [...text(lines).matchAll(/\d+\.\d+\.\d+\.\d+/g)].map(([address]) => address);
  const before = addresses();
  expect(addresses()).toEqual(before);
  now += 60_000;
  expect(addresses()).not.toEqual(before);
});

test('Windows lines stay JSON, with other ids and the present time', () => {
  const event = {
    EventTime: '2020-01-01 00:00:00',
    '@timestamp': '2020-01-01T00:00:00.123Z',
    ProcessGuid: '{aabbccdd-0011-2233-4455-66778899aabb}',
    ProcessId: 4242,
    Image: 'C:\\Büro\\a.exe',
  };
  const lines = new VariedLines('windows', [JSON.stringify(event), JSON.stringify(event)], 2, () => NOW);
  text(lines);
  const [first, second] = text(lines)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as typeof event);
  expect(first).toMatchObject({ EventTime: '2026-02-06 12:00:05', Image: event.Image });
  expect(first!['@timestamp']).toMatch(/^2026-02-06T12:00:05\.\d{3}Z$/);
  expect(first!.ProcessGuid).toMatch(/^\{[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}$/);
  expect(first!.ProcessGuid).not.toBe(second!.ProcessGuid);
  expect(String(first!.ProcessId)).toMatch(/^4\d{3}$/);
});

test('pieces follow one another in order and begin again', () => {
  const lines = new VariedLines('windows', ['{"a":"x"}', '{"a":"y"}', '{"a":"z"}'], 2, () => NOW);
  expect([lines.next(), lines.next(), lines.next()].map((chunk) => [chunk.lines, chunk.bytes.toString()])).toEqual([
    [2, '{"a":"x"}\n{"a":"y"}\n'],
    [1, '{"a":"z"}\n'],
    [2, '{"a":"x"}\n{"a":"y"}\n'],
  ]);
});

test('the clock of syslog', () => {
  expect(syslogClock(NOW)).toBe('Feb  6 12:00:05');
  expect(syslogClock(Date.UTC(2026, 11, 24, 1, 2, 3))).toBe('Dec 24 01:02:03');
});
