/** `vedette doctor`: checks everything that the server needs, and says for each thing how to mend it. */
import type { Command } from 'commander';
import { broken, type Finding } from '../checks/check.ts';
import { checks } from '../checks/index.ts';
import { findRunningServer } from '../checks/running-server.ts';
import { reasonOf } from '../output/command-error.ts';
import { jsonLine, onStdout, print, printable } from '../output/terminal.ts';
import { CONFIG_OPTION, DATA_OPTION, readConfig, type DataOptions } from '../state/local-access.ts';

interface DoctorOptions extends DataOptions {
  port?: string;
  syslogPort?: string;
  host?: string;
  json?: boolean;
}

const HELP = `
Checks Node, memory, limits, clock, data folder, disk, ports, event store, rules and console. Safe while the server runs.

Examples:
  vedette doctor
  vedette doctor --data /var/lib/vedette --json

Exit codes: 0 nothing is broken (there may be warnings), 1 something is broken, 2 wrong usage or settings.`;

export function defineDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check this machine and installation')
    .option(...DATA_OPTION)
    .option(...CONFIG_OPTION)
    .option('--port <port>', 'port of console and API')
    .option('--syslog-port <port>', 'syslog port')
    .option('--host <address>', 'address to listen on')
    .option('--json', 'print JSON, one check a line: {name, status, message, mend}')
    .addHelpText('after', HELP)
    .action(doctor);
}

const MARKS: Readonly<Record<Finding['status'], string>> = {
  ok: onStdout.green('ok     '),
  warning: onStdout.yellow('warning'),
  broken: onStdout.red('broken '),
};

async function doctor({ json, port, syslogPort, host, ...data }: DoctorOptions): Promise<void> {
  const config = readConfig(data, { port, host, 'syslog.port': syslogPort });
  const context = { config, running: await findRunningServer(config) };
  for (const check of checks) {
    const finding = await findingOf(() => check.run(context));
    if (finding.status === 'broken') process.exitCode = 1;
    if (json) print(jsonLine({ name: check.name, ...finding }));
    else {
      print(`${MARKS[finding.status]} ${onStdout.bold(check.name.padEnd(14))} ${printable(finding.message)}`);
      if (finding.mend !== undefined) print(`        ${' '.repeat(14)} → ${printable(finding.mend)}`);
    }
  }
}

async function findingOf(run: () => Promise<Finding> | Finding): Promise<Finding> {
  try {
    return await run();
  } catch (error) {
    return broken(reasonOf(error), 'mend what the message names, then run doctor again');
  }
}
