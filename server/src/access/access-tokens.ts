/**
 * Access tokens for API clients: a JWT (HS256) that names a session and lives 15 minutes. The session is looked up on
 * every call, so ending it ends the token at once.
 */
import { jwtVerify, SignJWT } from 'jose';

/** Life of an access token in seconds. */
export const ACCESS_TOKEN_SECONDS = 15 * 60;
const ISSUER = 'vedette';

export interface AccessTokens {
  issue(sessionId: string): Promise<string>;
  /** Session id of a valid token, else undefined. */
  read(token: string): Promise<string | undefined>;
}

export function createAccessTokens(secret: string, now: () => number): AccessTokens {
  const key = new TextEncoder().encode(secret);
  return {
    issue(sessionId) {
      const issuedAt = Math.floor(now() / 1000);
      return new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setIssuer(ISSUER)
        .setAudience(ISSUER)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + ACCESS_TOKEN_SECONDS)
        .sign(key);
    },
    async read(token) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['HS256'],
          issuer: ISSUER,
          audience: ISSUER,
          requiredClaims: ['exp', 'sid'],
          currentDate: new Date(now()),
        });
        return typeof payload['sid'] === 'string' ? payload['sid'] : undefined;
      } catch {
        return undefined;
      }
    },
  };
}
