/** su: `Successful su for root by alice`, `FAILED SU (to root) alice on pts/0`, `(to root) alice on pts/0`, `+ pts/0 alice:root`. */
import type { EcsEvent } from '@vedette/contracts';
import { parsePam } from './pam.ts';
import { wordAt } from './program.ts';

export function parseSu(event: EcsEvent, message: string): void {
  if (message.startsWith('pam_')) return parsePam(event, message);
  event.category = 'authentication';
  event.type = 'start';
  event.action = 'su';
  event.severity = 3;
  const to = message.indexOf('(to ');
  if (message.startsWith('Successful su for ') || message.startsWith('FAILED su for ')) {
    const by = message.lastIndexOf(' by ');
    outcome(event, message.startsWith('S'));
    event.targetUserName = message.slice(message.indexOf(' for ') + 5, by < 0 ? undefined : by);
    if (by > 0) event.userName = message.slice(by + 4);
  } else if (to >= 0) {
    const close = message.indexOf(') ', to);
    outcome(event, !message.startsWith('FAILED'));
    if (close < 0) return;
    event.targetUserName = message.slice(to + 4, close);
    event.userName = wordAt(message, close + 2);
    const on = message.indexOf(' on ', close);
    if (on > 0) event.setExtra('process.tty.name', message.slice(on + 4));
  } else if ((message.startsWith('+ ') || message.startsWith('- ')) && message.includes(':')) {
    const users = message.slice(message.indexOf(' ', 2) + 1);
    outcome(event, message.startsWith('+'));
    event.setExtra('process.tty.name', wordAt(message, 2));
    event.userName = users.slice(0, users.indexOf(':'));
    event.targetUserName = users.slice(users.indexOf(':') + 1);
  } else event.type = 'info';
}

function outcome(event: EcsEvent, success: boolean): void {
  event.outcome = success ? 'success' : 'failure';
  event.severity = success ? 3 : 6;
}
