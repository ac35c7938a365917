/** Signing a user in: the answer for API clients and the cookie for the console, both from one session. */
import type { Session, User } from '@vedette/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ACCESS_TOKEN_SECONDS } from '../access/access-tokens.ts';
import { SESSION_COOKIE } from '../access/credentials.ts';
import type { UserRow } from '../store/state/users.ts';
import type { RouteDeps } from './deps.ts';

export async function signIn(
  deps: RouteDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  user: UserRow,
): Promise<Session> {
  const { cookie, accessToken, refreshToken } = await deps.access.sessions.open(user.id);
  setSessionCookie(deps, request, reply, cookie);
  return sessionOf(user, { accessToken, refreshToken });
}

export function sessionOf(user: UserRow, tokens: { accessToken: string; refreshToken: string }): Session {
  const { accessToken, refreshToken } = tokens;
  return { user: userOf(user), accessToken, refreshToken, expiresIn: ACCESS_TOKEN_SECONDS };
}

/** The browser keeps the cookie until it closes; how long it opens the door is the session's matter. */
export function setSessionCookie(deps: RouteDeps, request: FastifyRequest, reply: FastifyReply, value: string): void {
  void reply.setCookie(SESSION_COOKIE, value, cookieOptions(deps, request));
}

export function clearSessionCookie(deps: RouteDeps, request: FastifyRequest, reply: FastifyReply): void {
  void reply.clearCookie(SESSION_COOKIE, cookieOptions(deps, request));
}

function cookieOptions(deps: RouteDeps, request: FastifyRequest) {
  const secure = deps.config.tls.enabled || request.protocol === 'https';
  return { path: '/', httpOnly: true, sameSite: 'strict' as const, secure };
}

export function userOf(row: UserRow): User {
  return {
    id: row.id,
    username: row.username,
    role: row.role,
    active: row.active === 1,
    createdAt: new Date(row.created_at).toISOString(),
    lastLoginAt: row.last_login_at === null ? null : new Date(row.last_login_at).toISOString(),
  };
}
