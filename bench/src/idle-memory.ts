/** What an idle server takes of memory, all its processes together. */
import { setTimeout as pause } from 'node:timers/promises';
import { startBenchServer } from './bench-server.ts';
import { treeMemoryMb } from './process-tree.ts';

export interface IdleMemory {
  rules: string;
  /** Proportional set size of the process tree, MB; null where the kernel does not tell. */
  pssMb: number | null;
  secondsAfterStart: number;
}

/** With our own rules, as installed, and with all of SigmaHQ besides. */
export async function benchIdleMemory(seconds: number, progress: (message: string) => void): Promise<IdleMemory[]> {
  const results: IdleMemory[] = [];
  for (const sigmaHq of [false, true]) {
    const rules = sigmaHq ? 'with all SigmaHQ rules besides' : 'as installed';
    progress(`idle server, ${rules}`);
    const server = await startBenchServer({ sigmaHq });
    await pause(seconds * 1000);
    results.push({ rules, pssMb: treeMemoryMb(server.pid), secondsAfterStart: seconds });
    await server.dispose();
  }
  return results;
}
