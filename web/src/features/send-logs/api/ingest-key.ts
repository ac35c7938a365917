/** Making a key for the commands on this page. */
import { createdKeySchema } from '@vedette/contracts';
import { send } from '../../../lib/api.ts';

export async function createIngestKey(): Promise<string> {
  const name = `send-logs-${new Date().toISOString().slice(0, 16)}`;
  const created = await send('POST', '/keys', createdKeySchema, { body: { name, scopes: ['ingest'] } });
  return created.key;
}
