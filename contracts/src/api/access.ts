import { z } from 'zod';

export const ROLES = ['viewer', 'analyst', 'engineer', 'admin'] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

export const SCOPES = ['ingest', 'read', 'write', 'simulate', 'admin'] as const;
export const scopeSchema = z.enum(SCOPES);
export type Scope = z.infer<typeof scopeSchema>;

export const usernameSchema = z
  .string()
  .regex(/^[a-zA-Z0-9._@-]{1,64}$/, 'Use 1 to 64 letters, digits, dots, dashes, underscores or @.');
export const passwordSchema = z.string().min(12, 'Use at least 12 characters.').max(256);

export const userSchema = z.object({
  id: z.string(),
  username: z.string(),
  role: roleSchema,
  active: z.boolean(),
  createdAt: z.string(),
  lastLoginAt: z.string().nullable(),
});
export type User = z.infer<typeof userSchema>;

export const credentialsSchema = z.object({ username: z.string().max(64), password: z.string().max(256) });
/** `POST /auth/login`: also sets the console's cookie; `accessToken` is a JWT for API clients. */
export const sessionSchema = z.object({
  user: userSchema,
  accessToken: z.string(),
  expiresIn: z.number().int(),
  refreshToken: z.string(),
});
export type Session = z.infer<typeof sessionSchema>;
export const refreshSchema = z.object({ refreshToken: z.string().max(512) });

/** `GET /setup`: whether the first administrator is still to be made. */
export const setupStateSchema = z.object({ needed: z.boolean() });
/** `POST /setup`: `token` is the one in the printed link (in the fragment, so never in a server log). */
export const setupSchema = z.object({ token: z.string().max(128), username: usernameSchema, password: passwordSchema });

export const newUserSchema = z.object({ username: usernameSchema, password: passwordSchema, role: roleSchema });
export const userPatchSchema = z.object({
  role: roleSchema.optional(),
  active: z.boolean().optional(),
  password: passwordSchema.optional(),
});

export const keySchema = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(scopeSchema),
  /** First characters of the key, to recognise it by. */
  prefix: z.string(),
  createdAt: z.string(),
  lastUsedAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
});
export type ApiKey = z.infer<typeof keySchema>;
export const newKeySchema = z.object({ name: z.string().min(1).max(64), scopes: z.array(scopeSchema).min(1) });
/** The key itself is shown this once. */
export const createdKeySchema = keySchema.extend({ key: z.string() });
