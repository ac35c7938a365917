import { pageOf, pipelineSchema, sourceSchema } from '@vedette/contracts';
import type { RouteModule } from '../types.ts';

const config = { access: { scope: 'read' } } as const;

/** What arrives from where, and how the pipeline keeps up. */
export const sourcesRoutes: RouteModule = (deps) => async (app) => {
  app.get(
    '/sources',
    { config, schema: { tags: ['sources'], summary: 'All log sources', response: { 200: pageOf(sourceSchema) } } },
    async () => {
      const items = deps.pipeline.sources();
      return { items, nextCursor: null, total: items.length };
    },
  );

  app.get(
    '/sources/pipeline',
    {
      config,
      schema: {
        tags: ['sources'],
        summary: 'Stages, journal, lag and inputs since the start',
        response: { 200: pipelineSchema },
      },
    },
    async () => deps.pipeline.state(),
  );
};
