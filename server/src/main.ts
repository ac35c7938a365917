/** What other workspaces start the server with. */
import { mkdirSync } from 'node:fs';
import { pino, type Logger } from 'pino';
import { startApp, type RunningApp } from './app.ts';
import { loadConfig, type Config } from './config.ts';

export interface RunningServer extends RunningApp {
  config: Config;
}

/**
 * Starts everything. `flags` are settings by dotted name. Throws ConfigError for wrong settings, and what stopped a part
 * from starting otherwise.
 */
export async function startServer(options: {
  flags?: Readonly<Record<string, unknown>>;
  env?: Readonly<Record<string, string | undefined>>;
  file?: string | undefined;
  logger?: Logger;
}): Promise<RunningServer> {
  const config = loadConfig(options);
  mkdirSync(config.data, { recursive: true, mode: 0o700 });
  const logger = options.logger ?? pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: false }));
  return { ...(await startApp(config, logger)), config };
}
