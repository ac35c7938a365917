import { createdKeySchema, keySchema, newKeySchema, pageOf, type ApiKey } from '@vedette/contracts';
import { z } from 'zod';
import { listKeys, scopesOf, type ApiKeyRow } from '../../store/state/api-keys.ts';
import { ApiError } from '../errors.ts';
import { actorOf } from '../principals.ts';
import type { RouteModule } from '../types.ts';

const idParams = z.object({ id: z.string().max(64) });
const config = { access: { scope: 'admin' } } as const;

/** API keys, for administrators. A key is shown once, in the answer that makes it. */
export const keysRoutes: RouteModule = (deps) => async (app) => {
  const { keys } = deps.access;

  app.get(
    '/keys',
    { config, schema: { tags: ['keys'], summary: 'All keys, newest first', response: { 200: pageOf(keySchema) } } },
    async () => {
      const items = (await listKeys(deps.state.db)).map(keyOf);
      return { items, nextCursor: null, total: items.length };
    },
  );

  app.post(
    '/keys',
    {
      config,
      bodyLimit: 4096,
      schema: { tags: ['keys'], summary: 'Make a key', body: newKeySchema, response: { 201: createdKeySchema } },
    },
    async (request, reply) => {
      const { row, key } = await keys.create(request.body, actorOf(request));
      return reply.code(201).send({ ...keyOf(row), key });
    },
  );

  app.post(
    '/keys/:id/rotate',
    {
      config,
      bodyLimit: 4096,
      schema: {
        tags: ['keys'],
        summary: 'Give the key a new secret; the old one ends at once',
        params: idParams,
        response: { 200: createdKeySchema },
      },
    },
    async (request) => {
      const rotated = await keys.rotate(request.params.id, actorOf(request));
      if (!rotated) throw new ApiError('not_found', { message: 'There is no such key, or it was revoked.' });
      return { ...keyOf(rotated.row), key: rotated.key };
    },
  );

  app.delete(
    '/keys/:id',
    {
      config,
      schema: { tags: ['keys'], summary: 'Revoke a key, at once', params: idParams, response: { 200: keySchema } },
    },
    async (request) => {
      const revoked = await keys.revoke(request.params.id, actorOf(request));
      if (!revoked) throw new ApiError('not_found');
      return keyOf(revoked);
    },
  );
};

function keyOf(row: ApiKeyRow): ApiKey {
  const time = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  return {
    id: row.id,
    name: row.name,
    scopes: scopesOf(row),
    prefix: row.prefix,
    createdAt: new Date(row.created_at).toISOString(),
    lastUsedAt: time(row.last_used_at),
    revokedAt: time(row.revoked_at),
  };
}
