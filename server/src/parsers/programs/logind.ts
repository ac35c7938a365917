/** systemd-logind: `New session 3 of user alice.`, `Session 3 logged out. …`, `Removed session 3.` */
import type { EcsEvent } from '@vedette/contracts';
import { wordAt } from './program.ts';

export function parseLogind(event: EcsEvent, message: string): void {
  event.category = 'session';
  event.type = 'info';
  event.action = 'logind_message';
  event.severity = 2;
  if (message.startsWith('New session ')) {
    event.type = 'start';
    event.action = 'session_opened';
    event.outcome = 'success';
    event.setExtra('session.id', wordAt(message, 12).replace("'", ''));
    const user = message.indexOf(' of user ');
    if (user > 0) event.userName = unquoted(wordAt(message, user + 9));
  } else if (message.startsWith('Removed session ') || message.includes(' logged out')) {
    event.type = 'end';
    event.action = 'session_closed';
    event.setExtra('session.id', unquoted(wordAt(message, message.startsWith('R') ? 16 : 8)));
  }
}

/** Without the full stop at the end and quotes around. */
function unquoted(word: string): string {
  const bare = word.endsWith('.') ? word.slice(0, -1) : word;
  return bare.startsWith("'") && bare.endsWith("'") ? bare.slice(1, -1) : bare;
}
