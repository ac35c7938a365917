/** cron: `(root) CMD (run-parts /etc/cron.hourly)`, `(alice) REPLACE (alice)`, `(root) RELOAD (crontabs/root)`. */
import type { EcsEvent } from '@vedette/contracts';
import { parsePam } from './pam.ts';

export function parseCron(event: EcsEvent, message: string): void {
  if (message.startsWith('pam_')) return parsePam(event, message);
  event.category = 'process';
  event.type = 'info';
  event.action = 'cron_message';
  event.severity = 2;
  const close = message.indexOf(') ');
  if (message.charCodeAt(0) !== 40 || close < 0) return;
  const open = message.indexOf(' (', close + 2);
  event.userName = message.slice(1, close);
  const verb = message.slice(close + 2, open < 0 ? message.length : open);
  const argument = open < 0 ? '' : message.slice(open + 2, message.endsWith(')') ? -1 : undefined);
  if (verb === 'CMD') {
    event.type = 'start';
    event.action = 'cron_command';
    event.processCommandLine = argument.trim();
  } else if (verb === 'REPLACE' || verb === 'BEGIN EDIT' || verb === 'END EDIT' || verb === 'DELETE') {
    event.category = 'configuration';
    event.type = 'change';
    event.action = `crontab_${verb.toLowerCase().replace(' ', '_')}`;
    event.targetUserName = argument;
    event.severity = 4;
  } else event.setExtra('event.reason', verb);
}
