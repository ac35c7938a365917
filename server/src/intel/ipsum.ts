/**
 * The IPsum feed: loaded from a file or URL, refreshed on a schedule when it has changed, swapped in whole. A feed that
 * fails keeps the last good table (also over a restart, from the data folder) and shows its error. Reading is sliced, so
 * that 120,000 lines never hold the event loop.
 */
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { IntelFeed } from '@vedette/contracts';
import {
  createIpsumTable,
  EMPTY_BUFFERS,
  parseFeed,
  type IpsumBuffers,
  type IpsumTable,
  type ParsedFeed,
} from './table.ts';

export interface IpsumFeedOptions {
  /** Path of a file, or an http(s) URL. */
  location: string;
  /** Where the last good copy is kept; made when it does not exist. */
  directory: string;
  now: () => number;
  /** How often it is looked for a change, ms. */
  intervalMs: number;
  /** Called after each swap with what the workers need. */
  onUpdate: (buffers: IpsumBuffers) => void;
  /** Replaces the global `fetch` in tests. */
  fetch?: typeof fetch;
}

export interface IpsumFeed {
  table(): IpsumTable;
  buffers(): IpsumBuffers;
  state(): IntelFeed;
  /** Loads now, if it has changed. Resolves true when a new table is in place; failures are kept in `state().error`. */
  refresh(): Promise<boolean>;
  /** Ends the schedule and waits for a running refresh. */
  stop(): Promise<void>;
}

/** The real feed has 2 MB. */
const MAX_BYTES = 32 * 1024 * 1024;
const FETCH_TIMEOUT_MS = 60_000;

/** What a feed answers: its text, or null when it has not changed since `version`. */
interface Loaded {
  text: string;
  version: Version;
}
type Version = Record<string, string>;

/**
 * Starts with the last good copy. A file is loaded before it resolves; a URL is loaded behind (a slow feed must not hold
 * the start), and `refresh` joins that first load. Never rejects for a bad feed.
 */
export async function createIntelFeed(options: IpsumFeedOptions): Promise<IpsumFeed> {
  const { location, now, onUpdate } = options;
  const copy = join(options.directory, `ipsum-${createHash('sha256').update(location).digest('hex').slice(0, 16)}.txt`);
  let buffers = EMPTY_BUFFERS;
  let table = createIpsumTable(buffers);
  let version: Version = {};
  let loadedAt: string | null = null;
  let error: string | null = null;
  let running: Promise<boolean> | null = null;
  let stopped = false;

  function swap(feed: ParsedFeed, at: number): void {
    buffers = feed.buffers;
    table = createIpsumTable(buffers);
    loadedAt = new Date(at).toISOString();
    onUpdate(buffers);
  }

  async function load(): Promise<boolean> {
    try {
      const loaded = isUrl(location)
        ? await fromUrl(location, version, options.fetch ?? fetch)
        : await fromFile(location, version);
      if (loaded === null) {
        error = null;
        return false;
      }
      const feed = await parsed(loaded.text);
      if (stopped) return false;
      swap(feed, now());
      version = loaded.version;
      error = feed.errors === 0 ? null : `${feed.errors} lines are no "ADDRESS<TAB>COUNT" and were left out`;
      await keep(copy, loaded.text);
      return true;
    } catch (cause) {
      error = reasonOf(cause);
      return false;
    }
  }

  const refresh = (): Promise<boolean> => (running ??= load().finally(() => (running = null)));

  await mkdir(options.directory, { recursive: true });
  await restore(copy).then((kept) => kept && swap(kept.feed, kept.at));
  const first = refresh();
  if (!isUrl(location)) await first;
  const timer = setInterval(() => void refresh(), options.intervalMs);
  timer.unref();

  return {
    table: () => table,
    buffers: () => buffers,
    state: () => ({ name: 'ipsum', location: shown(location), indicators: table.size, loadedAt, error }),
    refresh,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}

function isUrl(location: string): boolean {
  return /^https?:\/\//i.test(location);
}

/** The location without user name and password. */
function shown(location: string): string {
  if (!isUrl(location) || !URL.canParse(location)) return location;
  const url = new URL(location);
  url.username = '';
  url.password = '';
  return url.href;
}

/** The last good copy and when it was made; null when there is none that can be read. */
async function restore(copy: string): Promise<{ feed: ParsedFeed; at: number } | null> {
  try {
    const { mtimeMs } = await stat(copy);
    return { feed: await parsed(await readFile(copy, 'latin1')), at: mtimeMs };
  } catch {
    return null;
  }
}

/** Replaces the last good copy in one step; it is a convenience, so failing to write it is no failure of the feed. */
async function keep(copy: string, text: string): Promise<void> {
  try {
    await writeFile(`${copy}.new`, text, 'latin1');
    await rename(`${copy}.new`, copy);
  } catch {
    // The table is in place; only the next start without the feed is poorer.
  }
}

async function fromFile(path: string, version: Version): Promise<Loaded | null> {
  const file = await open(path);
  try {
    const { size, mtimeMs, ino } = await file.stat();
    const current = { file: `${ino}:${size}:${mtimeMs}` };
    if (current.file === version['file']) return null;
    if (size > MAX_BYTES) throw new Error(`the feed is larger than ${MAX_BYTES} bytes`);
    return { text: checked(await file.readFile('latin1')), version: current };
  } finally {
    await file.close();
  }
}

async function fromUrl(url: string, version: Version, get: typeof fetch): Promise<Loaded | null> {
  const { address, headers } = credentialsApart(url);
  const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS);
  const response = await get(address, { headers: { ...version, ...headers }, signal });
  if (response.status === 304) {
    await response.body?.cancel();
    return null;
  }
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`the feed answered ${response.status}`);
  }
  const text = checked(await bodyOf(response));
  const next: Version = {};
  const etag = response.headers.get('etag');
  const modified = response.headers.get('last-modified');
  if (etag !== null) next['if-none-match'] = etag;
  if (modified !== null) next['if-modified-since'] = modified;
  return { text, version: next };
}

/** `fetch` takes no user and password in the URL; they go into a header. */
function credentialsApart(location: string): { address: string; headers: Record<string, string> } {
  const url = new URL(location);
  if (url.username === '' && url.password === '') return { address: url.href, headers: {} };
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return { address: shown(location), headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` } };
}

/** The body as text; decompressed size counts against the limit. */
async function bodyOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.byteLength;
    if (bytes > MAX_BYTES) throw new Error(`the feed is larger than ${MAX_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('latin1');
}

/** An error page or an empty file must not take the place of a good table. */
function checked(text: string): string {
  const head = text.slice(0, 512).trimStart();
  if (head === '') throw new Error('the feed is empty');
  if (head.startsWith('<') || head.startsWith('{')) throw new Error('the feed is no list of addresses');
  return text;
}

/** Reads a feed in slices; rejects when not one line is an indicator. */
async function parsed(text: string): Promise<ParsedFeed> {
  const steps = parseFeed(text);
  for (;;) {
    const step = steps.next();
    if (!step.done) {
      await setImmediate();
      continue;
    }
    if (step.value.indicators === 0) throw new Error('the feed holds no address');
    return step.value;
  }
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unknown error';
  const inner = cause.cause instanceof Error ? `: ${cause.cause.message}` : '';
  return `${cause.message}${inner}`.slice(0, 300);
}
