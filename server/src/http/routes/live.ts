import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { allows, type AccessRule } from '../../access/principal.ts';
import { LIVE_TOPICS, type LiveTopic } from '../../live/live-hub.ts';
import { ApiError } from '../errors.ts';
import type { RouteModule } from '../types.ts';

const access: AccessRule = { scope: 'read' };
/** How soon a stream ends when its session or key does. */
const RECHECK_MS = 3_000;
const TOPIC_NAMES: ReadonlyMap<string, LiveTopic> = new Map([
  ...LIVE_TOPICS.map((topic) => [topic, topic] as const),
  ['alerts', 'alert'],
]);

/** `GET /live`: server-sent events, resumed by `Last-Event-ID`. */
export const liveRoutes: RouteModule = (deps) => async (app) => {
  const streams = new Set<ServerResponse>();
  app.addHook('preClose', async () => {
    for (const stream of streams) stream.end();
  });

  app.get(
    '/live',
    {
      config: { access },
      schema: {
        tags: ['live'],
        summary: 'Alerts, events and health as they come (server-sent events)',
        description: '`topics` is a list of `alerts`, `events` and `health`, all by default.',
        querystring: z.object({ topics: z.string().max(100).optional() }),
      },
    },
    async (request, reply) => {
      const topics = topicsOf(request.query.topics);
      const lastEventId = request.headers['last-event-id'];
      const stream = reply.raw;
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) stream.setHeader(name, value);
      stream.setHeader('content-type', 'text/event-stream; charset=utf-8');
      stream.setHeader('cache-control', 'no-cache, no-transform');
      stream.setHeader('x-accel-buffering', 'no');
      const client = deps.live.connect(stream, topics, typeof lastEventId === 'string' ? lastEventId : undefined);
      if (client === null)
        throw new ApiError('unavailable', { message: 'Too many live streams are open. Try again shortly.' });
      reply.hijack();
      const recheck = setInterval(() => {
        deps.access.authenticate(request.headers, request.cookies).then(
          (principal) => {
            if (typeof principal === 'string' || !allows(access, principal)) stream.end();
          },
          (error: unknown) => {
            request.log.error({ err: error }, 'the session of a live stream could not be checked');
            stream.end();
          },
        );
      }, RECHECK_MS);
      streams.add(stream);
      stream.on('close', () => {
        clearInterval(recheck);
        streams.delete(stream);
      });
    },
  );
};

function topicsOf(list: string | undefined): ReadonlySet<LiveTopic> {
  if (list === undefined || list === '') return new Set(LIVE_TOPICS);
  return new Set(
    list.split(',').map((name) => {
      const topic = TOPIC_NAMES.get(name.trim());
      if (topic === undefined) throw new ApiError('invalid', { message: 'Topics are alerts, events and health.' });
      return topic;
    }),
  );
}
