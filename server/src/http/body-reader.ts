/**
 * Reads bodies of logs as they are, compressed or not. What all of them hold in memory together is reserved first:
 * beyond it the sender is told to come back, as when the journal is full.
 */
import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Admission } from '../admission/admission.ts';
import { ApiError } from './errors.ts';
import type { App } from './types.ts';

/** Bytes on the wire. */
export const INGEST_BODY_LIMIT = 32 * 1024 * 1024;
/** What a compressed body is taken to hold. */
const EXPANSION = 8;

/** Routes of `scope` get their body as a Buffer, whatever its content type. */
export function readRawBodies(scope: App, admission: Admission): void {
  const reserved = new WeakMap<FastifyRequest, number>();
  const reserve = (request: FastifyRequest, bytes: number): void => {
    const factor = request.headers['content-encoding'] === undefined ? 1 : EXPANSION;
    if (!admission.reserve(bytes * factor)) throw new ApiError('journal_full');
    reserved.set(request, (reserved.get(request) ?? 0) + bytes * factor);
  };
  scope.addHook('onResponse', async (request) => {
    const bytes = reserved.get(request);
    reserved.delete(request);
    if (bytes !== undefined) admission.free(bytes);
  });
  // The rest of a refused body would be read for nothing.
  scope.addHook('onError', async (request, reply: FastifyReply) => {
    if (!request.raw.readableEnded) reply.header('connection', 'close');
  });
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (request: FastifyRequest, payload: IncomingMessage) =>
    readBody(request, payload, (bytes) => reserve(request, bytes)),
  );
}

async function readBody(
  request: FastifyRequest,
  payload: IncomingMessage,
  reserve: (bytes: number) => void,
): Promise<Buffer> {
  const limit = request.routeOptions.bodyLimit;
  const announced = Number(request.headers['content-length'] ?? Number.NaN);
  if (announced > limit) throw new ApiError('too_large');
  if (announced >= 0) reserve(announced);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of payload as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limit) throw new ApiError('too_large');
    if (!(announced >= 0)) reserve(chunk.length);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
