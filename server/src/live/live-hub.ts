/**
 * The live stream: server-sent events for the console. Every client reads from the same bounded histories at its own
 * pace and is written to only while its socket takes more, so a slow client costs no memory: it falls behind, and when
 * the history has passed it, it is told with `gap` and goes on from there. A client that takes nothing at all is dropped.
 *
 * Message ids are `<epoch>-<n>`. After a restart the epoch differs, and a resuming client gets `gap` as well.
 */
import type { Writable } from 'node:stream';
import type { Alert, EcsDocument, LiveMessage } from '@vedette/contracts';
import { createLiveHistory, type LiveHistory } from './history.ts';

export const LIVE_TOPICS = ['alert', 'events', 'health'] as const;
export type LiveTopic = (typeof LIVE_TOPICS)[number];
/** What the server says; `gap` is the hub's own. */
export type PublishedMessage = Exclude<LiveMessage, { event: 'gap' }>;

export interface LiveClient {
  /** Takes the client out; the stream is left to its owner. */
  close(): void;
}

export interface LiveHub {
  publish(message: PublishedMessage): void;
  /**
   * Writes the topics to the stream from `lastEventId` on (from now on without it) until the stream closes. Null when
   * there are `maxClients` already.
   */
  connect(stream: Writable, topics: ReadonlySet<LiveTopic>, lastEventId?: string): LiveClient | null;
  /** How many are connected. */
  clients(): number;
  /** Ends all streams. */
  close(): void;
}

export interface LiveHubOptions {
  now: () => number;
  /** Messages kept for clients that come back. */
  history?: number;
  maxClients?: number;
  heartbeatMs?: number;
  /** Updates of one alert go out at most this often; its latest state is what goes out. */
  updateMs?: number;
  /** A client whose socket has taken nothing for so long is dropped. */
  stalledMs?: number;
}

/** A sample of events is at most so many, and so much text. */
const MAX_SAMPLE = 50;
const MAX_SAMPLE_CHARS = 256 * 1024;
const MAX_HISTORY_CHARS = 16 * 1024 * 1024;
const RECONNECT_MS = 1000;

type KeptTopic = Exclude<LiveTopic, 'health'>;
const KEPT_TOPICS = ['alert', 'events'] as const satisfies readonly KeptTopic[];

interface ClientState {
  readonly stream: Writable;
  readonly topics: ReadonlySet<LiveTopic>;
  /** Place in each topic's history of what it is sent next. */
  readonly places: Record<KeptTopic, number>;
  /** Since when the socket takes no more; 0 while it does. */
  stalledSince: number;
  pumping: boolean;
}

