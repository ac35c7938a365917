/** Over the facade in testing/: proves the wire, not replication. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openClickHouseStore } from './clickhouse.ts';
import { eventStoreContract } from './event-store.contract.ts';
import { StoreUnavailableError } from './event-store.ts';
import { serveClickHouse } from './testing/clickhouse-http.ts';
import { blockOf, sshFailure } from './testing/sample-events.ts';

const temporary = () => mkdtempSync(join(tmpdir(), 'vedette-clickhouse-'));

eventStoreContract('a ClickHouse server', async (now) => {
  const directory = temporary();
  const server = await serveClickHouse(directory);
  const store = await openClickHouseStore({ url: server.url, now });
  return {
    store,
    async close() {
      await store.close();
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
});

test('a server that goes away makes the store unavailable, not broken', async () => {
  const directory = temporary();
  const server = await serveClickHouse(directory);
  const store = await openClickHouseStore({ url: server.url, now: () => 0 });
  const block = blockOf([sshFailure(1, '192.0.2.1', 'root')], 'once');
  await store.insert(block);
  await server.close();
  await expect(store.insert(block)).rejects.toThrow(StoreUnavailableError);
  await expect(store.count({ lane: 'all' })).rejects.toThrow(StoreUnavailableError);
  expect(store.ready()).toBe(false);
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});
