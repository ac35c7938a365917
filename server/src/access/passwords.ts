/**
 * Argon2id, off the main loop. Two at a time at most: each takes a thread of the pool that file writes use as well, and
 * 19 MiB. An unknown user costs the same work as a known one, so that the time of an answer names nobody.
 */
import { hash, verify } from '@node-rs/argon2';
import { randomSecret } from './secrets.ts';

/** 19 MiB, two passes, one lane: the package's default algorithm is Argon2id. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const AT_ONCE = 2;
const WAITING_AT_MOST = 64;

/** More passwords are waiting to be checked than a healthy installation has users: answer "try again shortly". */
export class PasswordQueueFullError extends Error {
  override name = 'PasswordQueueFullError';
}

export interface Passwords {
  hash(password: string): Promise<string>;
  /** Without a stored hash the same work is done and the answer is false. */
  verify(stored: string | undefined, password: string): Promise<boolean>;
}

export async function createPasswords(): Promise<Passwords> {
  const turn = queue();
  const nobody = await hash(randomSecret(), COST);
  return {
    hash: (password) => turn(() => hash(password, COST)),
    async verify(stored, password) {
      const matches = await turn(() => verify(stored ?? nobody, password));
      return matches && stored !== undefined;
    },
  };
}

function queue(): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= AT_ONCE) {
      if (waiting.length >= WAITING_AT_MOST) throw new PasswordQueueFullError();
      // Whoever finishes hands its place over, so `running` stays as it is.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
