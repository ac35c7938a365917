import { sessionSchema, setupSchema, setupStateSchema } from '@vedette/contracts';
import { ApiError } from '../errors.ts';
import { signIn } from '../sign-in.ts';
import type { RouteModule } from '../types.ts';

/** The first administrator, once, by the link that the server printed at its start. */
export const setupRoutes: RouteModule = (deps) => async (app) => {
  const { accounts } = deps.access;

  app.get(
    '/setup',
    {
      config: { access: 'public' },
      schema: {
        tags: ['setup'],
        summary: 'Whether the first administrator is still to be made',
        response: { 200: setupStateSchema },
      },
    },
    async () => ({ needed: await accounts.setupNeeded() }),
  );

  app.post(
    '/setup',
    {
      config: { access: 'public', limit: 'auth' },
      bodyLimit: 4096,
      schema: {
        tags: ['setup'],
        summary: 'Make the first administrator and sign in',
        body: setupSchema,
        response: { 201: sessionSchema },
      },
    },
    async (request, reply) => {
      const { token, ...user } = request.body;
      const made = await accounts.createFirst(token, user, request.ip);
      if (made === 'bad_token')
        throw new ApiError('forbidden', {
          message: 'The set-up link is no longer valid. Use the one that the server printed at its last start.',
        });
      if (typeof made === 'string') throw new ApiError('setup_done');
      const session = await signIn(deps, request, reply, made);
      return reply.code(201).send(session);
    },
  );
};
