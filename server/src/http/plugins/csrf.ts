/**
 * Browsers send the console's cookie of their own accord, so what changes something must show that the console's own
 * page sent it: a header that no foreign page can add, and the browser's word on where the request came from.
 */
import type { FastifyRequest } from 'fastify';

export const CONSOLE_HEADER = 'x-vedette-console';
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

export function fromConsole(request: Pick<FastifyRequest, 'method' | 'headers' | 'host'>): boolean {
  if (SAFE_METHODS.has(request.method)) return true;
  if (request.headers[CONSOLE_HEADER] !== '1') return false;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin } = request.headers;
  return origin !== undefined && hostOf(origin) === request.host.toLowerCase();
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
