/** The caller of a request, for handlers. */
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../access/principal.ts';
import type { Actor } from '../store/state/audit.ts';
import { ApiError } from './errors.ts';

/** The caller; 401 when there is none (public routes only: elsewhere the access hook has seen to it). */
export function principalOf(request: FastifyRequest): Principal {
  if (!request.principal) throw new ApiError('unauthenticated');
  return request.principal;
}

/** The caller as the audit log and histories name it. */
export function actorOf(request: FastifyRequest): Actor {
  const { kind, id, name } = principalOf(request);
  return { kind, id, name, ip: request.ip };
}
