/**
 * From the last line of an attack to the alert at a browser: each attack is eight password failures from an address of its
 * own, sent by syslog or HTTP while other lines flow beside; the alert is awaited on the live stream (SSE).
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { startBenchServer, startFeeder, type BenchServer } from './bench-server.ts';
import { readMetrics } from './metrics.ts';
import { syslogClock } from './varied-lines.ts';

export interface AlertLatency {
  way: string;
  attacks: number;
  /** Attacks whose alert did not come within ten seconds. */
  missed: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
  /** Events a second that were stored meanwhile. */
  beside: number;
}

const FAILURES = 8;
const TIMEOUT_MS = 10_000;
/** Not a multiple of what the pipeline gathers for, so that attacks meet it at every moment. */
const BETWEEN_MS = 137;

export async function benchAlertLatency(
  attacks: number,
  rate: number,
  progress: (message: string) => void,
): Promise<AlertLatency[]> {
  const server = await startBenchServer({ sigmaHq: true });
  const background = startFeeder('./file-feeder.ts', [
    ...['--kind', 'sshd', '--rate', String(rate), '--seconds', '86400'],
    ...['--to', server.logs],
  ]);
  background.allow(Number.MAX_SAFE_INTEGER);
  try {
    await pause(8000);
    const alerts = await watchAlerts(server);
    const tcp = connect(server.syslogPort, '127.0.0.1');
    await once(tcp, 'connect');
    const udp = createSocket('udp4');
    const ways: [way: string, send: (lines: readonly string[]) => Promise<unknown>][] = [
      ['syslog UDP', (lines) => Promise.all(lines.map((line) => sendDatagram(udp, server.syslogPort, line)))],
      ['syslog TCP', (lines) => new Promise((sent) => tcp.write(`${lines.join('\n')}\n`, () => sent(null)))],
      ['HTTP', (lines) => server.post('/api/v1/events?source=attack', server.apiKey, lines.join('\n'), TEXT)],
    ];
    const results: AlertLatency[] = [];
    for (const [index, [way, send]] of ways.entries()) {
      progress(`${attacks} attacks by ${way}`);
      const before = await readMetrics(server.url);
      const times = await measure(attacks, index, send, alerts);
      const after = await readMetrics(server.url);
      const arrived = times.filter((time) => time !== null).sort((a, b) => a - b);
      const at = (share: number): number =>
        arrived[Math.min(arrived.length - 1, Math.floor(arrived.length * share))] ?? NaN;
      results.push({
        way,
        attacks,
        missed: attacks - arrived.length,
        p50Ms: at(0.5),
        p99Ms: at(0.99),
        maxMs: at(1),
        beside: ((after.events - before.events) / (after.at - before.at)) * 1000,
      });
    }
    alerts.close();
    udp.close();
    tcp.destroy();
    return results;
  } finally {
    await background.stop();
    await server.dispose();
  }
}

const TEXT = { 'content-type': 'text/plain' };

function sendDatagram(socket: ReturnType<typeof createSocket>, port: number, line: string): Promise<void> {
  return new Promise((sent, failed) =>
    socket.send(line, port, '127.0.0.1', (error) => (error ? failed(error) : sent())),
  );
}

/** Attacks follow one another without waiting for the alerts. Null for an alert that did not come. */
async function measure(
  attacks: number,
  network: number,
  send: (lines: readonly string[]) => Promise<unknown>,
  alerts: AlertWatch,
): Promise<(number | null)[]> {
  const waiting: Promise<number | null>[] = [];
  for (let attack = 0; attack < attacks; attack++) {
    const address = `198.18.${network * 64 + (attack >> 8)}.${attack & 255}`;
    const lines = Array.from(
      { length: FAILURES },
      (_, i) =>
        `<86>${syslogClock(Date.now())} gate sshd[${4000 + attack}]: Failed password for root from ${address} port ${30_000 + i} ssh2`,
    );
    const started = performance.now();
    const seen = alerts.of(address, TIMEOUT_MS);
    await send(lines);
    waiting.push(seen.then((at) => (at === null ? null : at - started)));
    await pause(BETWEEN_MS);
  }
  return Promise.all(waiting);
}

interface AlertWatch {
  /** When the first alert that names the address arrived, performance.now(). */
  of(address: string, timeoutMs: number): Promise<number | null>;
  close(): void;
}

async function watchAlerts(server: BenchServer): Promise<AlertWatch> {
  const ending = new AbortController();
  const response = await fetch(`${server.url}/api/v1/live?topics=alerts`, {
    headers: { authorization: `Bearer ${server.apiKey}` },
    signal: ending.signal,
  });
  if (!response.ok || !response.body) throw new Error(`the live stream answered ${response.status}`);
  const waiting = new Map<string, (at: number) => void>();
  const read = async (body: ReadableStream<Uint8Array>): Promise<void> => {
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true });
      const messages = text.split('\n\n');
      text = messages.pop()!;
      for (const message of messages) {
        for (const [, address] of message.matchAll(/"value":"(198\.18\.[\d.]+)"/g))
          waiting.get(address!)?.(performance.now());
      }
    }
  };
  read(response.body).catch((error: unknown) => {
    if (!ending.signal.aborted) throw error;
  });
  return {
    async of(address, timeoutMs) {
      const arrived = new Promise<number>((seen) => waiting.set(address, seen));
      const at = await Promise.race([arrived, pause(timeoutMs, null, { ref: false })]);
      waiting.delete(address);
      return at;
    },
    close: () => ending.abort(),
  };
}
