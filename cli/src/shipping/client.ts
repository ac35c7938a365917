/**
 * One POST to the server, repeated until it is answered for good. Busy (429) and broken (5xx, no connection) are waited
 * out with growing pauses; the Idempotency-Key makes the repetition safe when only the answer was lost.
 */
import { request as httpRequest, Agent as HttpAgent } from 'node:http';
import { request as httpsRequest, Agent as HttpsAgent } from 'node:https';
import { gzip } from 'node:zlib';
import { promisify } from 'node:util';
import { API_ERRORS, ingestResultSchema, type IngestResult } from '@vedette/contracts';
import { CommandError, reasonOf } from '../output/command-error.ts';

const compress = promisify(gzip);

export interface ClientOptions {
  /** Base address: `http://127.0.0.1:8431`. */
  url: URL;
  key: string;
  /** PEM text of the authority that signed the server's certificate. */
  ca?: string;
  /** How often one batch is tried. */
  attempts: number;
  /** Tells people why it takes longer. */
  waiting: (reason: string, ms: number) => void;
  sleep: (ms: number) => Promise<void>;
}

export interface Post {
  body: Buffer;
  contentType: string;
  idempotencyKey: string;
  query: Record<string, string>;
}

/** The server refuses a body of this size; send it in smaller pieces. */
export class BodyTooLargeError extends Error {
  override name = 'BodyTooLargeError';
}

export interface Client {
  /** Throws `BodyTooLargeError`, and `CommandError` when the server cannot or will not take it. */
  post(post: Post): Promise<IngestResult>;
  close(): void;
}

interface Answer {
  status: number;
  retryAfterMs: number | null;
  text: string;
}

const MAX_ANSWER = 8 * 1024 * 1024;
const TIMEOUT_MS = 60_000;
const LONGEST_WAIT_MS = 30_000;

export function createClient({ url, key, ca, attempts, waiting, sleep }: ClientOptions): Client {
  const secure = url.protocol === 'https:';
  const agent = secure ? new HttpsAgent({ keepAlive: true, ca }) : new HttpAgent({ keepAlive: true });
  const send = secure ? httpsRequest : httpRequest;

  async function once({ body, contentType, idempotencyKey, query }: Post): Promise<Answer> {
    const packed = await compress(body, { level: 1 });
    const target = new URL('api/v1/events', url.href.endsWith('/') ? url : `${url.href}/`);
    for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
    return new Promise((resolve, reject) => {
      const request = send(target, {
        method: 'POST',
        agent,
        timeout: TIMEOUT_MS,
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': contentType,
          'content-encoding': 'gzip',
          'content-length': packed.length,
          'idempotency-key': idempotencyKey,
        },
      });
      request.on('timeout', () => request.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
      request.on('error', reject);
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes <= MAX_ANSWER) chunks.push(chunk);
        });
        response.on('error', reject);
        response.on('end', () => {
          const seconds = Number(response.headers['retry-after']);
          resolve({
            status: response.statusCode ?? 0,
            retryAfterMs: Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null,
            text: Buffer.concat(chunks).toString('utf8'),
          });
        });
      });
      request.end(packed);
    });
  }

  return {
    async post(post) {
      let problem = '';
      for (let attempt = 1; attempt <= attempts; attempt++) {
        const answer = await once(post).catch((error: unknown) => connectionProblem(url, error));
        if (typeof answer === 'string') problem = answer;
        else if (answer.status === 429 || answer.status >= 500) problem = messageOf(answer);
        else return resultOf(answer);
        if (attempt === attempts) break;
        const pause = (typeof answer === 'string' ? null : answer.retryAfterMs) ?? 250 * 2 ** Math.min(attempt - 1, 8);
        const ms = Math.min(pause, LONGEST_WAIT_MS);
        waiting(problem, ms);
        await sleep(ms);
      }
      throw new CommandError(`${problem} (tried ${attempts} times)`);
    },
    close: () => agent.destroy(),
  };
}

/** A reason to try again; what cannot become better is thrown. */
function connectionProblem(url: URL, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) {
    throw new CommandError(
      `${url.origin} has a certificate that is not trusted (${code}); name its authority with --ca DATA/tls/ca.pem`,
    );
  }
  if (code === 'ENOTFOUND') throw new CommandError(`there is no host named ${url.hostname}`);
  const hint = code === 'ECONNREFUSED' ? '; is the server running (vedette up)?' : '';
  return `${url.origin} cannot be reached: ${reasonOf(error) || code}${hint}`;
}

function resultOf(answer: Answer): IngestResult {
  if (answer.status === 413) throw new BodyTooLargeError(messageOf(answer));
  if (answer.status === 401)
    throw new CommandError(`${messageOf(answer)} Make a key: vedette key create --scopes ingest`);
  // A refused request still tells about its events where it can.
  const parsed = ingestResultSchema.safeParse(jsonOf(answer.text));
  if (parsed.success) return parsed.data;
  throw new CommandError(messageOf(answer));
}

function messageOf({ status, text }: Answer): string {
  const error = (jsonOf(text) as { error?: { code?: unknown; message?: unknown; details?: unknown } } | null)?.error;
  if (typeof error?.message === 'string') {
    const details = typeof error.details === 'string' ? ` ${error.details}` : '';
    return `the server answered ${status}: ${error.message}${details}`;
  }
  const known = Object.values(API_ERRORS).find((entry) => entry.status === status);
  return `the server answered ${status}${known ? `: ${known.message}` : ''}`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
