/**
 * The one way to the server: JSON over HTTP with the session cookie. Every answer is checked against its contract, so
 * a page never works on data of another shape. Failures are `ApiError`s with the server's stable code.
 */
import { API_ERRORS, apiErrorSchema, pageOf } from '@vedette/contracts';
import type { z } from 'zod';

export const API = '/api/v1';

export class ApiError extends Error {
  override name = 'ApiError';
  /** HTTP status; 0 when the server could not be reached. */
  readonly status: number;
  /** A code of the server's catalogue, or `unreachable`, `unexpected_answer`. */
  readonly code: string;
  readonly details: unknown;
  readonly requestId: string;

  constructor(status: number, code: string, message: string, details?: unknown, requestId = '') {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
    this.requestId = requestId;
  }
}

export interface RequestOptions {
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  signal?: AbortSignal;
}

let whenSignedOut: () => void = () => undefined;
/** Called whenever the server no longer knows the session. */
export function onSignedOut(listener: () => void): void {
  whenSignedOut = listener;
}

/** `GET` and checked answer. */
export function get<T extends z.ZodType>(path: string, schema: T, options: RequestOptions = {}): Promise<z.output<T>> {
  return send('GET', path, schema, options);
}

/** `GET` of a list: its items, whether or not the list is paged. */
export async function getItems<T extends z.ZodType>(
  path: string,
  item: T,
  options: RequestOptions = {},
): Promise<z.output<T>[]> {
  const page = await send('GET', path, pageOf(item).partial({ nextCursor: true }), options);
  return page.items;
}

/** Any method and checked answer. Rejects with `ApiError` only (and `AbortError`). */
export async function send<T extends z.ZodType>(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  schema: T,
  { query, body, signal }: RequestOptions = {},
): Promise<z.output<T>> {
  const response = await reach(urlOf(path, query), {
    method,
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      ...(method === 'GET' ? {} : { 'x-vedette-console': '1' }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  });
  const text = await response.text();
  const json = parseJson(text);
  if (!response.ok) throw failureOf(response, json);
  const checked = schema.safeParse(text === '' ? undefined : json);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  throw new ApiError(
    response.status,
    'unexpected_answer',
    `The server answered ${path} in a shape that this console does not know (${issue?.path.join('.') || 'body'}: ${issue?.message ?? ''}). Reload the page; console and server may be of different versions.`,
  );
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError(0, 'unreachable', 'The server cannot be reached. Check that Vedette is running.');
  }
}

function failureOf(response: Response, json: unknown): ApiError {
  const parsed = apiErrorSchema.safeParse(json);
  if (response.status === 401 && (!parsed.success || parsed.data.error.code !== 'bad_credentials')) whenSignedOut();
  if (!parsed.success)
    return new ApiError(response.status, 'unexpected_answer', `The server answered with status ${response.status}.`);
  const { code, message, details, requestId } = parsed.data.error;
  return new ApiError(response.status, code, message, details, requestId);
}

function urlOf(path: string, query: RequestOptions['query']): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {}))
    if (value !== undefined && value !== '') params.set(key, String(value));
  const text = params.toString();
  return API + path + (text === '' ? '' : `?${text}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** What went wrong and what to do about it, for any thrown value. */
export function explainError(error: unknown): { title: string; message: string; code: string; requestId: string } {
  if (error instanceof ApiError) {
    const catalogue = (API_ERRORS as Record<string, { message: string } | undefined>)[error.code];
    const title = error.status === 0 ? 'No connection' : (TITLES[error.code] ?? 'That did not work');
    return { title, message: error.message || catalogue?.message || '', code: error.code, requestId: error.requestId };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { title: 'The console failed', message, code: 'console', requestId: '' };
}

const TITLES: Readonly<Record<string, string>> = {
  bad_query: 'The query cannot be read',
  query_limit: 'The query needs too much',
  unavailable: 'Not ready yet',
  forbidden: 'Not allowed',
  rate_limited: 'Too many requests',
  unexpected_answer: 'Unexpected answer',
  not_found: 'Nothing here',
};

/** True for failures that may pass by themselves: worth another try. */
export function isPassing(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status === 503 || error.status === 429);
}
