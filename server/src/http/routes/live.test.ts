import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { createServiceApp, sampleSignal } from '../testing-services.ts';

let t: Awaited<ReturnType<typeof createServiceApp>>;
afterEach(() => t.close());

async function listening() {
  t = await createServiceApp();
  await t.app.listen({ host: '127.0.0.1', port: 0 });
  return `http://127.0.0.1:${(t.app.server.address() as AddressInfo).port}/api/v1/live`;
}

async function read(url: string, headers: Record<string, string>) {
  const response = await fetch(url, { headers });
  const state = { text: '', ended: false };
  void (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body!) state.text += decoder.decode(chunk as Uint8Array, { stream: true });
    state.ended = true;
  })().catch(() => (state.ended = true));
  return { response, state };
}

it('streams alerts and resumes where it ended', async () => {
  const url = await listening();
  const authorization = `Bearer ${(await t.addKey('read')).key}`;
  const first = await read(url, { authorization });
  expect(first.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(first.response.headers.get('x-content-type-options')).toBe('nosniff');
  const publish = (end: number, foldKey: string) => {
    for (const { change, alert } of t.alerts.apply({ start: end - 1, end }, [sampleSignal({ foldKey })]))
      t.live.publish({ event: 'alert', data: { change, alert } });
  };
  publish(10, 'a');
  await vi.waitFor(() => expect(first.state.text).toContain('event: alert'));
  const id = /^id: (\S+)\nevent: alert/m.exec(first.state.text)![1]!;
  publish(20, 'b');
  const second = await read(`${url}?topics=alerts`, { authorization, 'last-event-id': id });
  await vi.waitFor(() => expect(second.state.text.match(/event: alert/g)).toHaveLength(1));
  expect(second.state.text).not.toContain('event: gap');
});

it('is for those who may read, and for topics that exist', async () => {
  const url = await listening();
  expect((await fetch(url)).status).toBe(401);
  const ingest = `Bearer ${(await t.addKey('ingest')).key}`;
  expect((await fetch(url, { headers: { authorization: ingest } })).status).toBe(403);
  const authorization = `Bearer ${(await t.addKey('read')).key}`;
  expect((await fetch(`${url}?topics=alerts,other`, { headers: { authorization } })).status).toBe(422);
});

it('ends when the key is revoked', async () => {
  const url = await listening();
  const { row, key } = await t.addKey('read');
  const { state } = await read(url, { authorization: `Bearer ${key}` });
  await vi.waitFor(() => expect(t.live.clients()).toBe(1));
  await t.access.keys.revoke(row.id, { kind: 'system', id: '', name: 'test', ip: '' });
  await vi.waitFor(() => expect(state.ended).toBe(true), { timeout: 10_000 });
  expect(t.live.clients()).toBe(0);
});

it('does not hold the server when it stops', async () => {
  const url = await listening();
  const { state } = await read(url, { authorization: `Bearer ${(await t.addKey('read')).key}` });
  await vi.waitFor(() => expect(t.live.clients()).toBe(1));
  await t.app.close();
  await vi.waitFor(() => expect(state.ended).toBe(true));
});
