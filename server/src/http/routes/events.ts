import {
  eventDocumentSchema,
  eventListQuerySchema,
  fieldsQuerySchema,
  fieldsSchema,
  histogramQuerySchema,
  histogramSchema,
  pageOf,
} from '@vedette/contracts';
import { z } from 'zod';
import { ApiError } from '../errors.ts';
import type { RouteModule } from '../types.ts';

const config = { access: { scope: 'read' } } as const;
const MAX_FIELDS = 50;
/** The console's field list when none are named. */
const DEFAULT_FIELDS = [
  'vedette.source_type',
  'vedette.source',
  'host.name',
  'user.name',
  'source.ip',
  'destination.ip',
  'destination.port',
  'event.action',
  'event.outcome',
  'event.code',
  'event.severity',
  'network.protocol',
  'process.name',
];

/** Search, histogram, field values and single events. A query ends when its caller goes away. */
export const eventsRoutes: RouteModule = (deps) => async (app) => {
  app.get(
    '/events',
    {
      config,
      schema: {
        tags: ['events'],
        summary: 'Events that match a query, newest first',
        querystring: eventListQuerySchema,
        response: { 200: pageOf(eventDocumentSchema) },
      },
    },
    async (request, reply) => {
      const { limit, cursor, ...filter } = request.query;
      const page = await deps.events.search(filter, { limit, cursor }, { signal: request.signal });
      // Documents hold whatever names logs bring: they go out as they are.
      return reply.serializer(JSON.stringify).type('application/json; charset=utf-8').send(page);
    },
  );

  app.get(
    '/events/histogram',
    {
      config,
      schema: {
        tags: ['events'],
        summary: 'Numbers of matching events by time and severity',
        querystring: histogramQuerySchema,
        response: { 200: histogramSchema },
      },
    },
    async (request) => {
      const { buckets, ...filter } = request.query;
      return deps.events.histogram(filter, buckets, { signal: request.signal });
    },
  );

  app.get(
    '/events/fields',
    {
      config,
      schema: {
        tags: ['events'],
        summary: 'Most frequent values of fields among the matching events',
        querystring: fieldsQuerySchema,
        response: { 200: fieldsSchema },
      },
    },
    async (request) => {
      const { fields, top, ...filter } = request.query;
      const names =
        fields
          ?.split(',')
          .map((name) => name.trim())
          .filter((name) => name !== '') ?? DEFAULT_FIELDS;
      if (names.length > MAX_FIELDS) throw new ApiError('invalid', { message: `Name at most ${MAX_FIELDS} fields.` });
      return deps.events.fields(filter, names, top, { signal: request.signal });
    },
  );

  app.get(
    '/events/:id',
    {
      config,
      schema: {
        tags: ['events'],
        summary: 'One event',
        params: z.object({ id: z.string().max(64) }),
        response: { 200: eventDocumentSchema },
      },
    },
    async (request, reply) => {
      const [document] = await deps.events.get([request.params.id], undefined, { signal: request.signal });
      if (document === undefined) throw new ApiError('not_found', { message: 'There is no event with this id.' });
      return reply.serializer(JSON.stringify).type('application/json; charset=utf-8').send(document);
    },
  );
};
