/**
 * What a syslog message means, once its envelope is read: by whom, how grave, and what its program says. The envelope
 * is a syslog line's header (`syslog.ts`) or the fields of a JSON document (`json/carried-message.ts`).
 */
import type { EcsEvent } from '@vedette/contracts';
import { severityOfMessage, SYSLOG_LABELS, SYSLOG_LEVELS } from '../normalise/severity.ts';
import { otherProgram, programs, type Program } from './programs/index.ts';
import { pamText } from './programs/pam.ts';

export const FACILITIES: readonly string[] = [
  'kern',
  'user',
  'mail',
  'daemon',
  'auth',
  'syslog',
  'lpr',
  'news',
  'uucp',
  'cron',
  'authpriv',
  'ftp',
  'ntp',
  'audit',
  'alert',
  'clock',
  ...Array.from({ length: 8 }, (_, i) => `local${i}`),
];

const aliases = new Map<string, Program>();
const MAX_ALIASES = 1000;

/**
 * The program by its name as written: in any case, with a path; `module` is `pam_unix` of `sshd(pam_unix)`. Names come
 * from the network: what is kept is bounded.
 */
export function programNamed(written: string, module: string): Program {
  const known = programs.get(written) ?? aliases.get(written);
  if (known !== undefined) return known;
  const name = written.toLowerCase();
  const bare = name.slice(name.lastIndexOf('/') + 1);
  const program = programs.get(bare) ?? (module.startsWith('pam_') ? programs.get('login')! : otherProgram);
  if (aliases.size < MAX_ALIASES && !module) aliases.set(written, program);
  return program;
}

/** Facility and severity of a priority (0–191) under their ECS names. */
export function setPriority(event: EcsEvent, priority: number): void {
  event.setExtra('log.syslog.facility.name', FACILITIES[priority >> 3]);
  event.setExtra('log.level', SYSLOG_LABELS[(priority & 7) as 0]);
}

/** What of the envelope the message's meaning depends on; `priority` is -1 when there is none. */
export interface MessageOrigin {
  readonly program: string;
  readonly module: string;
  readonly priority: number;
}

/** Reads a message into an event that has its envelope's fields already. */
export function readProgramMessage(event: EcsEvent, program: Program, message: string, origin: MessageOrigin): void {
  event.dataset = program.dataset;
  event.sourceType = program.sourceType;
  event.logsource = program.logsource;
  event.message = message;
  if (origin.module.startsWith('pam_')) pamModule(event, origin, message);
  else if (program.parse !== null) program.parse(event, message);
  raise(event, origin.priority, program);
}

/** The older `sshd(pam_unix)[1]: authentication failure; …`. */
function pamModule(event: EcsEvent, { program, module }: MessageOrigin, message: string): void {
  event.setExtra('pam.module', module);
  event.setExtra('pam.service', program);
  pamText(event, message);
}

/** Level by the program's parser; else by priority or words, whichever says more. */
function raise(event: EcsEvent, priority: number, program: Program): void {
  if (program.parse !== null && event.severity > 0) return;
  const byWords = severityOfMessage(event.message);
  const byPriority = priority >= 0 ? SYSLOG_LEVELS[(priority & 7) as 0] : 0;
  event.severity = Math.max(byWords, byPriority);
}
