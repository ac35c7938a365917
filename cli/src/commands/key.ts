/** `vedette key`: API keys for log shippers and programs, managed on the machine that holds the data folder. */
import { newKeySchema, SCOPES, type Scope } from '@vedette/contracts';
import { findKey, listKeys, scopesOf, type ApiKeyRow } from '@vedette/server/store/state/api-keys.ts';
import { InvalidArgumentError, type Command } from 'commander';
import { CommandError } from '../output/command-error.ts';
import { printRows } from '../output/listing.ts';
import { jsonLine, note, onStdout, print } from '../output/terminal.ts';
import { CONFIG_OPTION, DATA_OPTION, withAccess, type DataOptions } from '../state/local-access.ts';

interface KeyOptions extends DataOptions {
  name: string;
  scopes: Scope[];
  json?: boolean;
}

const HELP = `
Scopes: ${SCOPES.join(', ')}. Works with the server running or stopped; a revoked key is refused with its next call.

Examples:
  vedette key create --data ./data --name web1 --scopes ingest
  KEY=$(vedette key create --name ci --scopes ingest,read --json | jq -r .key)
  vedette key revoke ID

Exit codes: 0 done, 1 failed, 2 wrong usage.`;

export function defineKey(program: Command): void {
  const key = program.command('key').description('create, list and revoke API keys').addHelpText('after', HELP);
  const command = (name: string, description: string): Command =>
    key
      .command(name)
      .description(description)
      .option(...DATA_OPTION)
      .option(...CONFIG_OPTION);

  command('create', 'create a key and print it, this once')
    .requiredOption('--name <name>', 'what the key is for')
    .requiredOption('--scopes <scopes>', 'what it allows, separated by commas', scopes)
    .option('--json', 'print JSON: {key, id, name, scopes}')
    .action(create);
  command('list', 'list all keys').option('--json', 'print JSON, one key a line').action(list);
  command('revoke', 'end a key').argument('<id>', 'id or name, as shown by the list').action(revoke);
}

function scopes(text: string): Scope[] {
  const given = text.split(',').map((word) => word.trim());
  const wrong = given.filter((word) => !(SCOPES as readonly string[]).includes(word));
  if (wrong.length > 0) throw new InvalidArgumentError(`Use ${SCOPES.join(', ')}.`);
  return given as Scope[];
}

async function create({ name, scopes, json, ...data }: KeyOptions): Promise<void> {
  const valid = newKeySchema.safeParse({ name, scopes });
  if (!valid.success) throw new CommandError(valid.error.issues.map((issue) => issue.message).join(' '), 2);
  await withAccess(data, { create: true }, async ({ access, actor }) => {
    const { row, key } = await access.keys.create({ name, scopes }, actor);
    if (json) return print(jsonLine({ key, id: row.id, name: row.name, scopes: scopesOf(row) }));
    print(key);
    note('Keep it: it is shown this once.');
  });
}

async function list({ json, ...data }: KeyOptions): Promise<void> {
  await withAccess(data, { create: false }, async ({ state }) => {
    const keys = (await listKeys(state.db)).map(shown);
    if (json) return keys.forEach((key) => print(jsonLine(key)));
    const rows = keys.map((key) => [
      key.id,
      key.name,
      key.prefix,
      key.scopes.join(','),
      key.revokedAt === null ? 'live' : 'revoked',
      key.lastUsedAt ?? 'never',
    ]);
    printRows(['id', 'name', 'prefix', 'scopes', 'state', 'last used'], rows, 'There are no keys yet.');
  });
}

async function revoke(idOrName: string, data: DataOptions): Promise<void> {
  await withAccess(data, { create: false }, async ({ state, access, actor }) => {
    const key = (await findKey(state.db, idOrName)) ?? (await onlyNamed(idOrName, await listKeys(state.db)));
    if (!key) throw new CommandError(`there is no key ${idOrName}; see: vedette key list`);
    await access.keys.revoke(key.id, actor);
    print(onStdout.green(`revoked ${key.name} (${key.prefix}…)`));
  });
}

function onlyNamed(name: string, keys: readonly ApiKeyRow[]): ApiKeyRow | undefined {
  const named = keys.filter((key) => key.name === name && key.revoked_at === null);
  if (named.length > 1) throw new CommandError(`${named.length} keys are named ${name}; revoke by id`);
  return named[0];
}

function shown(row: ApiKeyRow) {
  const time = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: scopesOf(row),
    createdAt: time(row.created_at),
    lastUsedAt: time(row.last_used_at),
    revokedAt: time(row.revoked_at),
  };
}
