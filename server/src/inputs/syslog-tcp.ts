/**
 * Syslog over TCP and TLS. The framing is detected for each connection (RFC 6587); whole frames go to the journal as
 * they came, and a connection is read no further while its bytes wait to become durable. A frame that is too large or
 * broken goes to quarantine with its first bytes and closes that connection only; so does a frame that is never finished.
 * Connections beyond the limit are refused at once.
 */
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { createFrameSplitter } from '@vedette/collect';
import type { FrameError, Frames } from '@vedette/collect';
import type { Lane } from '@vedette/contracts';
import type { RecordMeta } from '../journal/journal.ts';
import type { Input, InputDependencies } from './input.ts';
import { createIntake } from './intake.ts';
import { createSenders, plainAddress } from './senders.ts';

export interface SyslogTcpOptions {
  port: number;
  allowFrom: readonly string[];
  /** Makes it syslog over TLS. With `clientCa` senders need a certificate of that CA, and may come from anywhere. */
  tls?: { key: string; cert: string; clientCa?: string };
  lane?: Lane;
  maxFrameBytes?: number;
  maxConnections?: number;
  /** Connections that send nothing for so long are closed, ms. Closing a quiet sender loses its next message, so: long. */
  idleMs?: number;
  /** A frame must be whole this long after its first bytes, ms. */
  frameMs?: number;
  /** How long the TLS handshake may take, ms. */
  handshakeMs?: number;
}

/** Bytes of one connection that may wait for the journal before it is read no further. */
const MAX_WAITING_BYTES = 1024 * 1024;
const STOP_GRACE_MS = 2000;

