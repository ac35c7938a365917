/** The machine: Node, memory, files, clock, shared memory. */
import { existsSync, readFileSync, statSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { totalmem } from 'node:os';
import { broken, ok, warning, type Check } from './check.ts';

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

export const node: Check = {
  name: 'Node',
  run() {
    const major = Number(process.versions.node.split('.')[0]);
    const message = `${process.version} at ${process.execPath}`;
    return major >= 24
      ? ok(message)
      : broken(message, 'run Vedette with npx or npm start: they use the Node 24 that npm ci installed');
  },
};

export const memory: Check = {
  name: 'memory',
  run() {
    const message = `${(totalmem() / GIB).toFixed(1)} GiB`;
    return totalmem() >= 1.8 * GIB ? ok(message) : warning(message, 'give the machine 2 GiB or more');
  },
};

const WANTED_FILES = 4096;

export const openFiles: Check = {
  name: 'open files',
  run() {
    if (!existsSync('/proc/self/limits')) return ok('not limited in a way that can be read here');
    const limit = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? '';
    const message = `at most ${limit}`;
    if (limit === 'unlimited' || Number(limit) >= WANTED_FILES) return ok(message);
    return warning(message, `raise it before starting: ulimit -n 65536 (systemd: LimitNOFILE=65536)`);
  },
};

const CLOCK_SLACK_MS = 60_000;
/** No clock that is right shows an earlier time. */
const EARLIEST = Date.UTC(2026, 0, 1);

export const clock: Check = {
  name: 'clock',
  run({ config }) {
    const now = Date.now();
    const message = `${new Date(now).toISOString()}, zone ${Intl.DateTimeFormat().resolvedOptions().timeZone}`;
    const mend = 'switch time synchronisation on: timedatectl set-ntp true';
    if (now < EARLIEST) return broken(`${message}: that is in the past`, mend);
    const state = join(config.data, 'state.db');
    const written = existsSync(state) ? statSync(state).mtimeMs : 0;
    if (written > now + CLOCK_SLACK_MS) return broken(`${message}: the data folder was written later than that`, mend);
    return ok(message);
  },
};

const WANTED_SHARED = 256 * MIB;

export const sharedMemory: Check = {
  name: 'shared memory',
  run() {
    if (!existsSync('/dev/shm')) return ok('none on this system; blocks go through the data folder');
    const { bavail, bsize } = statfsSync('/dev/shm');
    const message = `/dev/shm has ${Math.round((bavail * bsize) / MIB)} MiB free`;
    if (bavail * bsize >= WANTED_SHARED) return ok(message);
    return warning(
      `${message}; blocks go through the data folder, which is slower`,
      'give it 256 MiB or more (docker: --shm-size=512m)',
    );
  },
};
