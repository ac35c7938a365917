/** sudo: `USER : [REASON ; ]TTY=pts/0 ; PWD=/home ; USER=root ; COMMAND=/bin/ls`. */
import type { EcsEvent } from '@vedette/contracts';
import { parsePam } from './pam.ts';

export function parseSudo(event: EcsEvent, message: string): void {
  if (message.startsWith('pam_')) return parsePam(event, message);
  event.category = 'process';
  event.type = 'start';
  event.action = 'sudo_message';
  event.severity = 3;
  const text = message.trimStart();
  const colon = text.indexOf(' : ');
  if (colon < 0) return;
  event.userName = text.slice(0, colon);
  event.action = 'sudo_command';
  event.outcome = 'success';
  const reasons: string[] = [];
  let at = colon + 3;
  while (at < text.length) {
    // The command is last and may hold ` ; ` itself.
    if (text.startsWith('COMMAND=', at)) {
      command(event, text.slice(at + 8));
      break;
    }
    let end = text.indexOf(' ; ', at);
    if (end < 0) end = text.length;
    const part = text.slice(at, end);
    if (part.startsWith('TTY=')) event.setExtra('process.tty.name', part.slice(4));
    else if (part.startsWith('PWD=')) event.setExtra('process.working_directory', part.slice(4));
    else if (part.startsWith('USER=')) event.targetUserName = part.slice(5);
    else if (part.startsWith('GROUP=')) event.setExtra('group.name', part.slice(6));
    else if (!part.startsWith('ENV=') && !part.startsWith('TSID=')) reasons.push(part);
    at = end + 3;
  }
  if (reasons.length > 0) refused(event, reasons.join('; '));
}

function command(event: EcsEvent, text: string): void {
  event.processCommandLine = text;
  const blank = text.indexOf(' ');
  event.processExecutable = blank < 0 ? text : text.slice(0, blank);
  event.processName = event.processExecutable.slice(event.processExecutable.lastIndexOf('/') + 1);
}

/** `user NOT in sudoers`, `command not allowed`, `3 incorrect password attempts`, `a password is required`. */
function refused(event: EcsEvent, reason: string): void {
  event.setExtra('event.reason', reason);
  event.outcome = 'failure';
  event.severity = reason.includes('NOT in sudoers') || reason.includes('not allowed') ? 8 : 7;
  event.action = reason.includes('incorrect password') ? 'sudo_authentication' : 'sudo_refused';
}
