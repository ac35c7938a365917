/**
 * OpenSSH server. User names come from the network: `from` is looked for from the end, so that a user called
 * `root from 10.0.0.1` cannot choose the source address.
 */
import type { EcsEvent } from '@vedette/contracts';
import { parsePam, parsePamMore } from './pam.ts';
import { integerAt, setSource, setSourceAt, wordAt } from './program.ts';

export function parseSshd(event: EcsEvent, message: string): void {
  event.category = 'authentication';
  event.type = 'info';
  event.protocol = 'ssh';
  switch (message.charCodeAt(0)) {
    case 70: // F
      if (message.startsWith('Failed ')) return login(event, message, 7, 'failure', 5);
      break;
    case 65: // A
      if (message.startsWith('Accepted ')) return login(event, message, 9, 'success', 3);
      if (message.startsWith('Address ')) return reverseMapping(event, message, 8);
      break;
    case 73: // I
      if (message.startsWith('Invalid user ')) return invalidUser(event, message);
      break;
    case 80: // P
      if (message.startsWith('PAM ')) return parsePamMore(event, message);
      if (message.startsWith('Postponed ')) return login(event, message, 10, 'unknown', 2);
      break;
    case 112: // p
      if (message.startsWith('pam_')) return parsePam(event, message);
      break;
    case 109: // m
      if (message.startsWith('message repeated ')) return repeated(event, message);
      if (message.startsWith('maximum authentication attempts exceeded')) return attemptsExceeded(event, message);
      break;
    case 114: // r
      if (message.startsWith('reverse mapping checking')) return reverseMapping(event, message, message.indexOf('['));
      break;
    case 101: // e
      if (message.startsWith('error: ')) return failed(event, message);
      break;
    case 85: // U
      if (message.startsWith('User ')) return refusedUser(event, message);
  }
  connection(event, message);
}

/** `METHOD for [invalid user ]USER from ADDRESS port N ssh2[: KEY]`, from `at`. */
function login(event: EcsEvent, message: string, at: number, outcome: string, severity: number): void {
  const method = message.indexOf(' for ', at);
  const from = message.lastIndexOf(' from ');
  event.type = outcome === 'unknown' ? 'info' : 'start';
  event.action = 'ssh_login';
  event.outcome = outcome;
  event.severity = severity;
  if (method < 0) return;
  event.setExtra('sshd.method', message.slice(at, method));
  let user = method + 5;
  if (message.startsWith('invalid user ', user)) {
    user += 13;
    event.setExtra('sshd.invalid_user', true);
  }
  if (from < user - 1) return;
  event.userName = message.slice(user, from);
  setSourceAt(event, message, from + 6);
  const key = message.indexOf(' ssh2: ', from);
  if (key > 0) event.setExtra('sshd.key', message.slice(key + 7));
}

function invalidUser(event: EcsEvent, message: string): void {
  const from = message.lastIndexOf(' from ');
  event.action = 'ssh_invalid_user';
  event.outcome = 'failure';
  event.severity = 5;
  event.userName = message.slice(13, from < 13 ? message.length : from);
  if (from >= 13 - 1) setSourceAt(event, message, from + 6);
}

/** `User USER from ADDRESS not allowed because REASON`, `User USER not allowed because …`. */
function refusedUser(event: EcsEvent, message: string): void {
  const refused = message.lastIndexOf(' not allowed because ');
  if (refused < 0) return connection(event, message);
  event.action = 'ssh_user_refused';
  event.outcome = 'failure';
  event.severity = 5;
  const from = message.lastIndexOf(' from ', refused);
  event.userName = message.slice(5, from > 4 ? from : refused);
  if (from > 4) setSourceAt(event, message, from + 6);
  event.setExtra('event.reason', message.slice(refused + 21));
}

