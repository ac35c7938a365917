/** Every check of `vedette doctor`, in the order in which they are shown. */
import type { Check } from './check.ts';
import { dataFolder, diskSpace } from './data-folder.ts';
import { eventStore, rules, server, webConsole } from './installation.ts';
import { binding, consolePort, syslogPort } from './network.ts';
import { clock, memory, node, openFiles, sharedMemory } from './runtime.ts';

export const checks: readonly Check[] = [
  node,
  memory,
  openFiles,
  clock,
  sharedMemory,
  dataFolder,
  diskSpace,
  server,
  binding,
  consolePort,
  syslogPort,
  eventStore,
  rules,
  webConsole,
];
