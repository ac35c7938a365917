import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openChdbStore } from './chdb.ts';
import { eventStoreContract } from './event-store.contract.ts';

eventStoreContract('the embedded ClickHouse', async (now) => {
  const directory = mkdtempSync(join(tmpdir(), 'vedette-store-'));
  const store = await openChdbStore({ directory, now });
  return {
    store,
    async close() {
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
});
