/**
 * Goldens: every `samples/NAME/*.log`, read as an unknown source, gives what stands in the `.expected.json` beside it.
 * `UPDATE_GOLDEN=1` rewrites them.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type EcsEvent, flattenEvent } from '@vedette/contracts';
import { expect, test } from 'vitest';
import { normalise } from '../normalise/normalise.ts';
import { Rejection, type ParseResult } from '../pipeline/result.ts';
import { parserByName, parsers } from './index.ts';
import { createSourceParsers } from './source-parsers.ts';

const SAMPLES = join(import.meta.dirname, 'samples');
const CONTEXT = { receivedAt: Date.UTC(2026, 2, 1, 12), source: 'sample', peer: '192.0.2.250' };

function shown(result: ParseResult, parser: string): unknown[] {
  if (result === null) return [];
  if (result instanceof Rejection) return [{ rejected: result.code, reason: result.reason }];
  const events = Array.isArray(result) ? result : [result];
  normalise(events);
  return events.map((event) => {
    const {
      'vedette.lane': lane,
      'vedette.source': source,
      'event.ingested': ingested,
      ...fields
    } = flattenEvent(event);
    expect([lane, source, ingested]).toEqual(['live', 'sample', CONTEXT.receivedAt]);
    const timestamp = new Date(event.timestamp).toISOString();
    return { parser, logsource: event.logsource, ...fields, '@timestamp': timestamp };
  });
}

function parseSample(file: string): unknown[] {
  const sources = createSourceParsers();
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  const results = lines.flatMap((line) => {
    const result = sources.parse('sample', '', line, CONTEXT);
    return shown(result, sources.parserOf('sample'));
  });
  return [...results, ...shown(sources.flush('sample', CONTEXT), sources.parserOf('sample'))];
}

for (const name of readdirSync(SAMPLES)) {
  for (const log of readdirSync(join(SAMPLES, name)).filter((file) => file.endsWith('.log'))) {
    test(`sample ${name}/${log}`, () => {
      const golden = join(SAMPLES, name, `${basename(log, '.log')}.expected.json`);
      const actual = `${JSON.stringify(parseSample(join(SAMPLES, name, log)), null, 2)}\n`;
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, actual);
      expect(existsSync(golden), `${golden} is missing: run with UPDATE_GOLDEN=1 and read what it says`).toBe(true);
      expect(actual).toBe(readFileSync(golden, 'utf8'));
    });
  }
}

test('every parser has its own name', () => {
  expect(parserByName.size).toBe(parsers.length);
});

test('raw is set only where an event is made of several lines', () => {
  const sources = createSourceParsers();
  const line = 'Feb 27 08:14:05 bastion sshd[4121]: Failed password for root from 198.51.100.23 port 51516 ssh2';
  expect((sources.parse('s', '', line, CONTEXT) as EcsEvent).raw).toBe('');
  const record = ['Date: 2026-02-06 21:25:18,538', 'Event Type: Scan Started', 'User: joseph'];
  for (const part of record) expect(sources.parse('av', '', part, CONTEXT)).toBeNull();
  expect(sources.held()).toEqual(['av']);
  expect(sources.flush('av', CONTEXT).map((event) => event.raw)).toEqual([record.join('\n')]);
  expect(sources.flush('av', CONTEXT)).toEqual([]);
});
