/** Who a request acts for, and what that allows. Pure. */
import { ROLES, type Role, type Scope } from '@vedette/contracts';

export interface Principal {
  readonly kind: 'user' | 'key';
  readonly id: string;
  readonly name: string;
  /** Users only. */
  readonly role?: Role;
  readonly scopes: readonly Scope[];
  /** How a user came in: only the cookie is sent by browsers of their own accord and needs the CSRF check. */
  readonly via: 'cookie' | 'token' | 'key';
  /** Users only. */
  readonly sessionId?: string;
}

/** What a route asks for. `role` is the least role of a user; a key needs the scope alone. */
export type AccessRule = 'public' | { readonly scope: Scope; readonly role?: Role };

/** What each role may do. */
export const ROLE_SCOPES: Readonly<Record<Role, readonly Scope[]>> = {
  viewer: ['read'],
  analyst: ['read', 'write'],
  engineer: ['read', 'write', 'simulate', 'ingest'],
  admin: ['read', 'write', 'simulate', 'ingest', 'admin'],
};

export function allows(rule: AccessRule, principal: Principal): boolean {
  if (rule === 'public') return true;
  if (!principal.scopes.includes(rule.scope)) return false;
  if (rule.role === undefined || principal.role === undefined) return true;
  return ROLES.indexOf(principal.role) >= ROLES.indexOf(rule.role);
}
