/** The data folder: writable, private, and with room to grow. */
import { accessSync, constants, existsSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { broken, ok, warning, type Check } from './check.ts';

const GIB = 1024 ** 3;

export const dataFolder: Check = {
  name: 'data folder',
  run({ config }) {
    const { data } = config;
    if (!existsSync(data)) {
      const parent = nearestExisting(data);
      accessSync(parent, constants.W_OK);
      return ok(`${data} will be made at the first start`);
    }
    const probe = join(data, `.doctor-${process.pid}`);
    try {
      writeFileSync(probe, '');
    } catch (error) {
      return broken(`${data}: ${(error as Error).message}`, `make it writable: sudo chown -R $(id -u) ${data}`);
    }
    rmSync(probe);
    if ((statSync(data).mode & 0o077) !== 0) {
      return warning(`${data} can be opened by other users`, `make it private: chmod 700 ${data}`);
    }
    return ok(`${data} is writable and private`);
  },
};

export const diskSpace: Check = {
  name: 'disk space',
  run({ config }) {
    const { bavail, bsize } = statfsSync(nearestExisting(config.data));
    const free = bavail * bsize;
    const message = `${(free / GIB).toFixed(1)} GiB free`;
    const mend = 'make room, shorten retentionDays, or put the data folder on another disk with --data';
    if (free < GIB / 4) return broken(message, mend);
    return free < 5 * GIB ? warning(message, mend) : ok(message);
  },
};

function nearestExisting(path: string): string {
  return existsSync(path) || path === dirname(path) ? path : nearestExisting(dirname(path));
}
