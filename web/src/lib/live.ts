/**
 * The live stream (SSE), one connection per tab. The browser resumes with `Last-Event-ID` by itself; where it gives up
 * (an HTTP error) or where a hidden tab was parked, the lists are told about the gap instead. A hidden tab lets go of
 * its connection after a while, because browsers allow only six per server.
 */
import { liveMessageSchema, userSchema, type LiveMessage } from '@vedette/contracts';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { API, get } from './api.ts';

type LiveState = 'connecting' | 'open' | 'offline';
type LiveHealth = Extract<LiveMessage, { event: 'health' }>['data'];

interface Snapshot {
  state: LiveState;
  health: LiveHealth | null;
}
type Listener = (message: LiveMessage) => void;

const EVENTS = ['alert', 'events', 'health', 'gap'] as const;
const RETRY_MS = [1000, 2000, 5000, 10_000];
const HIDDEN_MS = 60_000;

let snapshot: Snapshot = { state: 'connecting', health: null };
let source: EventSource | null = null;
let retries = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let interrupted = false;
const listeners = new Set<Listener>();
const watchers = new Set<() => void>();

function update(change: Partial<Snapshot>): void {
  snapshot = { ...snapshot, ...change };
  for (const watcher of watchers) watcher();
}

function emit(message: LiveMessage): void {
  if (message.event === 'health') update({ health: message.data });
  for (const listener of listeners) listener(message);
}

function receive(event: (typeof EVENTS)[number], text: string): void {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return;
  }
  const message = liveMessageSchema.safeParse({ event, data });
  if (message.success) emit(message.data);
}

function connect(): void {
  if (source) return;
  const opened = new EventSource(`${API}/live`);
  source = opened;
  opened.onopen = () => {
    retries = 0;
    update({ state: 'open' });
    if (interrupted) emit({ event: 'gap', data: {} });
    interrupted = false;
  };
  opened.onerror = () => {
    update({ state: opened.readyState === EventSource.CLOSED ? 'offline' : 'connecting' });
    if (opened.readyState !== EventSource.CLOSED) return;
    disconnect();
    // An EventSource does not tell why it was refused; when the session is over, this request signs out.
    void get('/auth/me', userSchema).catch(() => undefined);
    timer = setTimeout(connect, RETRY_MS[Math.min(retries++, RETRY_MS.length - 1)]);
  };
  for (const name of EVENTS)
    opened.addEventListener(name, (event) => receive(name, (event as MessageEvent<string>).data));
}

/** Lets go of the connection; whatever happens until the next one counts as a gap. */
function disconnect(): void {
  clearTimeout(timer);
  source?.close();
  source = null;
  interrupted = true;
}

function followVisibility(): void {
  clearTimeout(timer);
  if (document.hidden) timer = setTimeout(disconnect, HIDDEN_MS);
  else connect();
}

/** Holds the stream open while the frame is on screen. */
export function useLiveConnection(): void {
  useEffect(() => {
    connect();
    document.addEventListener('visibilitychange', followVisibility);
    return () => {
      document.removeEventListener('visibilitychange', followVisibility);
      disconnect();
      interrupted = false;
      update({ state: 'connecting', health: null });
    };
  }, []);
}

/** Calls `listener` with every message; the newest listener is used without reconnecting. */
export function useLiveMessages(listener: Listener): void {
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => {
    const stable: Listener = (message) => latest.current(message);
    listeners.add(stable);
    return () => void listeners.delete(stable);
  }, []);
}

/** Connection state and the newest health message. */
export function useLiveState(): Snapshot {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
    () => snapshot,
  );
}
