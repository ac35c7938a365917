/**
 * Posts events as NDJSON from a process of its own: `node http-sender.ts --url http://127.0.0.1:8431 --kind windows
 * [--rate EVENTS_A_SECOND] [--seconds 60] [--connections 4]`, the API key in VEDETTE_KEY. A full journal (429) is waited
 * for as it asks. Prints `{lines, bytes, seconds}` of what was accepted; fails when an event is rejected.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { feed, report } from './feed.ts';
import type { LineKind } from './varied-lines.ts';

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    kind: { type: 'string', default: 'windows' },
    rate: { type: 'string', default: '0' },
    seconds: { type: 'string', default: '60' },
    connections: { type: 'string', default: '4' },
  },
});
const key = process.env['VEDETTE_KEY'];
if (values.url === undefined || key === undefined) throw new Error('give --url, and the API key in VEDETTE_KEY');
const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' };
const url = `${values.url}/api/v1/events`;

const fed = await feed({
  kind: values.kind as LineKind,
  rate: Number(values.rate),
  seconds: Number(values.seconds),
  linesEach: 500,
  lanes: Number(values.connections),
  async send({ bytes, lines }) {
    for (;;) {
      const response = await fetch(url, { method: 'POST', headers, body: new Uint8Array(bytes) });
      const answer = (await response.json()) as { accepted?: number };
      if (response.status === 429) {
        await pause(Number(response.headers.get('retry-after') ?? 1) * 1000);
        continue;
      }
      if (!response.ok || answer.accepted !== lines)
        throw new Error(`of ${lines} events these were accepted: ${response.status} ${JSON.stringify(answer)}`);
      return;
    }
  },
});
report(fed);
