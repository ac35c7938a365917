/** Where the lines come from that load the server: the corpora, or for sshd lines of our own where there are none. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { corpusLines, createRandom } from './engine-events.ts';
import type { LineKind } from './varied-lines.ts';

/** Folder of real logs and rules; see CONTRIBUTING.md. */
export const CORPORA =
  process.env['VEDETTE_CORPORA'] ?? fileURLToPath(new URL('../../../shared/corpora', import.meta.url));
export const RULE_FOLDERS = ['rules', 'rules-emerging-threats', 'rules-threat-hunting'].map((name) =>
  join(CORPORA, 'sigma', name),
);
export const haveCorpora = existsSync(join(CORPORA, 'sigma'));

/** Windows lines exist in the corpora only: empty without them. */
export function logLines(kind: LineKind): string[] {
  if (kind === 'windows') return haveCorpora ? corpusLines(CORPORA, 'otrf') : [];
  const real = join(CORPORA, 'loghub/OpenSSH/OpenSSH_2k.log');
  if (!existsSync(real)) return madeSshdLines(2000);
  return readFileSync(real, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

/** Password failures of twenty attackers in the proportions of a server on the internet, a few logins between. */
export function madeSshdLines(count: number): string[] {
  const random = createRandom(3);
  const users = ['root', 'admin', 'oracle', 'test', 'ubuntu', 'git', 'backup', 'deploy'];
  return Array.from({ length: count }, (_, i) => {
    const user = users[random() % users.length]!;
    const attacker = random() % 20;
    const address = `1${attacker + 10}.${20 + attacker}.1${attacker + 30}.1${attacker + 50}`;
    const head = `Feb  6 12:00:00 web1 sshd[${20_000 + (i % 5000)}]:`;
    const from = `${user} from ${address} port ${10_000 + (random() % 50_000)} ssh2`;
    const kind = random() % 10;
    if (kind < 5) return `${head} Failed password for ${from}`;
    if (kind < 7) return `${head} Failed password for invalid user ${from}`;
    if (kind === 7) return `${head} Received disconnect from ${address}: 11: Bye Bye [preauth]`;
    if (kind === 8) return `${head} pam_unix(sshd:session): session opened for user ${user} by (uid=0)`;
    return `${head} Accepted password for ${user} from 10.20.30.40 port ${10_000 + (random() % 50_000)} ssh2`;
  });
}
