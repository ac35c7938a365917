import { feedSchema, lookupSchema, pageOf } from '@vedette/contracts';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { ApiError } from '../errors.ts';
import type { RouteModule } from '../types.ts';

const config = { access: { scope: 'read' } } as const;

/** Threat intelligence feeds, and what they say of an address. */
export const intelRoutes: RouteModule = (deps) => async (app) => {
  const feeds = () => {
    const items = deps.intel === null ? [] : [deps.intel.state()];
    return { items, nextCursor: null, total: items.length };
  };

  app.get(
    '/intel/feeds',
    { config, schema: { tags: ['intel'], summary: 'Feeds and their state', response: { 200: pageOf(feedSchema) } } },
    async () => feeds(),
  );

  app.post(
    '/intel/feeds/refresh',
    {
      config: { access: { scope: 'write', role: 'engineer' } },
      bodyLimit: 1024,
      schema: {
        tags: ['intel'],
        summary: 'Load the feeds now, if they have changed',
        response: { 200: pageOf(feedSchema) },
      },
    },
    async () => {
      await deps.intel?.refresh();
      return feeds();
    },
  );

  app.get(
    '/intel/lookup',
    {
      config,
      schema: {
        tags: ['intel'],
        summary: 'How many blacklists name an address',
        querystring: z.object({ value: z.string().min(1).max(64) }),
        response: { 200: lookupSchema },
      },
    },
    async (request) => {
      const { value } = request.query;
      if (!ipaddr.isValid(value)) throw new ApiError('invalid', { message: 'Look up an IPv4 or IPv6 address.' });
      const level = deps.intel?.table().levelOf(ipaddr.process(value).toString()) ?? 0;
      return { value, level, feed: level > 0 ? deps.intel!.state().name : null };
    },
  );
};
