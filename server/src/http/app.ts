/**
 * The HTTP application: security headers, cookies, access, limits, one shape of errors, the API's routes and the
 * console's files. `inject` it in tests, `listen` on it in the composition root.
 */
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import Fastify, { LogController, type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { RouteDeps } from './deps.ts';
import { errorBody, sendError } from './errors.ts';
import { accessPlugin } from './plugins/access.ts';
import { consoleFilesPlugin } from './plugins/console-files.ts';
import { openapiPlugin } from './plugins/openapi.ts';
import { apiRoutes, rootRoutes } from './routes/index.ts';
import type { App } from './types.ts';

/** Largest request body; ingest routes set their own. */
const BODY_LIMIT = 256 * 1024;
/** A request must have arrived whole by then; streamed answers may last. */
const REQUEST_TIMEOUT_MS = 120_000;
/** How long `close` waits for answers under way. */
const CLOSE_GRACE_MS = 3_000;

const CONSOLE_FOLDER = fileURLToPath(new URL('../../../web/dist', import.meta.url));

export interface HttpOptions {
  /** PEM; without it plain HTTP. */
  https?: { key: string; cert: string };
  version: string;
  /** Folder of the built console. */
  consoleFolder?: string;
}

export async function createHttpApp(deps: RouteDeps, options: HttpOptions): Promise<App> {
  const { config } = deps;
  const fastify = Fastify({
    loggerInstance: deps.logger,
    ...(options.https && { https: options.https }),
    // The proxy's own word, not what a client wrote before it.
    trustProxy: config.behindProxy ? (_address, hop) => hop < 1 : false,
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    logController: new LogController({ disableRequestLogging: true }),
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    return503OnClosing: true,
    routerOptions: { maxParamLength: 512 },
    frameworkErrors: (error, request, reply) => void sendError(error, request, reply),
    clientErrorHandler: answerBrokenRequest,
  }) as unknown as FastifyInstance;
  const app = fastify.withTypeProvider<ZodTypeProvider>() as unknown as App;

  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(sendError);
  app.removeContentTypeParser('text/plain');

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  closeInTime(app);
  await app.register(helmet, securityHeaders(options.https !== undefined));
  await app.register(cookie);
  await app.register(accessPlugin, { access: deps.access, limits: config.rateLimits });
  await app.register(openapiPlugin, { version: options.version });
  await app.register(consoleFilesPlugin, { folder: options.consoleFolder ?? CONSOLE_FOLDER });
  for (const module of rootRoutes) await app.register(module(deps));
  await app.register(
    async (api) => {
      for (const module of apiRoutes) await api.register(module(deps));
    },
    { prefix: '/api/v1' },
  );
  return app;
}

/** Styles may be inline because the console's components write them; scripts never. */
function securityHeaders(tls: boolean) {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
      },
    },
    strictTransportSecurity: tls && { maxAge: 31_536_000 },
    referrerPolicy: { policy: 'no-referrer' as const },
    frameguard: { action: 'deny' as const },
  };
}

/** After the grace, connections that are still open (live streams, slow clients) are cut. */
function closeInTime(app: App): void {
  app.addHook('preClose', async () => {
    const timer = setTimeout(() => app.server.closeAllConnections(), CLOSE_GRACE_MS);
    app.server.once('close', () => clearTimeout(timer));
  });
}

/** Bytes that are no HTTP request: no route, no headers, only the socket. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const body = JSON.stringify(errorBody('bad_request', randomUUID()));
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json\r\nConnection: close\r\n`;
  if (socket.writable) socket.end(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  else socket.destroy();
}
