/** Who is signed in, and what the role allows. The server enforces it; the console only hides what would fail. */
import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { ROLES, sessionSchema, setupStateSchema, userSchema, type Role, type User } from '@vedette/contracts';
import { z } from 'zod';
import { get, send } from './api.ts';

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => get('/auth/me', userSchema, { signal }),
  staleTime: 60_000,
  retry: false,
});

export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: ({ signal }) => get('/setup', setupStateSchema, { signal }),
  staleTime: 0,
  retry: false,
});

export function signIn(username: string, password: string): Promise<z.infer<typeof sessionSchema>> {
  return send('POST', '/auth/login', sessionSchema, { body: { username, password } });
}

export function signOut(): Promise<unknown> {
  return send('POST', '/auth/logout', z.unknown());
}

/** The signed-in user; only below the frame, where the route has made sure of one. */
export function useUser(): User {
  return useSuspenseQuery(meQuery).data;
}

/** True when `role` may do what `needed` may do. */
export function roleAllows(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

export function useAllowed(needed: Role): boolean {
  return roleAllows(useUser().role, needed);
}
