import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { allows } from '../../access/principal.ts';
import { readRawBodies } from '../body-reader.ts';
import { elasticInfo, isElasticClient, versionFor } from '../elastic-wire.ts';
import { ApiError } from '../errors.ts';
import type { RouteModule } from '../types.ts';
import { answerLikeElastic, ELASTIC_ACCESS } from './elastic-bulk.ts';

const options = { config: { access: ELASTIC_ACCESS, ingest: true } as const, bodyLimit: 1024 * 1024 };
const nameParams = z.object({ name: z.string().max(255) });
const LICENSE = { uid: 'vedette', type: 'basic', mode: 'basic', status: 'active' };

/** `GET /`: Elasticsearch's greeting for its clients, the console for everybody else. */
export const elasticRootRoutes: RouteModule = () => async (app) => {
  answerLikeElastic(app);
  app.get('/', { config: { access: 'public', limit: 'none' } }, async (request, reply) => {
    if (!isElasticClient(request.headers))
      return reply.removeHeader('x-elastic-product').removeHeader('content-type').sendConsole();
    requireIngest(request);
    return reply.send(elasticInfo(versionFor(request.headers)));
  });
};

/**
 * What shippers ask before they send: they start only where licence, templates, policies, data streams and pipelines look
 * as they expect. Nothing is set up: templates and the like are accepted and mean nothing here.
 */
export const elasticHandshakeRoutes: RouteModule = (deps) => async (app) => {
  answerLikeElastic(app);
  readRawBodies(app, deps.admission);

  // Some shippers ask without their credentials whether anybody is there.
  app.get('/_cat/health', { config: { access: 'public' } }, async (_request, reply) =>
    reply.type('text/plain; charset=utf-8').send('vedette green 1 1 0 0 0 0 0 0 - 100.0%\n'),
  );
  app.get('/_cluster/health', options, async () => ({
    cluster_name: 'vedette',
    status: 'green',
    timed_out: false,
    number_of_nodes: 1,
    number_of_data_nodes: 1,
  }));
  app.get('/_license', options, async () => ({ license: LICENSE }));
  const features = { ilm: { available: true, enabled: true }, security: { available: true, enabled: true } };
  app.get('/_xpack', options, async () => ({ license: LICENSE, features }));
  for (const url of ['/_nodes/http', '/_nodes/_all/http'])
    app.get(url, options, async (request) => ({
      cluster_name: 'vedette',
      nodes: {
        vedette: {
          name: 'vedette',
          version: versionFor(request.headers),
          roles: ['data', 'ingest', 'master'],
          http: {
            bound_address: [request.host],
            publish_address: request.host,
            max_content_length_in_bytes: 33_554_432,
          },
        },
      },
    }));

  const named: Record<string, (name: string) => unknown> = {
    '/_ilm/policy': (name) => ({ [name]: { version: 1, policy: { phases: {} } } }),
    '/_index_template': (name) => ({
      index_templates: [{ name, index_template: { index_patterns: [`${name}*`], composed_of: [], data_stream: {} } }],
    }),
    '/_component_template': (name) => ({ component_templates: [{ name, component_template: { template: {} } }] }),
    '/_template': (name) => ({
      [name]: { order: 0, index_patterns: [`${name}*`], settings: {}, mappings: {}, aliases: {} },
    }),
    '/_data_stream': (name) => ({
      data_streams: [{ name, timestamp_field: { name: '@timestamp' }, indices: [], generation: 1, status: 'GREEN' }],
    }),
    '/_ingest/pipeline': (name) => ({ [name]: { processors: [] } }),
  };
  for (const [path, answer] of Object.entries(named)) {
    const schema = { params: nameParams };
    app.get(`${path}/:name`, { ...options, schema }, async (request, reply) =>
      reply.serializer(JSON.stringify).send(answer(request.params.name)),
    );
    for (const method of ['PUT', 'POST'] as const)
      app.route({ ...options, method, url: `${path}/:name`, handler: async () => ({ acknowledged: true }) });
  }
};

function requireIngest({ principal }: FastifyRequest): void {
  if (principal === null) throw new ApiError('unauthenticated');
  if (!allows(ELASTIC_ACCESS, principal)) throw new ApiError('forbidden');
}
