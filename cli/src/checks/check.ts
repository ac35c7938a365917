/** One thing that must be right for the server to run, and how to mend it. One file per group, one line in index.ts. */
import type { Config } from '@vedette/server/config.ts';
import type { RunningServer } from './running-server.ts';

export interface Finding {
  /** `warning`: it works, but not as well as it could. */
  status: 'ok' | 'warning' | 'broken';
  message: string;
  /** What to do; only when something is to be done. */
  mend?: string;
}

export interface CheckContext {
  config: Config;
  /** The server that answers on the configured port, null when none does. */
  running: RunningServer | null;
}

export interface Check {
  readonly name: string;
  /** What it throws is reported as broken. */
  run(context: CheckContext): Promise<Finding> | Finding;
}

export const ok = (message: string): Finding => ({ status: 'ok', message });
export const warning = (message: string, mend: string): Finding => ({ status: 'warning', message, mend });
export const broken = (message: string, mend: string): Finding => ({ status: 'broken', message, mend });
