import { credentialsSchema, refreshSchema, sessionSchema, userSchema } from '@vedette/contracts';
import { z } from 'zod';
import { findUser } from '../../store/state/users.ts';
import { ApiError } from '../errors.ts';
import { actorOf, principalOf } from '../principals.ts';
import { clearSessionCookie, sessionOf, signIn, userOf } from '../sign-in.ts';
import type { RouteModule } from '../types.ts';

/** Signing in and out. Unknown name, wrong password and deactivated account give the same answer in the same time. */
export const authRoutes: RouteModule = (deps) => async (app) => {
  const { accounts, sessions } = deps.access;

  app.post(
    '/auth/login',
    {
      config: { access: 'public', limit: 'auth' },
      bodyLimit: 4096,
      schema: {
        tags: ['auth'],
        summary: 'Sign in: sets the session cookie and returns an access token',
        body: credentialsSchema,
        response: { 200: sessionSchema },
      },
    },
    async (request, reply) => {
      const { username, password } = request.body;
      const user = await accounts.checkPassword(username, password, request.ip);
      if (!user) throw new ApiError('bad_credentials');
      return signIn(deps, request, reply, user);
    },
  );

  app.post(
    '/auth/refresh',
    {
      config: { access: 'public' },
      bodyLimit: 4096,
      schema: {
        tags: ['auth'],
        summary: 'Exchange a refresh token for a new pair; a refresh token serves once',
        body: refreshSchema,
        response: { 200: sessionSchema },
      },
    },
    async (request) => {
      const refreshed = await sessions.refresh(request.body.refreshToken, request.ip);
      if (!refreshed) throw new ApiError('unauthenticated', { message: 'The session has ended. Sign in again.' });
      return sessionOf(refreshed.user, refreshed);
    },
  );

  app.post(
    '/auth/logout',
    {
      config: { access: { scope: 'read' } },
      bodyLimit: 4096,
      schema: {
        tags: ['auth'],
        summary: 'End the session: cookie, access token and refresh token',
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      const { sessionId } = principalOf(request);
      if (sessionId === undefined) throw new ApiError('forbidden', { message: 'An API key has no session to end.' });
      await sessions.end(sessionId, actorOf(request));
      clearSessionCookie(deps, request, reply);
      return reply.code(204).send();
    },
  );

  app.get(
    '/auth/me',
    {
      config: { access: { scope: 'read' } },
      schema: { tags: ['auth'], summary: 'The signed-in user', response: { 200: userSchema } },
    },
    async (request) => {
      const principal = principalOf(request);
      const user = principal.kind === 'user' ? await findUser(deps.state.db, principal.id) : undefined;
      if (!user) throw new ApiError('forbidden', { message: 'An API key is no user.' });
      return userOf(user);
    },
  );
};