export function createLiveHub(options: LiveHubOptions): LiveHub {
  const { now, history = 10_000, maxClients = 200, heartbeatMs = 15_000, updateMs = 250, stalledMs = 60_000 } = options;
  const epoch = now().toString(36);
  const kept: Record<KeptTopic, LiveHistory> = {
    alert: createLiveHistory({ maxEntries: history, maxChars: MAX_HISTORY_CHARS }),
    events: createLiveHistory({ maxEntries: history, maxChars: MAX_HISTORY_CHARS }),
  };
  const clients = new Set<ClientState>();
  const updates = new Map<string, Alert>();
  let updateTimer: NodeJS.Timeout | undefined;
  let last = 0;

  const heartbeat = setInterval(beat, heartbeatMs);
  heartbeat.unref();

  function beat(): void {
    for (const client of clients) {
      if (!client.stream.writableNeedDrain) client.stream.write(':\n\n');
      else if (client.stalledSince === 0) client.stalledSince = now();
      else if (now() - client.stalledSince >= stalledMs) client.stream.destroy();
    }
  }

  function keep(topic: KeptTopic, data: string): void {
    last += 1;
    kept[topic].push({ n: last, text: `id: ${epoch}-${last}\nevent: ${topic}\ndata: ${data}\n\n` });
    for (const client of clients) if (client.topics.has(topic)) pump(client);
  }

  function flushUpdates(): void {
    updateTimer = undefined;
    const alerts = [...updates.values()];
    updates.clear();
    for (const alert of alerts) keep('alert', JSON.stringify({ change: 'updated', alert }));
  }

  function publish(message: PublishedMessage): void {
    switch (message.event) {
      case 'alert':
        if (message.data.change === 'updated') {
          updates.set(message.data.alert.id, message.data.alert);
          if (updateTimer === undefined) updateTimer = setTimeout(flushUpdates, updateMs).unref();
        } else keep('alert', JSON.stringify(message.data));
        return;
      case 'events':
        keep('events', sampleJson(message.data));
        return;
      case 'health': {
        // Only the present matters: neither kept nor queued.
        const text = `event: health\ndata: ${JSON.stringify(message.data)}\n\n`;
        for (const { stream, topics } of clients)
          if (topics.has('health') && !stream.writableNeedDrain) stream.write(text);
      }
    }
  }

  function connect(stream: Writable, topics: ReadonlySet<LiveTopic>, lastEventId?: string): LiveClient | null {
    if (clients.size >= maxClients) return null;
    const resumed = lastEventId === undefined ? last : numberOf(lastEventId, epoch, last);
    const from = resumed ?? last;
    const missed =
      resumed === undefined || KEPT_TOPICS.some((topic) => topics.has(topic) && kept[topic].droppedUpTo > from);
    const client: ClientState = {
      stream,
      topics,
      places: { alert: kept.alert.placeAfter(from), events: kept.events.placeAfter(from) },
      stalledSince: 0,
      pumping: false,
    };
    // An id without data sets the reader's Last-Event-ID, so that one who leaves before the first message misses none.
    stream.write(`retry: ${RECONNECT_MS}\nid: ${epoch}-${from}\n\n`);
    if (missed) stream.write(GAP);
    const onDrain = (): void => {
      client.stalledSince = 0;
      pump(client);
    };
    const close = (): void => {
      clients.delete(client);
      stream.off('drain', onDrain);
      stream.off('close', close);
      stream.off('error', close);
    };
    stream.on('drain', onDrain);
    stream.on('close', close);
    stream.on('error', close);
    clients.add(client);
    pump(client);
    return { close };
  }

  /** Writes what the client has not had yet, in the order of publishing, for as long as its socket takes it. */
  function pump(client: ClientState): void {
    // `write` may emit 'drain' or 'error' at once.
    if (client.pumping) return;
    client.pumping = true;
    while (clients.has(client) && !client.stream.writableNeedDrain && client.stream.writable) {
      const topic = nextTopic(client);
      if (topic === undefined) break;
      const { places, stream } = client;
      if (places[topic] < kept[topic].oldest) {
        places[topic] = kept[topic].oldest;
        stream.write(GAP);
      } else stream.write(kept[topic].at(places[topic]++)!.text);
    }
    client.pumping = false;
  }

  function nextTopic({ topics, places }: ClientState): KeptTopic | undefined {
    let best: KeptTopic | undefined;
    let bestNumber = Infinity;
    for (const topic of KEPT_TOPICS) {
      if (!topics.has(topic)) continue;
      const number = places[topic] < kept[topic].oldest ? -1 : kept[topic].at(places[topic])?.n;
      if (number !== undefined && number < bestNumber) {
        best = topic;
        bestNumber = number;
      }
    }
    return best;
  }

  return {
    publish,
    connect,
    clients: () => clients.size,
    close() {
      clearInterval(heartbeat);
      clearTimeout(updateTimer);
      for (const { stream } of clients) stream.end();
      clients.clear();
    },
  };
}

const GAP = 'event: gap\ndata: {}\n\n';

/** The number in `<epoch>-<n>`; undefined when it is not one of this epoch's. */
function numberOf(id: string, epoch: string, last: number): number | undefined {
  const match = /^([0-9a-z]{1,16})-(\d{1,15})$/.exec(id);
  if (match === null || match[1] !== epoch) return undefined;
  const n = Number(match[2]);
  return n <= last ? n : undefined;
}

/** The message's JSON with as many of the items as fit; `count` stays the true one. */
function sampleJson({ count, items }: { count: number; items: readonly unknown[] }): string {
  const parts: string[] = [];
  let chars = 0;
  for (const item of items.slice(0, MAX_SAMPLE)) {
    const text = JSON.stringify(item as EcsDocument);
    chars += text.length;
    if (chars > MAX_SAMPLE_CHARS && parts.length > 0) break;
    parts.push(text);
  }
  return `{"count":${count},"items":[${parts.join(',')}]}`;
}
