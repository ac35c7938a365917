/** Program (as syslog names it, lower case, without path) → how its messages are read. */
import type { Logsource } from '@vedette/contracts';
import { parseAccounts } from './accounts.ts';
import { parseAudit } from './audit.ts';
import { parseCron } from './cron.ts';
import { parseLogind } from './logind.ts';
import { parsePam } from './pam.ts';
import type { ProgramParser } from './program.ts';
import { parseSshd } from './sshd.ts';
import { parseSu } from './su.ts';
import { parseSudo } from './sudo.ts';

export interface Program {
  /** null: the envelope alone is read. */
  readonly parse: ProgramParser | null;
  readonly dataset: string;
  readonly sourceType: string;
  readonly logsource: Logsource;
}

const AUTH: Logsource = { product: 'linux', service: 'auth' };
const CRON: Logsource = { product: 'linux', service: 'cron' };

function program(dataset: string, sourceType: string, logsource: Logsource, parse: ProgramParser | null): Program {
  return { parse, dataset, sourceType, logsource };
}

const sshd = program('linux.sshd', 'auth', { product: 'linux', service: 'sshd' }, parseSshd);
const accounts = program('linux.accounts', 'auth', AUTH, parseAccounts);
const cron = program('linux.cron', 'process', CRON, parseCron);
const login = program('linux.auth', 'auth', AUTH, (event, message) => {
  if (message.startsWith('pam_')) parsePam(event, message);
});
const audit = program('linux.auditd', 'endpoint', { product: 'linux', service: 'auditd' }, parseAudit);
const clamav = program('linux.clamav', 'endpoint', { product: 'linux', service: 'clamav' }, null);

export const programs: ReadonlyMap<string, Program> = new Map<string, Program>([
  ['sshd', sshd],
  ['sshd-session', sshd],
  ['sshd-auth', sshd],
  ['sudo', program('linux.sudo', 'auth', { product: 'linux', service: 'sudo' }, parseSudo)],
  ['su', program('linux.su', 'auth', AUTH, parseSu)],
  ['cron', cron],
  ['crond', cron],
  ['crontab', cron],
  ['anacron', cron],
  ...[
    'useradd',
    'userdel',
    'usermod',
    'groupadd',
    'groupdel',
    'groupmod',
    'gpasswd',
    'passwd',
    'chage',
    'chpasswd',
  ].map((name) => [name, accounts] as const),
  ['systemd-logind', program('linux.auth', 'auth', AUTH, parseLogind)],
  ['login', login],
  ['gdm-password]', login],
  ['polkitd', login],
  ['vsftpd', program('linux.vsftpd', 'auth', { product: 'linux', service: 'vsftpd' }, login.parse)],
  ...['auditd', 'audispd', 'audisp-syslog'].map((name) => [name, audit] as const),
  ['clamd', clamav],
  ['freshclam', clamav],
  ['guacd', program('linux.guacamole', 'generic', { product: 'linux', service: 'guacamole' }, null)],
]);

/** Every other program. */
export const otherProgram: Program = program('linux.syslog', 'generic', { product: 'linux', service: 'syslog' }, null);
