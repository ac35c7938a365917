/**
 * Every error that leaves the API has one shape and a code of the catalogue. What is not foreseen is `internal`: the log
 * has the stack under the request id, the answer never does.
 */
import { API_ERRORS, type ApiErrorBody, type ApiErrorCode } from '@vedette/contracts';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { PasswordQueueFullError } from '../access/passwords.ts';
import { AdmissionError } from '../admission/admitted.ts';
import { JournalFullError } from '../journal/journal.ts';
import { QueryError } from '../search/query.ts';
import { QueryLimitError, StoreUnavailableError } from '../store/events/event-store.ts';
import { CursorError } from '../store/events/queries/cursor.ts';

/** Up to here the rest of a refused body is read and thrown away, so that the connection can serve on. */
const UNREAD_LIMIT = 1024 * 1024;

/** Thrown by routes; answers with the code's status. `message` replaces the catalogue's where it can say more. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly code: ApiErrorCode;
  readonly details: unknown;
  constructor(code: ApiErrorCode, options: { message?: string; details?: unknown } = {}) {
    super(options.message ?? API_ERRORS[code].message);
    this.code = code;
    this.details = options.details;
  }
}

export function errorBody(code: ApiErrorCode, requestId: string, message?: string, details?: unknown): ApiErrorBody {
  const text = message ?? API_ERRORS[code].message;
  return { error: { code, message: text, ...(details !== undefined && { details }), requestId } };
}

/** Fastify's own errors by code; other 4xx go by their status. */
const BY_FASTIFY_CODE: Readonly<Record<string, ApiErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media',
  FST_ERR_CTP_INVALID_JSON_BODY: 'bad_json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'bad_json',
};
const BY_STATUS: Readonly<Record<number, ApiErrorCode>> = {
  400: 'bad_request',
  404: 'not_found',
  413: 'too_large',
  415: 'unsupported_media',
};

/** Errors of the parts below that callers may know of. */
const BY_KIND: readonly (readonly [new (message?: string) => Error, ApiErrorCode])[] = [
  [CursorError, 'bad_cursor'],
  [QueryLimitError, 'query_limit'],
  [StoreUnavailableError, 'unavailable'],
  [JournalFullError, 'journal_full'],
];

/** What an error of any kind looks like from outside. */
export function publicError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof PasswordQueueFullError) return new ApiError('unavailable');
  if (error instanceof QueryError) {
    const { message, position } = error;
    return new ApiError('bad_query', { message, details: { position } });
  }
  if (error instanceof AdmissionError) return new ApiError(error.code, { message: error.message });
  for (const [kind, code] of BY_KIND) if (error instanceof kind) return new ApiError(code);
  if (hasZodFastifySchemaValidationErrors(error)) {
    const details = error.validation.map(({ instancePath, message }) => ({
      path: instancePath.slice(1).replaceAll('/', '.'),
      message: message ?? '',
    }));
    const first = details[0]!;
    const message = first.path === '' ? first.message : `${first.path}: ${first.message}`;
    return new ApiError('invalid', { message, details });
  }
  const { code, statusCode } = (error ?? {}) as Partial<FastifyError>;
  // Fastify's JSON parser throws plain SyntaxErrors for broken text and for `__proto__` and `constructor` keys.
  if (error instanceof SyntaxError && statusCode === 400) return new ApiError('bad_json');
  const known = (code !== undefined && BY_FASTIFY_CODE[code]) || BY_STATUS[statusCode ?? 500];
  return new ApiError(known || 'internal');
}

/** Fastify's error handler. */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const answer = publicError(error);
  const { status } = API_ERRORS[answer.code];
  // A query that was ended because its caller went away is no failure.
  if (status >= 500 && !reply.raw.destroyed) request.log.error({ err: error }, 'request failed');
  if (reply.raw.headersSent) return reply;
  if (leavesMuchUnread(request)) reply.header('connection', 'close');
  if ((status === 429 || status === 503) && !reply.hasHeader('retry-after')) reply.header('retry-after', '1');
  return reply
    .code(status)
    .removeHeader('etag')
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .serializer(JSON.stringify)
    .send(errorBody(answer.code, request.id, answer.message, answer.details));
}

/** Swallowing the rest of a large or endless body costs more than the client's next connection. */
function leavesMuchUnread(request: FastifyRequest): boolean {
  if (request.raw.complete) return false;
  const length = request.headers['content-length'];
  return length === undefined || Number(length) > UNREAD_LIMIT;
}
