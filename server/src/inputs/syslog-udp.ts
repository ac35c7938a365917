/**
 * Syslog over UDP: each datagram is one message (RFC 5426). Datagrams of one sender that arrive together become one
 * record, each with its length in front, so that their bytes stay exact. A datagram that comes while too much waits for
 * the journal is dropped and counted, and so are those that the kernel had no room for.
 */
import { createSocket } from 'node:dgram';
import type { RemoteInfo, Socket } from 'node:dgram';
import { readFile } from 'node:fs/promises';
import type { Lane } from '@vedette/contracts';
import type { Input, InputDependencies } from './input.ts';
import { createIntake } from './intake.ts';
import { createSenders, plainAddress } from './senders.ts';

/** Datagrams that may wait in memory while the journal is full or slow. */
const MAX_WAITING_BYTES = 32 * 1024 * 1024;
const RECORD_BYTES = 512 * 1024;
/** Senders that are told apart at a time: forged addresses must not make a record each. */
const MAX_PEERS = 1000;
const RECEIVE_BUFFER_BYTES = 8 * 1024 * 1024;
const DROPS_EVERY_MS = 5000;

export interface SyslogUdpOptions {
  port: number;
  allowFrom: readonly string[];
  lane?: Lane;
}

interface Waiting {
  pieces: Buffer[];
  bytes: number;
  count: number;
}

export function createSyslogUdp(dependencies: InputDependencies, options: SyslogUdpOptions): Input {
  const { now, logger } = dependencies;
  const { port, lane = 'live' } = options;
  const intake = createIntake(dependencies);
  const senders = createSenders(options.allowFrom);
  let socket: Socket | null = null;
  let address = `${senders.hosts[0]}:${port}`;
  let waiting = new Map<string, Waiting>();
  let waitingBytes = 0;
  let flushing: Promise<void> | null = null;
  let refused = 0;
  let overflowed = 0;
  let dropsBefore = 0;
  let kernelDrops = 0;
  let timer: NodeJS.Timeout | undefined;

  function onMessage(message: Buffer, { address: from }: RemoteInfo): void {
    if (!senders.allows(from)) {
      refused++;
      return;
    }
    if (message.length === 0) return;
    const peer = plainAddress(from);
    let queue = waiting.get(peer);
    if (waitingBytes + message.length > MAX_WAITING_BYTES || (!queue && waiting.size >= MAX_PEERS)) {
      overflowed++;
      return;
    }
    if (!queue) waiting.set(peer, (queue = { pieces: [], bytes: 0, count: 0 }));
    const header = Buffer.from(`${message.length} `, 'latin1');
    queue.pieces.push(header, message);
    queue.bytes += header.length + message.length;
    queue.count++;
    waitingBytes += message.length;
    flushing ??= flush();
  }

  /** Appends all that waits, and what comes meanwhile. Datagrams of one event loop turn go together. */
  async function flush(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.size > 0) {
      const batch = waiting;
      waiting = new Map();
      await Promise.all([...batch].map(([peer, queue]) => appendQueue(peer, queue)));
    }
    flushing = null;
  }

  async function appendQueue(peer: string, { pieces }: Waiting): Promise<void> {
    for (let at = 0; at < pieces.length;) {
      const first = at;
      let bytes = 0;
      while (at < pieces.length && (at === first || bytes < RECORD_BYTES)) {
        bytes += pieces[at]!.length + pieces[at + 1]!.length;
        at += 2;
      }
      const meta = {
        source: `syslog ${peer}`,
        input: 'syslog-udp',
        lane,
        framing: 'octets' as const,
        format: '',
        receivedAt: now(),
        peer,
      };
      const count = (at - first) / 2;
      const taken = pieces.slice(first, at);
      if (!(await intake.append(meta, Buffer.concat(taken, bytes), count))) overflowed += count;
      for (let i = 1; i < taken.length; i += 2) waitingBytes -= taken[i]!.length;
    }
  }

  async function countKernelDrops(): Promise<void> {
    const bound = socket?.address().port;
    if (bound === undefined) return;
    const drops = await readKernelDrops(bound);
    if (drops > dropsBefore) {
      logger.warn(
        { drops: drops - dropsBefore },
        'the kernel dropped syslog datagrams: they come faster than they are read',
      );
      kernelDrops += drops - dropsBefore;
    }
    dropsBefore = drops;
  }

  return {
    name: 'syslog-udp',
    async start() {
      socket = await bind(senders.hosts, port);
      socket.on('message', onMessage);
      socket.on('error', (error) => logger.error({ err: error }, 'the syslog UDP socket failed'));
      // The system may grant less (net.core.rmem_max); whatever it grants is enough for a hiccup.
      try {
        socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
      } catch (error) {
        logger.warn({ err: error }, 'the receive buffer of syslog UDP could not be enlarged');
      }
      const bound = socket.address();
      address = `${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`;
      dropsBefore = await readKernelDrops(bound.port);
      timer = setInterval(() => void countKernelDrops(), DROPS_EVERY_MS).unref();
    },
    async stop() {
      clearInterval(timer);
      await countKernelDrops();
      const open = socket;
      socket = null;
      if (open) await new Promise<void>((resolve) => open.close(() => resolve()));
      intake.stop();
      await flushing;
    },
    status: () => ({
      name: 'syslog-udp',
      address,
      ok: socket !== null && intake.trouble === '',
      message: intake.trouble || (refused > 0 ? `${refused} datagrams from senders that are not allowed` : ''),
      received: intake.received,
      dropped: refused + overflowed + kernelDrops,
    }),
  };
}

async function bind(hosts: readonly string[], port: number): Promise<Socket> {
  for (const [i, host] of hosts.entries()) {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.bind({ port, address: host }, () => {
          socket.off('error', reject);
          resolve();
        });
      });
      return socket;
    } catch (error) {
      socket.close();
      const { code } = error as NodeJS.ErrnoException;
      if (i + 1 < hosts.length && (code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL')) continue;
      throw new Error(`syslog over UDP cannot listen on ${host}:${port} (${code ?? String(error)})`, { cause: error });
    }
  }
  throw new Error('syslog over UDP has no address to listen on');
}

/** Datagrams that the kernel dropped at sockets of this port since they were opened; 0 where the system does not tell. */
export async function readKernelDrops(port: number): Promise<number> {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  let drops = 0;
  for (const file of ['/proc/net/udp', '/proc/net/udp6']) {
    const text = await readFile(file, 'latin1').catch(() => '');
    for (const line of text.split('\n').slice(1)) {
      const columns = line.trim().split(/ +/);
      if (columns[1]?.endsWith(`:${wanted}`)) drops += Number(columns.at(-1)) || 0;
    }
  }
  return drops;
}
