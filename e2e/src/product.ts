/**
 * The product as a user has it: `vedette up` as its own process tree over a folder of its own, the command line beside
 * it, HTTP to it. Nothing here reaches into the server.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
/** Real logs to test against; see `requireCorpora`. */
export const CORPORA = process.env['VEDETTE_CORPORA'] ?? join(REPOSITORY, '../shared/corpora');
const VEDETTE = join(REPOSITORY, 'node_modules/.bin/vedette');
const START_MS = 30_000;

export interface Product {
  readonly url: string;
  readonly port: number;
  readonly syslogPort: number;
  readonly directory: string;
  /** Process id of `vedette up`. */
  readonly pid: number;
  /** Everything it has printed. */
  output(): string;
  /** An API key with these scopes, made at the command line. */
  key(scopes: string): Promise<string>;
  addUser(username: string, password: string, role: string): Promise<void>;
  /** Answer of the API as JSON; throws on anything but 2xx. */
  get<T>(path: string, key: string): Promise<T>;
  post(path: string, key: string, body: string, headers?: Record<string, string>): Promise<Response>;
  /** Ctrl-C; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** kill −9 of `vedette up` itself. */
  kill(): Promise<void>;
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Runs `vedette …`; rejects with its output when it fails. */
export function vedette(args: string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(VEDETTE, args, { cwd: REPOSITORY, maxBuffer: 256 << 20 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`vedette ${args.join(' ')}: ${error.message}\n${stdout}${stderr}`));
      else resolve(stdout);
    });
    child.stdin!.end(input);
  });
}

export async function temporaryDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'vedette-e2e-'));
}

export interface StartOptions {
  /** Data folder of an earlier run; a new one otherwise. */
  directory?: string;
  port?: number;
  syslogPort?: number;
  /** Further arguments of `vedette up`. */
  args?: string[];
  env?: Record<string, string>;
}

/** Starts `vedette up` and waits until it is healthy. */
export async function startProduct(options: StartOptions = {}): Promise<Product> {
  const directory = options.directory ?? (await temporaryDirectory());
  const port = options.port ?? (await freePort());
  const syslogPort = options.syslogPort ?? (await freePort());
  const args = ['up', '--data', directory, '--port', String(port), '--syslog-port', String(syslogPort)];
  const child = spawn(VEDETTE, [...args, ...(options.args ?? [])], {
    cwd: REPOSITORY,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const ended = new Promise<number | null>((exit) => child.once('exit', (code) => exit(code)));
  const url = `http://127.0.0.1:${port}`;
  await healthy(url, child, () => printed);

  const product: Product = {
    url,
    port,
    syslogPort,
    directory,
    pid: child.pid!,
    output: () => printed,
    async key(scopes) {
      const name = `test-${Math.random().toString(36).slice(2)}`;
      const made = await vedette(['key', 'create', '--data', directory, '--name', name, '--scopes', scopes, '--json']);
      return (JSON.parse(made) as { key: string }).key;
    },
    async addUser(username, password, role) {
      const args = ['--data', directory, '--username', username, '--role', role, '--password-stdin'];
      await vedette(['user', 'create', ...args], `${password}\n`);
    },
    async get<T>(path: string, key: string) {
      const response = await fetch(url + path, { headers: { authorization: `Bearer ${key}` } });
      if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },
    post: (path, key, body, headers = {}) =>
      fetch(url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson', ...headers },
        body,
      }),
    async stop() {
      child.kill('SIGINT');
      return ended;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
  return product;
}

async function healthy(url: string, child: ChildProcess, printed: () => string): Promise<void> {
  const until = Date.now() + START_MS;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`vedette up ended with ${child.exitCode}:\n${printed()}`);
    const response = await fetch(`${url}/api/v1/health`).catch(() => null);
    if (response?.status === 200) return;
    await sleep(100);
  }
  child.kill('SIGKILL');
  throw new Error(`vedette up was not healthy within ${START_MS / 1000} s:\n${printed()}`);
}

/** Waits until `probe` gives a value; throws with what it gave last when it takes too long. */
export async function eventually<T>(
  probe: () => Promise<T | undefined | false | null>,
  timeoutMs = 15_000,
): Promise<T> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > until) throw new Error(`not within ${timeoutMs} ms: ${probe.toString()}`);
    await sleep(50);
  }
}

export async function removeDirectory(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
