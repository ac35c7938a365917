/**
 * Reads the command line and runs one command. Exit codes, the same for every command: 0 done, 1 failed (the reason is on
 * stderr), 2 wrong usage. Results go to stdout, everything said about them to stderr, so that pipes stay clean.
 */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { commands } from './commands/index.ts';
import { CommandError } from './output/command-error.ts';
import { onStderr } from './output/terminal.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 wrong usage. NO_COLOR switches colours off.
Every command explains itself: vedette <command> --help`;

export async function run(args: string[]): Promise<number> {
  const program = new Command('vedette')
    .description('Vedette: logs in, explained alerts out')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .addHelpText('after', EXIT_CODES)
    .showHelpAfterError('(add --help for how it is used)')
    .exitOverride();
  const asked = Object.hasOwn(commands, args[0] ?? '') ? [commands[args[0]!]!] : Object.values(commands);
  try {
    for (const load of asked) (await load())(program);
    await program.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): number {
  // Commander has printed its message already; help and version end with 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof CommandError) {
    process.stderr.write(`${onStderr.red('error:')} ${error.message}\n`);
    return error.exitCode;
  }
  process.stderr.write(`${onStderr.red('error:')} ${error instanceof Error ? error.stack : String(error)}\n`);
  return 1;
}
