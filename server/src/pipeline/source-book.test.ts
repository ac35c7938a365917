import { expect, test } from 'vitest';
import { createSourceBook } from './source-book.ts';

const count = {
  source: 'web1',
  input: 'http',
  lane: 'live' as const,
  parser: 'nginx',
  events: 10,
  quarantined: 1,
  bytes: 500,
};

test('adds up per source, measures the rate, and goes on from known totals', () => {
  const book = createSourceBook([]);
  book.add([{ ...count, receivedAt: 1000 }]);
  book.add([{ ...count, receivedAt: 3000, parser: '' }]);
  book.tick(2);
  expect(book.list()).toEqual([
    {
      name: 'web1',
      input: 'http',
      lane: 'live',
      parser: 'nginx',
      events: 20,
      quarantined: 2,
      bytes: 1000,
      eventsPerSecond: 10,
      firstSeen: '1970-01-01T00:00:01.000Z',
      lastSeen: '1970-01-01T00:00:03.000Z',
    },
  ]);
  const restarted = createSourceBook(book.totals());
  restarted.tick(2);
  expect(restarted.list()[0]).toMatchObject({ events: 20, eventsPerSecond: 0 });
});

test('the same name through another input is another source', () => {
  const book = createSourceBook([]);
  book.add([
    { ...count, receivedAt: 1 },
    { ...count, input: 'syslog-udp', receivedAt: 1 },
  ]);
  expect(book.list()).toHaveLength(2);
});

test('names from the network are bounded: the longest silent make room', () => {
  const book = createSourceBook([]);
  for (let i = 0; i < 10_050; i++) book.add([{ ...count, source: `s${i}`, receivedAt: i }]);
  expect(book.list()).toHaveLength(10_000);
  expect(book.list().some(({ name }) => name === 's0')).toBe(false);
});
