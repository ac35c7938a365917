import { newUserSchema, pageOf, userPatchSchema, userSchema } from '@vedette/contracts';
import { z } from 'zod';
import type { AccountFailure } from '../../access/accounts.ts';
import { listUsers, type UserRow } from '../../store/state/users.ts';
import { ApiError } from '../errors.ts';
import { actorOf, principalOf } from '../principals.ts';
import { userOf } from '../sign-in.ts';
import type { RouteModule } from '../types.ts';

const idParams = z.object({ id: z.string().max(64) });
const config = { access: { scope: 'admin' } } as const;

/** Users, for administrators. The last active administrator stays, and nobody demotes or removes themselves. */
export const usersRoutes: RouteModule = (deps) => async (app) => {
  const { accounts } = deps.access;

  app.get(
    '/users',
    { config, schema: { tags: ['users'], summary: 'All users', response: { 200: pageOf(userSchema) } } },
    async () => {
      const items = (await listUsers(deps.state.db)).map(userOf);
      return { items, nextCursor: null, total: items.length };
    },
  );

  app.post(
    '/users',
    {
      config,
      bodyLimit: 4096,
      schema: { tags: ['users'], summary: 'Make a user', body: newUserSchema, response: { 201: userSchema } },
    },
    async (request, reply) => {
      const made = orThrow(await accounts.create(request.body, actorOf(request)));
      return reply.code(201).send(userOf(made));
    },
  );

  app.patch(
    '/users/:id',
    {
      config,
      bodyLimit: 4096,
      schema: {
        tags: ['users'],
        summary: 'Change role, activity or password; deactivation and a new password end the sessions',
        params: idParams,
        body: userPatchSchema,
        response: { 200: userSchema },
      },
    },
    async (request) => {
      const keep = principalOf(request).sessionId;
      return userOf(orThrow(await accounts.patch(request.params.id, request.body, actorOf(request), keep)));
    },
  );

  app.delete(
    '/users/:id',
    {
      config,
      schema: { tags: ['users'], summary: 'Remove a user', params: idParams, response: { 204: z.undefined() } },
    },
    async (request, reply) => {
      orThrow(await accounts.remove(request.params.id, actorOf(request)));
      return reply.code(204).send();
    },
  );
};

function orThrow(result: UserRow | AccountFailure): UserRow {
  if (typeof result !== 'string') return result;
  if (result === 'conflict') throw new ApiError('conflict', { message: 'A user of that name exists already.' });
  if (result === 'self_change')
    throw new ApiError('forbidden', { message: 'Nobody demotes, deactivates or removes themselves.' });
  throw new ApiError(result === 'last_admin' ? 'last_admin' : 'not_found');
}
