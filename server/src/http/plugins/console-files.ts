/**
 * The console's files from `web/dist`. Paths that are no file are pages of the console and get `index.html`; hashed
 * assets are cached for ever, the page itself never. Without a build, one page says how to make it.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { ApiError, sendError } from '../errors.ts';
import { publicRoutes } from './public-routes.ts';

declare module 'fastify' {
  interface FastifyReply {
    /** Answers with the console's page. */
    sendConsole(): FastifyReply;
  }
}

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Vedette</title>
<h1>The console is not built</h1><p>Run <code>npm run build -w web</code> and reload.
The API works without it: see <a href="/api/docs">/api/docs</a>.</p></html>`;

/** The API's paths and the folder of hashed files: what does not exist there is an error, not a page. */
const NO_PAGES = /^\/(?:api|assets|services|metrics|loki|v1|_[a-z_]+)(?:[/?]|$)/;

export const consoleFilesPlugin = fp<{ folder: string }>(
  async (app, { folder }) => {
    const built = () => existsSync(join(folder, 'index.html'));

    app.decorateReply('sendConsole', function (this: FastifyReply) {
      if (!built()) return this.code(503).type('text/html; charset=utf-8').send(NOT_BUILT);
      return this.header('cache-control', 'no-cache').sendFile('index.html', { cacheControl: false });
    });

    const files = { root: folder, dotfiles: 'ignore', index: false, preCompressed: true, cacheControl: false } as const;
    await app.register(fastifyStatic, { ...files, serve: false, suppressWarning: true });
    await app.register(async (scope) => {
      publicRoutes(scope);
      // Folders, `/` among them, and forbidden names are refused with 403: here they are just no files.
      scope.setErrorHandler((error: { statusCode?: number }, request, reply) =>
        error.statusCode === 403 ? reply.callNotFound() : sendError(error, request, reply),
      );
      await scope.register(fastifyStatic, {
        ...files,
        decorateReply: false,
        suppressWarning: true,
        setHeaders: (reply, file) => {
          const hashed = file.startsWith(join(folder, 'assets'));
          reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
        },
      });
    });

    app.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) =>
      wantsPage(request) ? reply.sendConsole() : sendError(new ApiError('not_found'), request, reply),
    );
  },
  { name: 'console-files', fastify: '5.x' },
);

/** Pages may have dots in their path (`/pivot/10.0.0.5`); who asks for HTML gets the page all the same. */
function wantsPage({ method, url, headers }: FastifyRequest): boolean {
  if ((method !== 'GET' && method !== 'HEAD') || NO_PAGES.test(url)) return false;
  return /\btext\/html\b/.test(headers.accept ?? '') || !/\.\w{1,8}$/.test(url.split('?', 1)[0]!);
}
