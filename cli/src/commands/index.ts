/**
 * Every command: one file each, one line here, in the order of the help. Only the command that is asked for is loaded:
 * `send` starts without the rule engine, `hunt` without the event store.
 */
import type { Command } from 'commander';

type Define = (program: Command) => void;

export const commands: Readonly<Record<string, () => Promise<Define>>> = {
  up: async () => (await import('./up.ts')).defineUp,
  send: async () => (await import('./send.ts')).defineSend,
  hunt: async () => (await import('./hunt.ts')).defineHunt,
  rules: async () => (await import('./rules.ts')).defineRules,
  user: async () => (await import('./user.ts')).defineUser,
  key: async () => (await import('./key.ts')).defineKey,
  doctor: async () => (await import('./doctor.ts')).defineDoctor,
};
