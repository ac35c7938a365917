/**
 * Sends lines of a file to syslog over TCP from a process of its own: as fast as they are taken, or paced.
 * `node syslog-sender.ts --port 5514 --file FILE [--host 127.0.0.1] [--rate LINES_A_SECOND] [--seconds 60]
 * [--connections 1]`. The file is sent again from its beginning until the time is over. Prints one JSON line at the end:
 * `{lines, bytes, seconds}` of what the socket has taken.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { cutIntoChunks } from './line-chunks.ts';

const { values } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string' },
    file: { type: 'string' },
    rate: { type: 'string', default: '0' },
    seconds: { type: 'string', default: '60' },
    connections: { type: 'string', default: '1' },
  },
});
if (values.port === undefined || values.file === undefined) throw new Error('give --port and --file');
const rate = Number(values.rate) / Number(values.connections);
const milliseconds = Number(values.seconds) * 1000;
// Paced: a chunk every 10 ms or so, so that latency is that of a steady stream.
const chunks = cutIntoChunks(readFileSync(values.file), rate > 0 ? Math.max(1, Math.round(rate / 100)) : 1000);

async function send(socket: Socket): Promise<{ lines: number; bytes: number }> {
  const start = performance.now();
  const sent = { lines: 0, bytes: 0 };
  for (let i = 0; performance.now() - start < milliseconds; i++) {
    const { bytes, lines } = chunks[i % chunks.length]!;
    if (!socket.write(bytes)) await once(socket, 'drain');
    sent.lines += lines;
    sent.bytes += bytes.length;
    const ahead = rate > 0 ? (sent.lines / rate) * 1000 - (performance.now() - start) : 0;
    if (ahead > 1) await pause(ahead);
  }
  socket.end();
  await once(socket, 'close');
  return sent;
}

const sockets = await Promise.all(
  Array.from({ length: Number(values.connections) }, async () => {
    const socket = connect(Number(values.port), values.host);
    await once(socket, 'connect');
    socket.resume();
    return socket;
  }),
);
const start = performance.now();
const results = await Promise.all(sockets.map(send));
console.log(
  JSON.stringify({
    lines: results.reduce((sum, { lines }) => sum + lines, 0),
    bytes: results.reduce((sum, { bytes }) => sum + bytes, 0),
    seconds: (performance.now() - start) / 1000,
  }),
);
