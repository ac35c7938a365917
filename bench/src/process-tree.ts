/** What a process and its children take: processor time by thread, memory shared fairly (PSS). Linux only. */
import { readdirSync, readFileSync } from 'node:fs';

export interface ThreadTime {
  /** `main`, `worker 1`, `store`, `other`. */
  name: string;
  /** Processor time since its start. */
  seconds: number;
}

/** Of /proc/PID/stat times: the kernel's USER_HZ, 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** The process and all below it. Empty where there is no /proc. */
export function processTree(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of read(() => readdirSync('/proc')) ?? []) {
    const pid = Number(name);
    const fields = Number.isInteger(pid) ? statOf(`/proc/${pid}/stat`) : null;
    if (fields === null) continue;
    const parent = Number(fields[1]);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const below = (pid: number): number[] => [pid, ...(children.get(pid) ?? []).flatMap(below)];
  return children.size === 0 ? [] : below(root);
}

/** Proportional set size of the whole tree, MB; null where the kernel does not tell. */
export function treeMemoryMb(root: number): number | null {
  const sizes = processTree(root).map((pid) => {
    const text = read(() => readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
    return Number(/^Pss:\s+(\d+)/m.exec(text ?? '')?.[1] ?? Number.NaN);
  });
  const sum = sizes.reduce((total, size) => total + size, 0);
  return sizes.length === 0 || Number.isNaN(sum) ? null : sum / 1024;
}

/**
 * Processor time of the parts of a running `vedette up`: its main thread, its busiest other threads (workers of the
 * pipeline and of admission), all the rest of it (garbage collection, file system), and the store's process.
 */
export function treeTimes(root: number): Map<string, number> {
  const times = new Map<string, number>();
  for (const pid of processTree(root)) {
    for (const thread of read(() => readdirSync(`/proc/${pid}/task`)) ?? []) {
      const fields = statOf(`/proc/${pid}/task/${thread}/stat`);
      if (fields === null) continue;
      const seconds = (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
      const name = pid !== root ? 'store' : nameOf(pid, thread);
      times.set(name, (times.get(name) ?? 0) + seconds);
    }
  }
  return times;
}

function nameOf(pid: number, thread: string): string {
  if (Number(thread) === pid) return 'main thread';
  const name = read(() => readFileSync(`/proc/${pid}/task/${thread}/comm`, 'utf8'))?.trim() ?? '';
  if (name.includes('V8Worker')) return 'garbage collection and compiler';
  return name.includes('libuv') ? 'file system threads' : `${name || 'thread'} ${thread}`;
}

/** Fields of a stat file after the name, which may hold anything; [0] is the state. */
function statOf(path: string): string[] | null {
  const text = read(() => readFileSync(path, 'utf8'));
  return text === undefined ? null : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function read<T>(reader: () => T): T | undefined {
  try {
    return reader();
  } catch {
    // Processes and threads end while they are looked at.
    return undefined;
  }
}
