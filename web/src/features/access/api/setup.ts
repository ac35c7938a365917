/** Creating the first administrator; the answer signs in. */
import { z } from 'zod';
import { send } from '../../../lib/api.ts';

export interface SetupInput {
  token: string;
  username: string;
  password: string;
}

export function createAdministrator(input: SetupInput): Promise<unknown> {
  return send('POST', '/setup', z.unknown(), { body: input });
}
