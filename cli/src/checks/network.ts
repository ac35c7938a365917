/** Ports: free, or held by the very server that is asked about. */
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { isLoopback, unsafeBinding } from '@vedette/server/binding.ts';
import { broken, ok, type Check, type CheckContext, type Finding } from './check.ts';

export const consolePort: Check = {
  name: 'console port',
  run: (context) => portFinding(context, context.config.port, 'port', [tcp]),
};

export const syslogPort: Check = {
  name: 'syslog port',
  run: (context) => portFinding(context, context.config.syslog.port, 'syslog.port', [tcp, udp]),
};

export const binding: Check = {
  name: 'binding',
  run({ config }) {
    const unsafe = unsafeBinding(config);
    if (unsafe !== undefined) return broken(`listens on ${config.host} without TLS`, unsafe);
    return ok(isLoopback(config.host) ? `${config.host}: this machine only` : `${config.host}, protected`);
  },
};

type Probe = (port: number, host: string) => Promise<string>;

async function portFinding(
  { config, running }: CheckContext,
  port: number,
  setting: string,
  probes: readonly Probe[],
): Promise<Finding> {
  for (const probe of probes) {
    const problem = await probe(port, config.host);
    if (problem === '') continue;
    if (problem === 'EADDRINUSE') {
      if (running) return ok(`${port} is held by the running server`);
      return broken(
        `${port} is taken by another program`,
        `stop it (ss -lptun 'sport = :${port}') or choose another ${setting}`,
      );
    }
    if (problem === 'EACCES') return broken(`${port} is not allowed to this user`, `choose a ${setting} above 1023`);
    return broken(
      `${config.host}:${port} cannot be opened (${problem})`,
      'choose an address of this machine with --host',
    );
  }
  return ok(`${port} is free`);
}

/** '' when the port can be opened, else the error code. */
const tcp: Probe = (port, host) =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve('')));
  });

const udp: Probe = (port, host) =>
  new Promise((resolve) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.bind(port, host, () => socket.close(() => resolve('')));
  });
