import { setTimeout as sleep } from 'node:timers/promises';
import { API_ERRORS, ingestQuerySchema } from '@vedette/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AccessRule } from '../../access/principal.ts';
import type { Admitted } from '../../admission/admitted.ts';
import type { BatchOutcome, Ingest, IngestMeta, IngestOutcome } from '../../admission/ingest.ts';
import { JournalFullError } from '../../journal/journal.ts';
import { INGEST_BODY_LIMIT, readRawBodies } from '../body-reader.ts';
import { bulkAnswer } from '../bulk-answer.ts';
import { elasticError, mediaTypeFor } from '../elastic-wire.ts';
import { publicError } from '../errors.ts';
import { principalOf } from '../principals.ts';
import type { App, RouteModule } from '../types.ts';
import { appendFailure, encodingOf, laneFor } from './event-ingest.ts';

export const ELASTIC_ACCESS: AccessRule = { scope: 'ingest' };

/**
 * How long a bulk request waits for room in a full journal. Some shippers drop what is answered with 429, all of them
 * send more slowly when answers come later.
 */
const RETRIES = 40;
const RETRY_MS = 250;

const querySchema = ingestQuerySchema.loose();
const indexParams = z.object({ index: z.string().max(255) });

/** Elasticsearch's `_bulk`, registered at `/`. Logs come in; nothing is changed, deleted or searched this way. */
export const elasticBulkRoutes: RouteModule = (deps) => async (app) => {
  answerLikeElastic(app);
  readRawBodies(app, deps.admission);

  const take = async (request: FastifyRequest, reply: FastifyReply, index: string) => {
    const started = deps.now();
    const query = querySchema.parse(request.query);
    const principal = principalOf(request);
    const admitted = await deps.admission.admit((request.body as Buffer | undefined) ?? Buffer.alloc(0), {
      kind: 'bulk',
      ...encodingOf(request),
      format: query.format ?? '',
      index,
    });
    const named = query.source
      ? { ...admitted, batches: admitted.batches.map((each) => ({ ...each, source: '' })) }
      : admitted;
    const outcome = await ingestPatiently(deps.ingest, named, {
      input: 'elastic-bulk',
      source: query.source || index || principal.name,
      format: query.format ?? '',
      lane: laneFor(principal, query.lane ?? 'live'),
      peer: request.ip,
      requestKey: '',
    });
    const [failed] = outcome.batches.filter(({ error }) => error !== null);
    if (failed?.error && outcome.accepted + outcome.duplicates === 0) throw appendFailure(failed.error);
    const answer = bulkAnswer(admitted, outcome.batches, (error) => appendFailure(error).code, deps.now() - started);
    return reply.serializer(JSON.stringify).send(answer);
  };

  const options = { config: { access: ELASTIC_ACCESS, ingest: true } as const, bodyLimit: INGEST_BODY_LIMIT };
  for (const method of ['POST', 'PUT'] as const) {
    app.route({ ...options, method, url: '/_bulk', handler: (request, reply) => take(request, reply, '') });
    app.route({
      ...options,
      method,
      url: '/:index/_bulk',
      schema: { params: indexParams },
      handler: (request, reply) => take(request, reply, request.params.index),
    });
  }
};

/** Headers, media type and errors of everything registered in `scope`. */
export function answerLikeElastic(scope: App): void {
  scope.addHook('onRequest', async (request, reply) => {
    reply.header('x-elastic-product', 'Elasticsearch');
    reply.type(mediaTypeFor(request.headers));
  });
  scope.setErrorHandler((error, request, reply) => {
    const { code, message } = publicError(error);
    const { status } = API_ERRORS[code];
    if (status >= 500) request.log.error({ err: error }, 'request failed');
    if (status === 429 || status === 503) reply.header('retry-after', '1');
    if (status === 401) reply.header('www-authenticate', ['Basic realm="vedette"', 'ApiKey', 'Bearer']);
    return reply
      .code(status)
      .header('x-elastic-product', 'Elasticsearch')
      .type(mediaTypeFor(request.headers))
      .serializer(JSON.stringify)
      .send(elasticError(code, message, status));
  });
}

async function ingestPatiently(ingest: Ingest, admitted: Admitted, meta: IngestMeta): Promise<IngestOutcome> {
  let outcome = await ingest(admitted, meta);
  for (let attempt = 0; attempt < RETRIES; attempt++) {
    const full = outcome.batches.map(({ error }) => error instanceof JournalFullError);
    if (!full.includes(true)) break;
    await sleep(RETRY_MS);
    const batches = admitted.batches.filter((_, at) => full[at]);
    const again = await ingest({ ...admitted, rejected: [], batches }, meta);
    outcome = merge(outcome, again.batches);
  }
  return outcome;
}

/** Puts what the journal said the second time in the place of what it refused. */
function merge(first: IngestOutcome, retried: readonly BatchOutcome[]): IngestOutcome {
  const next = retried.values();
  const batches = first.batches.map((before) => {
    if (!(before.error instanceof JournalFullError)) return before;
    const after = next.next().value!;
    // What the first attempt stored comes back as a duplicate of itself.
    const storedBefore = new Set(before.stored.map(({ item }) => item));
    const duplicateItems = after.duplicateItems.filter((item) => !storedBefore.has(item));
    const stored = [...before.stored, ...after.stored];
    return { ...after, stored, duplicateItems, accepted: stored.length, duplicates: duplicateItems.length };
  });
  const sum = (of: (batch: BatchOutcome) => number) => batches.reduce((total, batch) => total + of(batch), 0);
  return {
    batches,
    accepted: sum(({ accepted }) => accepted),
    duplicates: sum(({ duplicates }) => duplicates),
    range: first.range,
  };
}
