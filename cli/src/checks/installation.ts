/** What was installed: the embedded store, the rules, the console; and what a running server says about itself. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loadRules, OWN_RULES } from '@vedette/server/detectors/rules.ts';
import { reasonOf } from '../output/command-error.ts';
import { broken, ok, warning, type Check, type Finding } from './check.ts';

const run = promisify(execFile);
const CHILD_TIMEOUT_MS = 60_000;

export const eventStore: Check = {
  name: 'event store',
  async run({ config, running }) {
    if (running) {
      const part = running.health.parts.find(({ name }) => /store/i.test(name));
      if (part && !part.ok) return broken(`the running server says: ${part.message}`, 'see the log of the server');
      return ok(`in use by the running server at ${running.url}`);
    }
    const { url } = config.clickhouse;
    if (url !== undefined) {
      const answered = await fetch(new URL('/ping', url), { signal: AbortSignal.timeout(5_000) }).catch(() => null);
      if (answered?.ok) return ok(`ClickHouse at ${url} answers`);
      return broken(`ClickHouse at ${url} does not answer`, 'start it, or correct clickhouse.url');
    }
    return existsSync(join(config.data, 'events')) ? openedStore(config.data) : embeddedStore();
  },
};

async function openedStore(directory: string): Promise<Finding> {
  const { openChdbStore } = await import('@vedette/server/store/events/chdb.ts');
  const store = await openChdbStore({ directory, now: Date.now });
  try {
    const { events, bytes } = await store.size();
    return ok(`embedded ClickHouse holds ${events} events in ${Math.ceil(bytes / 1024 ** 2)} MiB`);
  } finally {
    await store.close();
  }
}

/** In a child process, as the server does it: the library must never be loaded into this one. */
async function embeddedStore(): Promise<Finding> {
  const library = createRequire(import.meta.resolve('@vedette/server/config.ts')).resolve('chdb');
  const program = `const { query } = require(${JSON.stringify(library)}); process.stdout.write(query('SELECT version()', 'TSV'))`;
  try {
    const { stdout } = await run(process.execPath, ['-e', program], { timeout: CHILD_TIMEOUT_MS });
    return ok(`embedded ClickHouse ${stdout.trim()} works`);
  } catch (error) {
    return broken(
      `the embedded store does not start: ${reasonOf(error).split('\n')[0]}`,
      'install again with npm ci; Linux and macOS on x64 or arm64 are supported, Windows through WSL',
    );
  }
}

export const rules: Check = {
  name: 'rules',
  run({ config }) {
    const { rules, errors } = loadRules([OWN_RULES, ...config.rules]);
    if (rules.length === 0) return broken('no rule could be loaded', 'see: vedette rules lint');
    const message = `${rules.length} rules`;
    if (errors.length === 0) return ok(message);
    return warning(`${message}, ${errors.length} problems, first: ${errors[0]}`, 'see: vedette rules lint FOLDER');
  },
};

const CONSOLE = fileURLToPath(new URL('../../../web/dist/index.html', import.meta.url));

export const webConsole: Check = {
  name: 'console',
  run: () => (existsSync(CONSOLE) ? ok('built') : broken('not built', 'build it: npm run build -w web')),
};

export const server: Check = {
  name: 'server',
  run({ running }) {
    if (!running) return ok('not running');
    const { url, health } = running;
    if (health.status === 'ok') return ok(`running at ${url}`);
    const bad = health.parts.filter((part) => !part.ok).map(({ name, message }) => `${name}: ${message}`);
    return warning(
      `running at ${url}, ${health.status}: ${bad.join('; ')}`,
      'wait if it is starting, else see its log',
    );
  },
};
