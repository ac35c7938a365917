/** `vedette user`: people who sign in, managed on the machine that holds the data folder. */
import { newUserSchema, passwordSchema, ROLES, type Role } from '@vedette/contracts';
import { findUserByName, listUsers, type UserRow } from '@vedette/server/store/state/users.ts';
import { Option, type Command } from 'commander';
import type { z } from 'zod';
import { CommandError } from '../output/command-error.ts';
import { printRows } from '../output/listing.ts';
import { jsonLine, onStdout, print } from '../output/terminal.ts';
import { CONFIG_OPTION, DATA_OPTION, withAccess, type DataOptions, type LocalAccess } from '../state/local-access.ts';
import { readPassword } from '../state/password.ts';

interface UserOptions extends DataOptions {
  username: string;
  role: Role;
  passwordStdin?: boolean;
  json?: boolean;
}

const HELP = `
Works with the server running or stopped; deactivation and a new password end the user's sessions at once.

Examples:
  vedette user create --data ./data --username anna --role admin
  printf %s "$PASSWORD" | vedette user create --username ci --role analyst --password-stdin
  vedette user deactivate --username anna

Exit codes: 0 done, 1 failed (the name is taken, the last administrator would go, …), 2 wrong usage.`;

export function defineUser(program: Command): void {
  const user = program.command('user').description('create, list and change users').addHelpText('after', HELP);
  const command = (name: string, description: string): Command =>
    user
      .command(name)
      .description(description)
      .option(...DATA_OPTION)
      .option(...CONFIG_OPTION);
  const role = new Option('--role <role>', 'what the user may do').choices([...ROLES]).makeOptionMandatory();
  const username = ['--username <name>', 'name to sign in with'] as const;
  const stdin = ['--password-stdin', 'read the password from standard input'] as const;
  const json = ['--json', 'print JSON'] as const;

  command('create', 'create a user')
    .requiredOption(...username)
    .addOption(role)
    .option(...stdin)
    .option(...json)
    .action(create);
  command('list', 'list all users')
    .option(...json)
    .action(list);
  command('set-password', 'give a user a new password')
    .requiredOption(...username)
    .option(...stdin)
    .action(setPassword);
  command('deactivate', 'keep a user from signing in')
    .requiredOption(...username)
    .action(setActive(false));
  command('activate', 'let a deactivated user sign in again')
    .requiredOption(...username)
    .action(setActive(true));
}

async function create({ username, role, passwordStdin, json, ...data }: UserOptions): Promise<void> {
  checked(newUserSchema.omit({ password: true }), { username, role });
  const password = checked(passwordSchema, await readPassword(passwordStdin === true));
  await withAccess(data, { create: true }, async ({ access, actor }) => {
    const made = await access.accounts.create({ username, password, role }, actor);
    if (typeof made === 'string') throw new CommandError(FAILURES[made] ?? made);
    print(json ? jsonLine(shown(made)) : onStdout.green(`created ${role} ${username}`));
  });
}

async function list({ json, ...data }: UserOptions): Promise<void> {
  await withAccess(data, { create: false }, async ({ state }) => {
    const users = await listUsers(state.db);
    if (json) return users.forEach((user) => print(jsonLine(shown(user))));
    const rows = users
      .map(shown)
      .map((user) => [
        user.username,
        user.role,
        user.active ? 'active' : 'deactivated',
        user.createdAt,
        user.lastLoginAt ?? 'never',
      ]);
    printRows(['name', 'role', 'state', 'created', 'last sign-in'], rows, 'There are no users yet.');
  });
}

async function setPassword({ username, passwordStdin, ...data }: UserOptions): Promise<void> {
  const password = checked(passwordSchema, await readPassword(passwordStdin === true));
  await withAccess(data, { create: false }, async (local) => {
    await patch(local, username, { password });
    print(onStdout.green(`${username} has a new password and is signed out everywhere`));
  });
}

const setActive =
  (active: boolean) =>
  async ({ username, ...data }: UserOptions): Promise<void> => {
    await withAccess(data, { create: false }, async (local) => {
      await patch(local, username, { active });
      print(onStdout.green(active ? `${username} may sign in again` : `${username} is deactivated and signed out`));
    });
  };

async function patch(
  { state, access, actor }: LocalAccess,
  username: string,
  change: { password?: string; active?: boolean },
): Promise<void> {
  const user = await findUserByName(state.db, username);
  if (!user) throw new CommandError(`there is no user ${username}; see: vedette user list`);
  const changed = await access.accounts.patch(user.id, change, actor);
  if (typeof changed === 'string') throw new CommandError(FAILURES[changed] ?? changed);
}

const FAILURES: Readonly<Record<string, string>> = {
  conflict: 'a user with this name exists already; see: vedette user list',
  last_admin: 'this is the last active administrator; make another one first',
};

function checked<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new CommandError(result.error.issues.map((issue) => [...issue.path, issue.message].join(': ')).join(' '), 2);
}

function shown(user: UserRow) {
  return {
    id: user.id,
    username: user.username,
    role: user.role,
    active: user.active === 1,
    createdAt: new Date(user.created_at).toISOString(),
    lastLoginAt: user.last_login_at === null ? null : new Date(user.last_login_at).toISOString(),
  };
}
