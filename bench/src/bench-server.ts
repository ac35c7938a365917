/** A real `vedette up` in a process of its own, over a folder that is removed afterwards, and load generators beside it. */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { removeDirectory, startProduct, type Product } from '../../e2e/src/product.ts';
import { RULE_FOLDERS, haveCorpora } from './log-lines.ts';
import type { Fed } from './feed.ts';

export interface BenchServer extends Product {
  /** Holds data, logs and settings. */
  readonly folder: string;
  /** Followed by the server. */
  readonly logs: string;
  /** With the scopes ingest and read. */
  readonly apiKey: string;
  /** Ends it and removes its data. */
  dispose(): Promise<void>;
}

/**
 * Starts a server that follows a log folder, with all SigmaHQ rules or, without `sigmaHq`, with our own alone. `folder` is
 * that of an earlier server to go on with.
 */
export async function startBenchServer(options: { sigmaHq: boolean; folder?: string }): Promise<BenchServer> {
  const directory = options.folder ?? (await mkdtemp(join(tmpdir(), 'vedette-bench-')));
  const logs = join(directory, 'logs');
  mkdirSync(logs, { recursive: true });
  const settings = {
    rules: options.sigmaHq && haveCorpora ? RULE_FOLDERS : [],
    files: [{ path: logs, source: 'bench' }],
    metricsPublic: true,
    logLevel: 'warn',
  };
  const config = join(directory, 'vedette.yaml');
  // JSON is YAML.
  writeFileSync(config, JSON.stringify(settings));
  const product = await startProduct({ directory: join(directory, 'data'), args: ['--config', config] });
  const apiKey = await product.key('ingest,read');
  return Object.assign(product, {
    folder: directory,
    logs,
    apiKey,
    async dispose() {
      await product.stop();
      await removeDirectory(directory);
    },
  });
}

export interface Feeder {
  /** Lets it send this many lines in all. */
  allow(lines: number): void;
  /** Lines handed over when it last told. */
  readonly lines: number;
  /** Tells it to stop and resolves with what it sent. */
  stop(): Promise<Fed>;
}

/** Starts one of the load generators of this folder. It sends nothing before it is allowed to. */
export function startFeeder(program: string, args: readonly string[], env: Record<string, string> = {}): Feeder {
  const child: ChildProcess = fork(fileURLToPath(new URL(program, import.meta.url)), args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  let printed = '';
  let lines = 0;
  child.stdout!.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.on('message', (message: { lines: number }) => (lines = message.lines));
  const ended = new Promise<number | null>((done) => child.once('close', (code) => done(code)));
  const tell = (message: object): void => {
    if (child.connected) child.send(message);
  };
  return {
    allow: (allowed) => tell({ allowed }),
    get lines() {
      return lines;
    },
    async stop() {
      tell({ stop: true });
      const code = await ended;
      if (code !== 0) throw new Error(`${program} ended with ${code}`);
      return JSON.parse(printed) as Fed;
    },
  };
}
