import { createServer, type Server } from 'node:http';
import { connect as connectSocket, type AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Alert } from '@vedette/contracts';
import { createLiveHub, LIVE_TOPICS, type LiveHub, type LiveHubOptions } from './live-hub.ts';

const ALL = new Set(LIVE_TOPICS);
const cleanups: (() => void)[] = [];
afterEach(() => {
  while (cleanups.length > 0) cleanups.pop()!();
});

function makeHub(options: Partial<LiveHubOptions> = {}): LiveHub {
  const hub = createLiveHub({ now: () => 1_700_000_000_000, ...options });
  cleanups.push(() => hub.close());
  return hub;
}

async function serve(hub: LiveHub): Promise<string> {
  const server: Server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const lastEventId = request.headers['last-event-id'];
    if (hub.connect(response, ALL, lastEventId as string | undefined) === null) response.end('full');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

interface Message {
  id?: string;
  event?: string;
  data?: string;
}

/** A console's connection: reads messages until the test leaves. */
async function listen(url: string, lastEventId?: string) {
  const controller = new AbortController();
  cleanups.push(() => controller.abort());
  const headers: Record<string, string> = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const response = await fetch(url, { headers, signal: controller.signal });
  const messages: Message[] = [];
  let text = '';
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body!) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const lines = text
          .slice(0, end)
          .split('\n')
          .map((line) => line.split(/: ?(.*)/s, 2) as [string, string]);
        text = text.slice(end + 2);
        messages.push(Object.fromEntries(lines));
      }
    }
  })().catch(() => undefined);
  return {
    messages,
    /** Ids of the messages with data, as the browser would remember the last one. */
    ids: () => messages.filter(({ id }) => id !== undefined).map(({ id }) => id!),
    data: (event: string) => messages.filter((message) => message.event === event).map(({ data }) => data!),
    leave: async () => {
      controller.abort();
      await reading;
    },
  };
}

function alert(id: string, count = 1): Alert {
  return {
    id,
    rule: { id: 'r1', title: 'SSH brute force' },
    level: 10,
    status: 'new',
    lane: 'live',
    count,
    firstSeen: '2026-02-06T12:00:00.000Z',
    lastSeen: '2026-02-06T12:00:00.000Z',
    createdAt: '2026-02-06T12:00:00.000Z',
    entities: [],
    attack: [],
    eventIds: [],
    summary: 'line one\nline two',
    assignee: null,
    previousId: null,
  };
}
const opened = (id: string) => ({ event: 'alert' as const, data: { change: 'opened' as const, alert: alert(id) } });
const alertIds = (data: string[]) => data.map((text) => (JSON.parse(text) as { alert: Alert }).alert.id);

