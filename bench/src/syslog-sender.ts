/**
 * Sends sshd lines as syslog over TCP from a process of its own: as fast as the receiver reads, or paced.
 * `node syslog-sender.ts --port 5514 [--host 127.0.0.1] [--kind sshd] [--rate LINES_A_SECOND] [--seconds 60]
 * [--connections 1]`. Prints `{lines, bytes, seconds}` of what the sockets have taken.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { parseArgs } from 'node:util';
import { feed, report } from './feed.ts';
import type { LineKind } from './varied-lines.ts';

const { values } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string' },
    kind: { type: 'string', default: 'sshd' },
    rate: { type: 'string', default: '0' },
    seconds: { type: 'string', default: '60' },
    connections: { type: 'string', default: '1' },
  },
});
if (values.port === undefined) throw new Error('give --port');
const sockets = await Promise.all(
  Array.from({ length: Number(values.connections) }, async () => {
    const socket = connect(Number(values.port), values.host);
    await once(socket, 'connect');
    socket.resume();
    return socket;
  }),
);

const fed = await feed({
  kind: values.kind as LineKind,
  rate: Number(values.rate),
  seconds: Number(values.seconds),
  linesEach: 1000,
  lanes: sockets.length,
  send: ({ bytes }, lane) =>
    new Promise((taken, failed) => sockets[lane]!.write(bytes, (error) => (error ? failed(error) : taken()))),
});
await Promise.all(
  sockets.map(async (socket) => {
    socket.end();
    await once(socket, 'close');
  }),
);
report(fed);
