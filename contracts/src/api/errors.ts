import { z } from 'zod';

/** The one catalogue of API errors: stable code → HTTP status and what the reader should do next. */
export const API_ERRORS = {
  bad_request: { status: 400, message: 'The request is malformed.' },
  bad_query: { status: 400, message: 'The search query cannot be read.' },
  bad_json: { status: 400, message: 'The text is not valid JSON.' },
  bad_encoding: { status: 400, message: 'The body cannot be decompressed.' },
  bad_cursor: { status: 400, message: 'The cursor is not one that this list returned.' },
  unauthenticated: { status: 401, message: 'Sign in, or send an API key as a Bearer token.' },
  bad_credentials: { status: 401, message: 'User name or password is wrong.' },
  forbidden: { status: 403, message: 'Your role or key scope does not allow this.' },
  csrf: { status: 403, message: 'The request did not come from the console.' },
  not_found: { status: 404, message: 'There is nothing here by that name.' },
  illegal_transition: { status: 409, message: 'The status cannot change that way.' },
  conflict: { status: 409, message: 'It exists already or has changed meanwhile.' },
  setup_done: { status: 409, message: 'The first administrator exists already. Sign in instead.' },
  last_admin: { status: 409, message: 'The last active administrator cannot be removed or demoted.' },
  too_large: { status: 413, message: 'The body is larger than the limit.' },
  unsupported_media: { status: 415, message: 'The content type or encoding is not supported.' },
  invalid: { status: 422, message: 'A value is not allowed.' },
  too_deep: { status: 422, message: 'The JSON is nested too deeply.' },
  line_too_long: { status: 422, message: 'The event is larger than the limit for one event.' },
  unparsed: { status: 422, message: 'No parser could read the event.' },
  rate_limited: { status: 429, message: 'Too many requests. Wait as long as Retry-After says.' },
  journal_full: { status: 429, message: 'The server cannot keep up. Send again after Retry-After seconds.' },
  internal: { status: 500, message: 'Something went wrong inside. The log has the details under this request id.' },
  query_limit: {
    status: 503,
    message: 'The query needed too much time or memory. Narrow the time range or the filter.',
  },
  unavailable: { status: 503, message: 'A part of the server is not ready. Try again shortly.' },
} as const;

export type ApiErrorCode = keyof typeof API_ERRORS;

/** Every error body of the API. */
export const apiErrorSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    details: z.unknown().optional(),
    requestId: z.string(),
  }),
});
export type ApiErrorBody = z.infer<typeof apiErrorSchema>;
