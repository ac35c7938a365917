/** Random secrets and their stored form. 256 random bits cannot be guessed, so SHA-256 is enough to store them by. */
import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, 43 URL-safe characters. */
export function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** `vdt_<8 hex>_<43 characters>`; the prefix is shown to recognise the key by. */
export function randomKey(): { key: string; prefix: string; hash: string } {
  const prefix = `vdt_${randomBytes(4).toString('hex')}`;
  const key = `${prefix}_${randomSecret()}`;
  return { key, prefix, hash: secretHash(key) };
}
