/**
 * What a request shows to be let in, read from its headers. Log shippers put their one secret where their protocol has
 * room for it, so an API key is taken from a Bearer token, an Elasticsearch `ApiKey`, a Basic password or Splunk's own
 * scheme. Pure; nothing is checked here.
 */
import type { IncomingHttpHeaders } from 'node:http';

export const SESSION_COOKIE = 'vedette_session';

export type Credential =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'cookie'; readonly secret: string }
  /** An Authorization header that holds nothing we know: an attempt, and a failed one. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'none' };

const KEY = /^vdt_[0-9a-f]{8}_[A-Za-z0-9_-]{43}$/;

/** Longest Authorization header that is looked at. */
const HEADER_LIMIT = 4_096;

/** An Authorization header decides alone: a wrong key beside a valid cookie is a wrong key. */
export function readCredential(
  headers: IncomingHttpHeaders,
  cookies: Readonly<Record<string, string | undefined>>,
): Credential {
  const header = headers.authorization;
  if (header !== undefined) return header.length > HEADER_LIMIT ? { kind: 'unreadable' } : readHeader(header);
  const secret = cookies[SESSION_COOKIE];
  return secret ? { kind: 'cookie', secret } : { kind: 'none' };
}

function readHeader(header: string): Credential {
  const space = header.indexOf(' ');
  const scheme = header.slice(0, Math.max(space, 0)).toLowerCase();
  const value = header.slice(space + 1).trim();
  if (scheme === 'bearer')
    return KEY.test(value) || !value.includes('.') ? keyOr(value) : { kind: 'token', token: value };
  if (scheme === 'splunk') return keyOr(value);
  if (scheme === 'basic') return keyOr(afterColon(decode(value)));
  if (scheme === 'apikey') {
    if (KEY.test(value)) return { kind: 'key', key: value };
    const decoded = decode(value);
    return KEY.test(decoded) ? { kind: 'key', key: decoded } : keyOr(afterColon(decoded));
  }
  return { kind: 'unreadable' };
}

function keyOr(value: string): Credential {
  return KEY.test(value) ? { kind: 'key', key: value } : { kind: 'unreadable' };
}

function decode(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}

function afterColon(text: string): string {
  return text.slice(text.indexOf(':') + 1);
}
