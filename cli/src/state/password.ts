/** A password comes from standard input or is typed unseen; never from an argument, which other users could see. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { CommandError } from '../output/command-error.ts';

export async function readPassword(fromStdin: boolean): Promise<string> {
  if (fromStdin) return (await text(process.stdin)).replace(/\r?\n$/, '');
  if (process.stdin.isTTY !== true) {
    throw new CommandError('there is no terminal to ask for the password on; use --password-stdin', 2);
  }
  const password = await askUnseen('Password: ');
  if (password !== (await askUnseen('Again:    '))) throw new CommandError('the two passwords differ', 2);
  return password;
}

async function askUnseen(question: string): Promise<string> {
  process.stderr.write(question);
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: unseen, terminal: true });
  // Ctrl-C at the question ends the command, as it does anywhere else.
  terminal.on('SIGINT', () => {
    terminal.close();
    process.exit(1);
  });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
