/** PAM: `pam_unix(sshd:auth): …`, whatever program carries it, and the older `sshd(pam_unix)[pid]: …`. */
import type { EcsEvent } from '@vedette/contracts';
import { integerAt, setSource, valueOf } from './program.ts';

/** `MODULE(SERVICE:KIND): TEXT`. */
export function parsePam(event: EcsEvent, message: string): void {
  const open = message.indexOf('(');
  const close = message.indexOf('): ');
  if (open < 0 || close < open) return pamText(event, message);
  const colon = message.indexOf(':', open);
  event.setExtra('pam.module', message.slice(0, open));
  event.setExtra('pam.service', message.slice(open + 1, colon < close ? colon : close));
  if (colon < close) event.setExtra('pam.type', message.slice(colon + 1, close));
  pamText(event, message.slice(close + 3));
}

/** What a PAM module says. */
export function pamText(event: EcsEvent, text: string): void {
  event.category = 'authentication';
  event.type = 'info';
  event.action = 'pam_message';
  event.severity = 2;
  if (text.startsWith('authentication failure') || text.startsWith('auth could not')) return failure(event, text);
  if (text.includes(' more authentication failure')) return moreFailures(event, text, 0);
  if (text.startsWith('check pass; user unknown')) {
    event.action = 'pam_user_unknown';
    event.outcome = 'failure';
    event.severity = 4;
  } else if (text.startsWith('session opened for user ')) session(event, text, 24, 'start');
  else if (text.startsWith('session closed for user ')) session(event, text, 24, 'end');
  else if (text.startsWith('password changed for ')) {
    event.category = 'iam';
    event.type = 'change';
    event.action = 'password_changed';
    event.outcome = 'success';
    event.severity = 4;
    event.userName = text.slice(21);
  } else if (text.includes('user=')) {
    event.userName = valueOf(text, 'user=');
    setSource(event, valueOf(text, 'rhost='));
  }
}

/** `authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=ADDRESS  user=root`. */
function failure(event: EcsEvent, text: string): void {
  event.type = 'start';
  event.action = 'pam_authentication';
  event.outcome = 'failure';
  event.severity = 5;
  event.userName = valueOf(text, 'user=');
  const by = valueOf(text, 'ruser=') || valueOf(text, 'logname=');
  event.setExtra('pam.requesting_user', by);
  event.setExtra('pam.tty', valueOf(text, 'tty='));
  setSource(event, valueOf(text, 'rhost='));
}

/** `PAM N more authentication failures; …rhost=ADDRESS  user=root`, `PAM service(sshd) ignoring max retries; …`. */
export function parsePamMore(event: EcsEvent, message: string): void {
  event.category = 'authentication';
  event.action = 'pam_message';
  event.severity = 4;
  if (!message.includes(' more authentication failure')) return;
  moreFailures(event, message, 4);
}

/** `N more authentication failures; …`, from the number. */
function moreFailures(event: EcsEvent, text: string, at: number): void {
  failure(event, text);
  event.action = 'pam_more_failures';
  event.severity = 7;
  event.setExtra('vedette.repeat_count', integerAt(text, at));
}

/** `USER[(uid=0)] by BY(uid=0)`; `by (uid=0)` names nobody. */
function session(event: EcsEvent, text: string, at: number, type: 'start' | 'end'): void {
  event.category = 'session';
  event.type = type;
  event.action = type === 'start' ? 'session_opened' : 'session_closed';
  event.outcome = 'success';
  const by = text.lastIndexOf(' by ');
  const user = text.slice(at, by > at ? by : text.length);
  const id = user.indexOf('(uid=');
  event.userName = id > 0 ? user.slice(0, id) : user.trimEnd();
  if (id > 0) event.setExtra('user.id', String(integerAt(user, id + 5)));
  if (by < at) return;
  const open = text.indexOf('(', by);
  event.setExtra('pam.requesting_user', text.slice(by + 4, open > by ? open : text.length));
}