describe('live hub', () => {
  it('sends what is published, in order, with ids', async () => {
    const hub = makeHub();
    const client = await listen(await serve(hub));
    hub.publish(opened('a'));
    hub.publish({ event: 'events', data: { count: 1, items: [{ _id: '1', '@timestamp': 'x' }] } });
    hub.publish({ event: 'health', data: { eventsPerSecond: 5, lagMs: 1, backlogBytes: 0 } });
    await vi.waitFor(() => expect(client.data('health')).toHaveLength(1));
    const named = client.messages.filter(({ event }) => event !== undefined);
    expect(named.map(({ event, id }) => [event, id?.split('-')[1]])).toEqual([
      ['alert', '1'],
      ['events', '2'],
      ['health', undefined],
    ]);
  });

  it('misses nothing over a broken connection', async () => {
    const hub = makeHub();
    const url = await serve(hub);
    const first = await listen(url);
    hub.publish(opened('a'));
    await vi.waitFor(() => expect(first.data('alert')).toHaveLength(1));
    await first.leave();
    for (const id of ['b', 'c']) hub.publish(opened(id));
    const second = await listen(url, first.ids().at(-1)!);
    await vi.waitFor(() => expect(alertIds(second.data('alert'))).toEqual(['b', 'c']));
    expect(second.data('gap')).toEqual([]);
  });

  it('misses nothing when the connection breaks before the first message', async () => {
    const hub = makeHub();
    hub.publish(opened('old'));
    const url = await serve(hub);
    const first = await listen(url);
    await vi.waitFor(() => expect(first.ids()).toHaveLength(1));
    await first.leave();
    hub.publish(opened('a'));
    const second = await listen(url, first.ids()[0]!);
    await vi.waitFor(() => expect(alertIds(second.data('alert'))).toEqual(['a']));
  });

  it.each(['too old', 'other-1', 'zzz-999999999999', `${(1_700_000_000_000).toString(36)}-9999`])(
    'says gap for an id it cannot resume from: %s',
    async (lastEventId) => {
      const hub = makeHub();
      const client = await listen(await serve(hub), lastEventId);
      hub.publish(opened('a'));
      await vi.waitFor(() => expect(alertIds(client.data('alert'))).toEqual(['a']));
      expect(client.data('gap')).toEqual(['{}']);
    },
  );

  it('says gap when the history no longer reaches back, and goes on with what it has', async () => {
    const hub = makeHub({ history: 3 });
    const url = await serve(hub);
    const first = await listen(url);
    await vi.waitFor(() => expect(first.ids()).toHaveLength(1));
    await first.leave();
    for (let i = 0; i < 5; i++) hub.publish(opened(`a${i}`));
    const second = await listen(url, first.ids()[0]!);
    await vi.waitFor(() => expect(alertIds(second.data('alert'))).toEqual(['a2', 'a3', 'a4']));
    expect(second.data('gap')).toHaveLength(1);
  });

  it('keeps alerts for those who come back even when events flood', async () => {
    const hub = makeHub({ history: 10 });
    const url = await serve(hub);
    const first = await listen(url);
    await vi.waitFor(() => expect(first.ids()).toHaveLength(1));
    await first.leave();
    hub.publish(opened('a'));
    for (let i = 0; i < 100; i++) hub.publish({ event: 'events', data: { count: 1, items: [] } });
    const second = await listen(url, first.ids()[0]!);
    await vi.waitFor(() => expect(second.data('events')).toHaveLength(10));
    expect(alertIds(second.data('alert'))).toEqual(['a']);
  });

  it('joins the updates of one alert', async () => {
    const hub = makeHub({ updateMs: 20 });
    const client = await listen(await serve(hub));
    for (let count = 1; count <= 10_000; count++)
      hub.publish({ event: 'alert', data: { change: 'updated', alert: alert('a', count) } });
    await vi.waitFor(() => expect(client.data('alert')).toHaveLength(1));
    expect((JSON.parse(client.data('alert')[0]!) as { alert: Alert }).alert.count).toBe(10_000);
  });

  it('samples events and keeps the true count', async () => {
    const hub = makeHub();
    const client = await listen(await serve(hub));
    const items = Array.from({ length: 500 }, (_, i) => ({ _id: String(i), '@timestamp': 'x' }));
    hub.publish({ event: 'events', data: { count: 16_000, items } });
    await vi.waitFor(() => expect(client.data('events')).toHaveLength(1));
    const data = JSON.parse(client.data('events')[0]!) as { count: number; items: unknown[] };
    expect(data.count).toBe(16_000);
    expect(data.items).toHaveLength(50);
  });

  it('lets a slow client fall behind without keeping anything for it, and tells it', async () => {
    const hub = makeHub({ history: 20 });
    const stream = new PassThrough({ highWaterMark: 1024 });
    hub.connect(stream, ALL);
    for (let i = 0; i < 1000; i++) hub.publish(opened(`a${i}`));
    expect(stream.writableLength + stream.readableLength).toBeLessThan(8 * 1024);
    let text = '';
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await vi.waitFor(() => expect(text).toContain('"a999"'));
    expect(text).toContain('event: gap');
    expect(text).not.toContain('"a500"');
  });

  it('drops a client whose socket takes nothing', async () => {
    let time = 1000;
    const hub = makeHub({ now: () => time, heartbeatMs: 10, stalledMs: 60_000 });
    const url = new URL(await serve(hub));
    const socket = connectSocket(Number(url.port), url.hostname);
    cleanups.push(() => socket.destroy());
    socket.pause();
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await vi.waitFor(() => expect(hub.clients()).toBe(1));
    const items = [{ _id: '1', '@timestamp': 'x', message: 'm'.repeat(200_000) }];
    for (let i = 0; i < 200; i++) hub.publish({ event: 'events', data: { count: 1, items } });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(hub.clients()).toBe(1);
    time += 60_000;
    await vi.waitFor(() => expect(hub.clients()).toBe(0));
  });

  it('sends heartbeats, takes only so many clients, and forgets those that leave', async () => {
    const hub = makeHub({ heartbeatMs: 10, maxClients: 1 });
    const url = await serve(hub);
    const client = await listen(url);
    await vi.waitFor(() => expect(client.messages.filter((message) => '' in message).length).toBeGreaterThan(1));
    expect(await (await fetch(url)).text()).toBe('full');
    await client.leave();
    await vi.waitFor(() => expect(hub.clients()).toBe(0));
  });

  it('sends a client only its topics', async () => {
    const hub = makeHub();
    const stream = new PassThrough();
    hub.connect(stream, new Set(['alert'] as const));
    hub.publish({ event: 'events', data: { count: 1, items: [] } });
    hub.publish({ event: 'health', data: { eventsPerSecond: 5, lagMs: 1, backlogBytes: 0 } });
    hub.publish(opened('a'));
    const text = String(stream.read());
    expect(text).toContain('event: alert');
    expect(text).not.toMatch(/event: (events|health)/);
  });
});