export function createSyslogTcp(dependencies: InputDependencies, options: SyslogTcpOptions): Input {
  const { now, logger } = dependencies;
  const { port, tls, lane = 'live', maxFrameBytes = 1024 * 1024, maxConnections = 2000 } = options;
  const { idleMs = 24 * 3_600_000, frameMs = 120_000, handshakeMs = 10_000 } = options;
  const name = tls ? 'syslog-tls' : 'syslog-tcp';
  const intake = createIntake(dependencies);
  const senders = createSenders(options.allowFrom);
  const hosts = tls?.clientCa === undefined ? senders.hosts : ['::', '0.0.0.0'];
  const connections = new Map<Socket, { finished: Promise<void>; heldSince: () => number }>();
  let sweeping: NodeJS.Timeout | undefined;
  let server: Server | null = null;
  let address = `${hosts[0]}:${port}`;
  let refused = 0;
  let lost = 0;
  let closedForError = 0;

  function mayConnect(socket: Socket): boolean {
    if (tls?.clientCa !== undefined || senders.allows(socket.remoteAddress ?? '')) return true;
    refused++;
    socket.destroy();
    return false;
  }

  function onConnection(socket: Socket): void {
    const peer = plainAddress(socket.remoteAddress ?? '');
    const splitter = createFrameSplitter({ maxFrameBytes });
    let chunks: Buffer[] = [];
    let waitingBytes = 0;
    let ended = false;
    let failed = false;
    let working = false;
    /** Since when the first bytes of a frame wait for the rest of it; 0 when none do. */
    let heldSince = 0;
    let finish: () => void = () => undefined;
    connections.set(socket, {
      finished: new Promise((resolve) => (finish = resolve)),
      heldSince: () => heldSince,
    });

    const meta = (framing: RecordMeta['framing']): RecordMeta => ({
      source: `syslog ${peer}`,
      input: name,
      lane,
      framing,
      format: '',
      receivedAt: now(),
      peer,
    });

    async function keep(frames: Buffer[], count: number, framing: Frames['framing']): Promise<void> {
      if (frames.length === 0) return;
      const payload = frames.length === 1 ? frames[0]! : Buffer.concat(frames);
      if (!(await intake.append(meta(framing), payload, count))) lost += count;
    }

    async function fail(error: FrameError): Promise<void> {
      failed = true;
      closedForError++;
      chunks = [];
      socket.destroy();
      const rejection = { code: error.code, reason: error.reason };
      if (!(await intake.append({ ...meta('rejected'), rejection }, error.head, 1))) lost++;
    }

    /** Splits and appends what has come, together with what comes while the last append is under way. */
    async function work(): Promise<void> {
      working = true;
      while (!failed && chunks.length > 0) {
        const taken = chunks;
        chunks = [];
        const frames: Buffer[] = [];
        let last: Frames | null = null;
        let count = 0;
        for (const chunk of taken) {
          last = splitter.push(chunk);
          if (last.payload) frames.push(last.payload);
          count += last.count;
          if (last.error) break;
        }
        await keep(frames, count, last!.framing);
        if (last!.error) await fail(last!.error);
        if (splitter.held === 0) heldSince = 0;
        else if (count > 0 || heldSince === 0) heldSince = now();
        waitingBytes -= taken.reduce((sum, chunk) => sum + chunk.length, 0);
        if (socket.isPaused() && waitingBytes < MAX_WAITING_BYTES && !failed) socket.resume();
      }
      working = false;
      if (!ended) return;
      if (!failed) {
        failed = true;
        const { payload, count, framing, error } = splitter.end();
        if (payload) await keep([payload], count, framing);
        if (error) await fail(error);
      }
      connections.delete(socket);
      finish();
    }

    socket.setTimeout(idleMs, () => socket.destroy());
    socket.setKeepAlive(true, 60_000);
    socket.on('data', (chunk: Buffer) => {
      if (failed) return;
      chunks.push(chunk);
      waitingBytes += chunk.length;
      if (waitingBytes >= MAX_WAITING_BYTES) socket.pause();
      if (!working) void work();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      ended = true;
      if (!working) void work();
    });
  }

  /** Ends connections that began a frame and do not finish it; what they sent is kept as at any other end. */
  function sweep(): void {
    for (const [socket, { heldSince }] of connections) {
      if (heldSince() !== 0 && now() - heldSince() > frameMs) socket.destroy();
    }
  }

  return {
    name,
    async start() {
      server = await listen(hosts, port, () => {
        if (!tls) return createServer((socket) => mayConnect(socket) && onConnection(socket));
        const { key, cert, clientCa } = tls;
        const mutual = clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: true };
        const secure = createTlsServer({ key, cert, ...mutual, handshakeTimeout: handshakeMs }, onConnection);
        secure.on('connection', mayConnect);
        secure.on('tlsClientError', (error) => logger.info({ err: error }, 'a syslog sender failed the TLS handshake'));
        return secure;
      });
      sweeping = setInterval(sweep, Math.min(5000, frameMs)).unref();
      server.maxConnections = maxConnections;
      server.on('drop', () => refused++);
      server.on('error', (error) => logger.error({ err: error }, `the ${name} socket failed`));
      const bound = server.address();
      if (bound && typeof bound === 'object') {
        address = `${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`;
      }
    },
    async stop() {
      clearInterval(sweeping);
      const open = server;
      server = null;
      const closed = new Promise<void>((resolve) => (open ? open.close(() => resolve()) : resolve()));
      const finished = [...connections].map(([socket, { finished }]) => {
        socket.destroySoon();
        return finished;
      });
      const grace = setTimeout(() => {
        intake.stop();
        for (const socket of connections.keys()) socket.destroy();
      }, STOP_GRACE_MS);
      await Promise.all(finished);
      clearTimeout(grace);
      await closed;
    },
    status: () => ({
      name,
      address,
      ok: server !== null && intake.trouble === '',
      message:
        intake.trouble ||
        [
          refused > 0 ? `${refused} connections refused` : '',
          closedForError > 0 ? `${closedForError} connections closed for broken frames` : '',
        ]
          .filter((part) => part !== '')
          .join(', '),
      received: intake.received,
      dropped: refused + lost,
    }),
  };
}

async function listen(hosts: readonly string[], port: number, create: () => Server): Promise<Server> {
  for (const [i, host] of hosts.entries()) {
    const server = create();
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen({ port, host, backlog: 1024 }, () => {
          server.off('error', reject);
          resolve();
        });
      });
      return server;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (i + 1 < hosts.length && (code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL')) continue;
      throw new Error(`syslog over TCP cannot listen on ${host}:${port} (${code ?? String(error)})`, { cause: error });
    }
  }
  throw new Error('syslog over TCP has no address to listen on');
}
