/** No parser throws, loses its way or takes more than linear time, whatever the line. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { EcsEvent } from '@vedette/contracts';
import { expect, test } from 'vitest';
import { canonicalAddress } from '../normalise/address.ts';
import { normalise } from '../normalise/normalise.ts';
import { Rejection, type ParseResult } from '../pipeline/result.ts';
import { parsers } from './index.ts';
import { createSourceParsers } from './source-parsers.ts';

const CONTEXT = { receivedAt: Date.UTC(2026, 2, 1, 12), source: 's', peer: '' };
const SAMPLES = join(import.meta.dirname, 'samples');
const lines = readdirSync(SAMPLES)
  .flatMap((name) => readdirSync(join(SAMPLES, name)).map((file) => join(SAMPLES, name, file)))
  .filter((file) => file.endsWith('.log'))
  .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
  .filter((line) => line !== '');

/** A sample line cut, spliced with another, or with characters replaced by nasty ones. */
const mutated = fc
  .record({
    line: fc.constantFrom(...lines),
    other: fc.constantFrom(...lines),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    insert: fc.oneof(
      fc.string(),
      fc.constantFrom('\0', '"', '\\', '[', '{', ' from ', '99999999999', '\ud800', '__proto__'),
    ),
    kind: fc.constantFrom('cut', 'splice', 'insert', 'drop'),
  })
  .map(({ line, other, at, insert, kind }) => {
    const index = Math.floor(at * line.length);
    if (kind === 'cut') return line.slice(0, index);
    if (kind === 'splice') return line.slice(0, index) + other.slice(Math.floor(at * other.length));
    return kind === 'insert'
      ? line.slice(0, index) + insert + line.slice(index)
      : line.slice(0, index) + line.slice(index + 1);
  });
const anyLine = fc.oneof(mutated, fc.string({ unit: 'binary', maxLength: 300 }), fc.json());

function check(result: ParseResult): void {
  if (result === null || result instanceof Rejection) return;
  const events = Array.isArray(result) ? result : [result];
  normalise(events);
  for (const event of events) {
    expect(event).toBeInstanceOf(EcsEvent);
    expect(Number.isFinite(event.timestamp) && event.timestamp > 0).toBe(true);
    expect(event.severity).toBeGreaterThanOrEqual(0);
    expect(event.severity).toBeLessThanOrEqual(15);
    expect(event.dataset === '' ? 'none' : event.sourceType).not.toBe('');
    for (const ip of [event.sourceIp, event.destinationIp]) expect(canonicalAddress(ip)).toBe(ip);
    for (const port of [event.sourcePort, event.destinationPort]) expect(port >= 0 && port <= 65535).toBe(true);
    for (const count of [event.processPid, event.httpStatus, event.sourceBytes, event.destinationBytes]) {
      expect(Number.isSafeInteger(count) && count >= 0).toBe(true);
    }
  }
}

for (const parser of parsers) {
  test(`${parser.name}: any line gives an event, nothing, or a rejection`, () => {
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 4 }), (some) => {
        const session = parser.open();
        for (const line of some) {
          const score = parser.detect(line);
          expect(score >= 0 && score <= 1).toBe(true);
          check(session.parse(line, CONTEXT));
        }
        if (session.flush) check(session.flush(CONTEXT));
      }),
      { numRuns: 150 },
    );
  });
}

test('a source of any lines in any order never fails', () => {
  fc.assert(
    fc.property(fc.array(anyLine, { maxLength: 12 }), (some) => {
      const sources = createSourceParsers();
      for (const line of some) {
        const result = sources.parse('s', '', line, CONTEXT);
        if (result instanceof Rejection) expect(result.reason).not.toContain(' failed: ');
        else check(result);
      }
    }),
    { numRuns: 300 },
  );
});

/** Half a million characters of each: work that grows with the square of the length would run into the test's time limit. */
test('endless repetitions of what parsers look for are read in one pass', () => {
  const pieces = [
    ' from ',
    ' port ',
    ': ',
    '"',
    '\\"',
    ' [',
    '[',
    ' - ',
    '=',
    'a=',
    '|',
    '\\|',
    "'",
    '\x1d',
    ' ; ',
    ', client: ',
    '(',
    '\\x41',
    '{"',
    ':',
    '::',
    '0',
  ];
  const heads = [
    '',
    'Feb 27 08:14:05 h sshd[1]: Failed password for ',
    'Feb 27 08:14:05 h sudo: a : ',
    "type=USER_AUTH msg=audit(1772186402.5:3): pid=1 msg='acct=",
    'type=EXECVE msg=audit(1772186402.5:3): a0=',
    'CEF:0|',
    '<1>1 2026-02-27T10:00:00Z h a 1 i [',
    '[Fri Feb 27 12:00:04 2026] [error]',
    '2026/02/27 12:00:00 [error] 1#1: ',
    '2026-02-06 12:00:00,000 - i - low_severity - ',
    '[2026-02-06 21:03:47,072] - l - ',
    '1.2.3.4 - - [27/Feb/2026:12:00:00 +0200] "',
    'Date: 2026-02-06 21:25:18',
    'Feb 27 08:14:05 h sshd[1]: pam_unix(sshd:auth): authentication failure; rhost=',
  ];
  for (const head of heads) {
    for (const piece of pieces) {
      const line = head + piece.repeat(Math.floor(500_000 / piece.length));
      for (const parser of parsers) {
        parser.detect(line);
        check(parser.open().parse(line, CONTEXT));
      }
    }
  }
});