/** `message repeated N times: [ MESSAGE]`: the message it repeats, and how often. */
function repeated(event: EcsEvent, message: string): void {
  const open = message.indexOf(': [ ');
  if (open < 0) return connection(event, message);
  const inner = message.slice(open + 4, message.endsWith(']') ? -1 : undefined);
  if (!inner.startsWith('message repeated')) parseSshd(event, inner);
  event.setExtra('vedette.repeat_count', integerAt(message, 17));
}

/** `[error: ]maximum authentication attempts exceeded for [invalid user ]USER from ADDRESS port N ssh2 [preauth]`. */
function attemptsExceeded(event: EcsEvent, message: string): void {
  login(event, message, message.indexOf('maximum'), 'failure', 7);
  event.action = 'ssh_max_attempts';
  if (event.extra !== null) delete event.extra['sshd.method'];
}

function failed(event: EcsEvent, message: string): void {
  if (message.startsWith('maximum authentication attempts', 7)) return attemptsExceeded(event, message);
  event.outcome = 'failure';
  if (message.startsWith('PAM: ', 7)) {
    const user = message.indexOf(' for ', 12);
    login(event, message, 7, 'failure', 5);
    event.action = 'pam_authentication';
    if (event.extra !== null) delete event.extra['sshd.method'];
    event.userName = event.userName.startsWith('illegal user ') ? event.userName.slice(13) : event.userName;
    event.setExtra('event.reason', message.slice(12, user < 0 ? undefined : user));
    return;
  }
  connection(event, message);
}

/** `… for HOST [ADDRESS] failed - POSSIBLE BREAK-IN ATTEMPT!`, `Address ADDRESS maps to HOST, but …`. */
function reverseMapping(event: EcsEvent, message: string, at: number): void {
  event.action = 'ssh_reverse_mapping_failed';
  event.outcome = 'failure';
  event.severity = 4;
  if (message.charCodeAt(at) === 91) {
    setSource(event, message.slice(at + 1, message.indexOf(']', at)));
    const host = message.indexOf(' for ');
    if (host > 0) event.setExtra('source.domain', message.slice(host + 5, at - 1));
    return;
  }
  setSource(event, wordAt(message, at));
  const host = message.indexOf(' maps to ');
  if (host > 0) event.setExtra('source.domain', wordAt(message, host + 9).replace(',', ''));
}

/**
 * What is said about a connection, by its first words, and where its address stands: at once, behind a user
 * (`[authenticating |invalid ]user USER ADDRESS port N`), behind the last `from`, or nowhere. What clients say of
 * themselves (disconnect reasons, version strings) is never searched for an address.
 */
type Place = 'next' | 'from' | 'none';
const CONNECTIONS: readonly (readonly [start: string, action: string, severity: number, address: Place])[] = [
  ['Connection closed by ', 'ssh_disconnect', 2, 'next'],
  ['Connection reset by ', 'ssh_disconnect', 2, 'next'],
  ['Disconnected from ', 'ssh_disconnect', 2, 'next'],
  ['Received disconnect from ', 'ssh_disconnect', 2, 'next'],
  ['error: Received disconnect from ', 'ssh_disconnect', 2, 'next'],
  ['Disconnecting ', 'ssh_disconnect', 4, 'next'],
  ['Disconnecting: ', 'ssh_disconnect', 4, 'none'],
  ['Connection from ', 'ssh_connect', 1, 'next'],
  ['Did not receive identification string from ', 'ssh_no_identification', 4, 'next'],
  ['Bad protocol version identification ', 'ssh_bad_protocol', 5, 'from'],
  ['banner exchange: Connection from ', 'ssh_bad_protocol', 4, 'next'],
  ['error: kex_exchange_identification: ', 'ssh_bad_protocol', 3, 'none'],
  ['kex_exchange_identification: ', 'ssh_bad_protocol', 3, 'none'],
  ['Unable to negotiate with ', 'ssh_negotiation_failed', 4, 'next'],
  ['fatal: Unable to negotiate with ', 'ssh_negotiation_failed', 4, 'next'],
  ['input_userauth_request: invalid user ', 'ssh_invalid_user', 4, 'none'],
  ['Starting session: ', 'ssh_session_start', 2, 'from'],
  ['Close session: ', 'ssh_session_end', 2, 'from'],
  ['Server listening on ', 'ssh_listening', 2, 'none'],
  ['Timeout, client not responding from ', 'ssh_timeout', 2, 'next'],
  ['Timeout before authentication for ', 'ssh_timeout', 4, 'next'],
  ['Corrupted MAC on input', 'ssh_corrupted', 6, 'none'],
  ['Authentication refused: ', 'ssh_refused', 5, 'none'],
  ['ROOT LOGIN REFUSED', 'ssh_refused', 6, 'from'],
];

