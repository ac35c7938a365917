/** `/api/docs`: the OpenAPI document, made from the same schemas that check requests, and a page to read it with. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { apiErrorSchema } from '@vedette/contracts';
import fp from 'fastify-plugin';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import type { AccessRule } from '../../access/principal.ts';
import { publicRoutes } from './public-routes.ts';

export const openapiPlugin = fp<{ version: string }>(
  async (app, { version }) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Vedette',
          version,
          description:
            'Times are UTC ISO-8601. Lists page by cursor. Every error has the same shape and a stable code. ' +
            'Send an API key, or the access token of a sign-in, as a Bearer token.',
          license: { name: 'Apache-2.0' },
        },
        components: {
          securitySchemes: {
            bearer: { type: 'http', scheme: 'bearer', description: 'API key or access token' },
            session: { type: 'apiKey', in: 'cookie', name: 'vedette_session', description: "The console's session" },
          },
        },
      },
      transform(document) {
        const { schema = {}, route } = document;
        if (!document.url.startsWith('/api/v1/')) return { schema: { hide: true }, url: document.url };
        const described = {
          ...schema,
          ...securityOf(route.config?.access ?? 'public', schema.description),
          response: { ...(schema.response as object | undefined), '4xx': apiErrorSchema },
        };
        return jsonSchemaTransform({ ...document, schema: described });
      },
    });
    await app.register(async (scope) => {
      publicRoutes(scope);
      await scope.register(swaggerUi, {
        routePrefix: '/api/docs',
        uiConfig: { requestInterceptor: addConsoleHeader },
        theme: { title: 'Vedette API' },
      });
    });
  },
  { name: 'openapi', fastify: '5.x' },
);

/** What the document says about who may call. */
function securityOf(
  rule: AccessRule,
  description = '',
): { security: Record<string, string[]>[]; description?: string } {
  if (rule === 'public') return { security: [], ...(description && { description }) };
  const needs = `Needs scope \`${rule.scope}\`${rule.role ? `; users need at least the role ${rule.role}` : ''}.`;
  return {
    security: [{ bearer: [] }, { session: [] }],
    description: description ? `${description}\n\n${needs}` : needs,
  };
}

/** The page sends the console's cookie, so its calls say where they come from. Sent to the page as text. */
function addConsoleHeader<T extends object>(request: T): T {
  const { headers } = request as { headers?: object };
  return Object.assign(request, { headers: { ...headers, 'X-Vedette-Console': '1' } });
}
