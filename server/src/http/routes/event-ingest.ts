import { ingestQuerySchema, ingestResultSchema, type Lane } from '@vedette/contracts';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../../access/principal.ts';
import type { IngestOutcome } from '../../admission/ingest.ts';
import { JournalFullError } from '../../journal/journal.ts';
import { INGEST_BODY_LIMIT, readRawBodies } from '../body-reader.ts';
import { ApiError } from '../errors.ts';
import { principalOf } from '../principals.ts';
import type { RouteModule } from '../types.ts';

/** How long the sender of an envelope waits for the alerts that it is told of. */
const ALERTS_WAIT_MS = 2_000;
const MAX_KEY = 255;

/** `POST /events`: the answer is given when the events are durable; what is broken is told item by item. */
export const eventIngestRoutes: RouteModule = (deps) => async (app) => {
  readRawBodies(app, deps.admission);

  app.post(
    '/events',
    {
      config: { access: { scope: 'ingest' }, ingest: true },
      bodyLimit: INGEST_BODY_LIMIT,
      schema: {
        tags: ['events'],
        summary: 'Send one event, a JSON array, NDJSON or lines of text; gzip, zstd or deflate',
        description:
          'An `_id` in an event, or an `Idempotency-Key` for the request, makes what is sent again a duplicate for ' +
          '24 hours. `format` names a parser; without it the format is detected.',
        querystring: ingestQuerySchema,
        response: { 200: ingestResultSchema },
      },
    },
    async (request) => {
      const { query } = request;
      const principal = principalOf(request);
      const lane = laneFor(principal, query.lane ?? 'live');
      const requestKey = requestKeyOf(request, principal);
      const format = formatOf(query.format ?? '', deps.formats);
      const admitted = await deps.admission.admit((request.body as Buffer | undefined) ?? Buffer.alloc(0), {
        kind: 'events',
        ...encodingOf(request),
        format,
        index: '',
      });
      const outcome = await deps.ingest(
        { ...admitted, batches: admitted.batches.map((batch) => (query.source ? { ...batch, source: '' } : batch)) },
        {
          input: 'http',
          source: query.source || principal.name,
          format,
          lane,
          peer: request.ip,
          requestKey,
        },
      );
      throwFailure(outcome);
      const { accepted, duplicates, range } = outcome;
      const rejected = admitted.rejected.map(({ index, code, message }) => ({ index, code, message }));
      if (!admitted.isEnvelope) return { accepted, duplicates, rejected };
      if (range === null) return { accepted, duplicates, rejected, newAlerts: 0 };
      await deps.pipeline.settled(range.to, ALERTS_WAIT_MS);
      const newAlerts = deps.alerts.openedBy(range.from, range.to);
      return { accepted, duplicates, rejected, newAlerts };
    },
  );
};

/** Refused at the door rather than event by event in quarantine. */
function formatOf(format: string, known: ReadonlySet<string>): string {
  if (format === '' || known.has(format)) return format;
  throw new ApiError('invalid', { message: `There is no parser "${format}". Known: ${[...known].join(', ')}.` });
}

/** The lane, if the caller may send there: exercises need `simulate` besides. */
export function laneFor(principal: Principal, lane: Lane): Lane {
  if (lane === 'exercise' && !principal.scopes.includes('simulate'))
    throw new ApiError('forbidden', { message: 'The exercise lane needs the scope simulate.' });
  return lane;
}

/** Content type without parameters, and content encoding. */
export function encodingOf(request: FastifyRequest): { contentType: string; contentEncoding: string } {
  const { 'content-type': type = '', 'content-encoding': contentEncoding = '' } = request.headers;
  return { contentType: type.split(';', 1)[0]!.trim().toLowerCase(), contentEncoding };
}

/** Why an append failed, as callers may know it. */
export function appendFailure(error: Error): ApiError {
  if (error instanceof JournalFullError) return new ApiError('journal_full');
  return error instanceof RangeError ? new ApiError('too_large') : new ApiError('unavailable');
}

function throwFailure({ batches }: IngestOutcome): void {
  const failed = batches.find(({ error }) => error !== null);
  if (failed?.error) throw appendFailure(failed.error);
}

function requestKeyOf(request: FastifyRequest, { kind, id }: Principal): string {
  const key = request.headers['idempotency-key'];
  if (key === undefined || key === '') return '';
  if (typeof key !== 'string' || key.length > MAX_KEY)
    throw new ApiError('invalid', { message: `An Idempotency-Key has at most ${MAX_KEY} characters.` });
  return `request ${kind} ${id} ${key}`;
}