function connection(event: EcsEvent, message: string): void {
  event.action = 'ssh_message';
  event.severity = message.startsWith('error: ') || message.startsWith('fatal: ') ? 5 : 2;
  for (const [start, action, severity, address] of CONNECTIONS) {
    if (!message.startsWith(start)) continue;
    event.action = action;
    event.severity = severity;
    about(event, message, start.length, address);
    return;
  }
}

function about(event: EcsEvent, message: string, at: number, address: Place): void {
  if (event.action === 'ssh_listening') {
    event.setExtra('server.address', wordAt(message, at));
    return;
  }
  if (event.action === 'ssh_invalid_user') {
    event.userName = withoutPreauth(message.slice(at));
    event.outcome = 'failure';
    return;
  }
  event.category = 'session';
  if (event.action === 'ssh_disconnect' || event.action === 'ssh_session_end') event.type = 'end';
  else if (event.action === 'ssh_connect' || event.action === 'ssh_session_start') event.type = 'start';
  if (address === 'next') addressOrUser(event, message, at);
  else if (address === 'from') userFrom(event, message, at);
  const tooMany = message.startsWith('Too many authentication failures for ', at) ? at + 37 : -1;
  if (tooMany > 0) event.userName = withoutPreauth(message.slice(tooMany));
  const on = event.action === 'ssh_connect' ? message.indexOf(' on ', at) : -1;
  if (on > 0) {
    event.destinationIp = wordAt(message, on + 4);
    const port = message.indexOf(' port ', on);
    if (port > 0) event.destinationPort = integerAt(message, port + 6, 65535);
  }
  reason(event, message, at);
}

const USER_WORDS = ['authenticating user ', 'invalid user ', 'user '];

/** `ADDRESS …` or `[authenticating |invalid ]user USER ADDRESS port N`: the user ends before the last address. */
function addressOrUser(event: EcsEvent, message: string, at: number): void {
  const word = USER_WORDS.find((words) => message.startsWith(words, at));
  if (word === undefined) return setSourceAt(event, message, at);
  const start = at + word.length;
  const port = message.lastIndexOf(' port ');
  const end = port < start ? -1 : message.lastIndexOf(' ', port - 1);
  if (end < start) return;
  event.userName = message.slice(start, end);
  setSourceAt(event, message, end + 1);
}

/** `… [for |user ]USER from ADDRESS port N`. */
function userFrom(event: EcsEvent, message: string, at: number): void {
  const from = message.lastIndexOf(' from ');
  if (from < at) return;
  setSourceAt(event, message, from + 6);
  const forUser = message.lastIndexOf(' for ', from);
  if (event.action === 'ssh_session_start' && forUser >= at) event.userName = message.slice(forUser + 5, from);
  else if (message.startsWith('user ', at)) event.userName = message.slice(at + 5, from);
}

function withoutPreauth(text: string): string {
  return text.endsWith(' [preauth]') ? text.slice(0, -10) : text;
}

function reason(event: EcsEvent, message: string, at: number): void {
  if (event.action === 'ssh_disconnect' || event.action === 'ssh_negotiation_failed') {
    const colon = message.indexOf(': ', at - 1);
    if (colon > 0) event.setExtra('event.reason', withoutPreauth(message.slice(colon + 2)));
  } else if (event.action === 'ssh_refused') event.setExtra('event.reason', message.slice(at));
}
