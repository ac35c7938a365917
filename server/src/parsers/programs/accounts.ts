/** Changes to users and groups: useradd, userdel, usermod, groupadd, groupdel, groupmod, gpasswd, passwd, chage, chpasswd. */
import type { EcsEvent } from '@vedette/contracts';
import { parsePam } from './pam.ts';
import { valueOf } from './program.ts';

export function parseAccounts(event: EcsEvent, message: string): void {
  if (message.startsWith('pam_')) return parsePam(event, message);
  event.category = 'iam';
  event.type = 'info';
  event.severity = 3;
  event.action = 'account_message';
  const failed = message.startsWith('failed ');
  if (message.startsWith('new user: ')) added(event, message);
  else if (message.startsWith('new group: ')) {
    act(event, 'group_added', 'creation', 5);
    event.setExtra('group.name', valueOf(message, 'name='));
    event.setExtra('group.id', valueOf(message, 'GID='));
  } else if (message.startsWith('delete user ')) {
    act(event, 'user_removed', 'deletion', 6);
    event.targetUserName = quoted(message, 0);
  } else if (message.startsWith('delete ') && message.includes(' from ')) {
    act(event, 'group_member_removed', 'change', 5);
    member(event, message);
  } else if (message.startsWith('add ') || message.includes(' added by ')) {
    act(event, 'group_member_added', 'change', 6);
    member(event, message);
  } else if (message.startsWith('change user ') || message.startsWith('changed user ')) {
    act(event, 'user_changed', 'change', 5);
    event.targetUserName = quoted(message, 0);
  } else if (message.startsWith('group ') && message.includes('removed')) {
    act(event, 'group_removed', 'deletion', 5);
    event.setExtra('group.name', quoted(message, 0));
  } else if (message.startsWith('password changed for ') || message.startsWith('changed password for ')) {
    act(event, 'password_changed', 'change', 4);
    event.targetUserName = quoted(message, 0) || message.slice(message.lastIndexOf(' ') + 1);
  }
  if (failed) event.outcome = 'failure';
}

function act(event: EcsEvent, action: string, type: string, severity: number): void {
  event.action = action;
  event.type = type;
  event.severity = severity;
  event.outcome = 'success';
}

/** `new user: name=bob, UID=1001, GID=1001, home=/home/bob, shell=/bin/bash, from=/dev/pts/0`. */
function added(event: EcsEvent, message: string): void {
  act(event, 'user_added', 'creation', 6);
  event.targetUserName = valueOf(message, 'name=');
  event.setExtra('user.target.id', valueOf(message, 'UID='));
  event.setExtra('user.target.group.id', valueOf(message, 'GID='));
  event.setExtra('user.target.home', valueOf(message, 'home='));
  event.setExtra('user.target.shell', valueOf(message, 'shell='));
}

/** `add 'bob' to [shadow ]group 'sudo'`, `delete 'bob' from group 'sudo'`, `user bob added by root to group sudo`. */
function member(event: EcsEvent, message: string): void {
  const first = message.indexOf("'");
  if (first >= 0) {
    event.targetUserName = quoted(message, 0);
    event.setExtra('group.name', quoted(message, message.indexOf("'", first + 1) + 1));
    return;
  }
  const words = message.split(' ', 16);
  const by = words.indexOf('by');
  const group = words.indexOf('group');
  event.targetUserName = words[1] ?? '';
  if (by > 0) event.userName = words[by + 1] ?? '';
  if (group > 0) event.setExtra('group.name', words[group + 1] ?? '');
}

/** Text between the next two single quotes from `at`; '' when there are none. */
function quoted(text: string, at: number): string {
  const open = text.indexOf("'", at);
  const close = text.indexOf("'", open + 1);
  return open < 0 || close < 0 ? '' : text.slice(open + 1, close);
}
