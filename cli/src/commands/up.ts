/** `vedette up`: the whole server in this terminal. The first Ctrl-C stops it cleanly, the second one at once. */
import { startServer, type RunningServer } from '@vedette/server';
import type { Command } from 'commander';
import { CommandError, reasonOf } from '../output/command-error.ts';
import { note, onStdout, print } from '../output/terminal.ts';
import { CONFIG_OPTION, DATA_OPTION, readConfig, type DataOptions } from '../state/local-access.ts';

interface UpOptions extends DataOptions {
  port?: string;
  syslogPort?: string;
  host?: string;
  tls?: boolean;
  behindProxy?: boolean;
}

const HELP = `
Settings come from the command line, then from VEDETTE_* variables, then from the settings file, then from defaults.

Examples:
  vedette up
  vedette up --data /var/lib/vedette --config /etc/vedette.yaml
  vedette up --host 0.0.0.0 --tls

Exit codes: 0 stopped, 1 the server could not start or stop cleanly, 2 wrong usage or settings.`;

export function defineUp(program: Command): void {
  program
    .command('up')
    .description('start the server')
    .option(...DATA_OPTION)
    .option('--port <port>', 'port of console and API (default: 8431)')
    .option('--syslog-port <port>', 'port of syslog over UDP and TCP (default: 5514)')
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--tls', 'HTTPS with a certificate made at the first start')
    .option('--behind-proxy', 'a proxy in front ends TLS')
    .option(...CONFIG_OPTION)
    .addHelpText('after', HELP)
    .action(up);
}

async function up({ port, syslogPort, host, tls, behindProxy, ...data }: UpOptions): Promise<void> {
  const flags = { data: data.data, port, host, 'syslog.port': syslogPort, 'tls.enabled': tls, behindProxy };
  // Wrong settings are wrong usage; everything later is a failure.
  readConfig(data, flags);
  const server = await startServer({ flags, env: process.env, file: data.config }).catch((error: unknown) => {
    throw new CommandError(
      `${reasonOf(error)}\nvedette doctor checks this machine and says how to mend what is wrong.`,
    );
  });
  introduce(server);
  await interrupted();
  note('Stopping; press Ctrl-C again to stop at once.');
  await server.stop();
}

function introduce({ url, setupLink, inputs, fingerprint, ruleErrors, config }: RunningServer): void {
  const row = (name: string, text: string): void => print(`  ${onStdout.dim(name.padEnd(8))} ${text}`);
  print(onStdout.bold('Vedette is up'));
  row('console', onStdout.cyan(url));
  if (setupLink)
    row('set up', `${onStdout.cyan(setupLink)} ${onStdout.dim('(once, to make the first administrator)')}`);
  row('API', onStdout.cyan(`${url}/api/docs`));
  if (fingerprint !== undefined) row('CA', `SHA-256 ${fingerprint}`);
  inputs
    .map((input) => input.status())
    .forEach(({ name, address }, i) => row(i === 0 ? 'listens' : '', `${name} ${address}`));
  row('data', config.data);
  if (ruleErrors.length > 0) row('rules', `${ruleErrors.length} could not be loaded: vedette rules lint`);
  print(onStdout.dim('  Ctrl-C stops it.'));
}

/** Resolves at the first signal to stop; a second one ends the process at once. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const ask = (): void => {
      if (asked) process.exit(1);
      asked = true;
      resolve();
    };
    process.on('SIGINT', ask);
    process.on('SIGTERM', ask);
  });
}
