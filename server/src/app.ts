/**
 * The composition root: the one place where the parts are built and put together. Order of the start: the store first (it
 * locks the data folder), then state, journal and pipeline; inputs and HTTP last, when what they take in can be kept.
 * The stop goes the other way round: inputs first, then what is durable is worked off, then the stores close.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Health } from '@vedette/contracts';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { createAccess } from './access/access.ts';
import { createAdmission } from './admission/admission.ts';
import { claimedIds, createIngest } from './admission/ingest.ts';
import { createAlertBook } from './alerts/alert-book.ts';
import { assertSafeBinding } from './binding.ts';
import type { Config } from './config.ts';
import { createCorrelations } from './detectors/correlations.ts';
import { OWN_RULES } from './detectors/rules.ts';
import { createHttpApp } from './http/app.ts';
import { createInputs, recoverFileMarks, type Input } from './inputs/index.ts';
import { createIntelFeed, type IpsumFeed } from './intel/ipsum.ts';
import { openCutLog } from './journal/cuts.ts';
import { openFileJournal } from './journal/file-journal.ts';
import type { FileMark, Journal } from './journal/journal.ts';
import { scanMetas } from './journal/scan.ts';
import { openSeenIds, type SeenIds } from './journal/seen-ids.ts';
import { createLiveHub } from './live/live-hub.ts';
import { parserByName } from './parsers/index.ts';
import { createLatencyHistogram, registerPipelineMetrics } from './pipeline/metrics.ts';
import { startPipeline, type Pipeline } from './pipeline/pipeline.ts';
import { readSnapshot } from './pipeline/snapshot.ts';
import { openWorkerPool } from './pipeline/worker-pool.ts';
import { blockDirectory, spareBlockDirectory } from './store/events/block-file.ts';
import { openChdbStore } from './store/events/chdb.ts';
import { openClickHouseStore } from './store/events/clickhouse.ts';
import type { EventStore } from './store/events/event-store.ts';
import { openStateStore } from './store/state/state-store.ts';
import { ensureTls } from './tls/tls.ts';

export const VERSION = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

export interface RunningApp {
  /** `http://127.0.0.1:8431` */
  url: string;
  /** Where the first administrator is made; undefined when there is one. */
  setupLink: string | undefined;
  inputs: readonly Input[];
  ruleErrors: readonly string[];
  /** SHA-256 of the CA certificate; undefined without TLS. */
  fingerprint: string | undefined;
  health(): Health;
  stop(): Promise<void>;
}

const DAY_MS = 24 * 3600 * 1000;
/**
 * A journal begins at a position made from the time, so that one that is made anew (its folder was deleted) goes on behind
 * the old one: events keep unique ids, and the store does not take new blocks for old ones. Holds for up to 4 MB/s on
 * average, and stays a safe integer until 2039.
 */
const POSITIONS_PER_MS = 4096;
/** How long a stop waits for durable input to be worked off; the rest is replayed at the next start. */
const DRAIN_MS = 5_000;
const SEEN_COMMIT_MS = 5_000;

export async function startApp(config: Config, logger: Logger, now: () => number = Date.now): Promise<RunningApp> {
  assertSafeBinding(config);
  mkdirSync(config.data, { recursive: true, mode: 0o700 });
  const inData = (name: string) => join(config.data, name);
  const closers: (() => Promise<unknown> | void)[] = [];

  try {
    return await build();
  } catch (error) {
    await closeAll();
    throw error;
  }

  async function closeAll(): Promise<void> {
    for (const close of closers.splice(0).reverse()) {
      await Promise.resolve(close()).catch((error: unknown) =>
        logger.error({ err: error }, 'a part did not stop cleanly'),
      );
    }
  }

  async function build(): Promise<RunningApp> {
    const store = await openStore(config, logger, now);
    closers.push(() => store.close());
    const state = openStateStore({ file: inData('state.db'), now });
    closers.push(() => state.close());
    const journal = await openFileJournal({
      directory: inData('journal'),
      firstPosition: now() * POSITIONS_PER_MS,
      capacityBytes: config.journalBytes,
      onTrouble: (message, error) => logger.error({ err: error }, message),
    });
    closers.push(() => journal.close());
    const cuts = await openCutLog({ directory: inData('cuts') });
    closers.push(() => cuts.close());
    const seen = await openSeenIds({ directory: inData('seen-ids'), now });
    closers.push(() => seen.close());
    const marks = await rememberFromJournal(journal, seen);
    await recoverFileMarks({ files: config.files, directory: config.data, marks, now });

    const pool = await openWorkerPool({
      size: config.workers,
      settings: {
        ruleDirectories: [OWN_RULES, ...config.rules],
        intelMinLevel: config.intel.minLevel,
        blockDirectory: blockDirectory(config.data),
        spareBlockDirectory: spareBlockDirectory(config.data),
      },
      logger,
    });
    closers.push(() => pool.close());
    const rules = new Map(pool.rules.map((rule) => [rule.id, rule]));
    const intel = await openIntel();

    let inputs: readonly Input[] = [];
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    const live = createLiveHub({ now });
    closers.push(() => live.close());
    const alerts = createAlertBook({ state, now, ids: randomUUID, ruleOf: (id) => rules.get(id) });
    const pipeline = startPipeline({
      journal,
      cuts,
      pool,
      store,
      alerts,
      correlations: createCorrelations(pool.correlations),
      live,
      snapshot: await readSnapshot(inData('pipeline.json')),
      snapshotFile: inData('pipeline.json'),
      beforeRelease: async () => {
        await Promise.all([seen.commit(), ...inputs.map((input) => input.checkpoint?.())]);
      },
      latency: createLatencyHistogram(registry),
      now,
      logger,
    });
    closers.push(() => pipeline.stop());
    closers.push(() => pipeline.drain(DRAIN_MS));

    const tls = config.tls.enabled || config.syslog.tlsPort !== undefined ? await tlsMaterial(config, now) : undefined;
    inputs = createInputs({ journal, config, tls, directory: config.data, now, logger });
    for (const input of inputs) {
      await input.start();
      closers.push(() => input.stop());
    }

    registerPipelineMetrics(registry, pipeline);
    const access = await createAccess({ state, sessionHours: config.sessionHours });
    const admission = createAdmission();
    closers.push(() => admission.close());
    const health = () => healthOf({ store, journal, inputs, intel, pipeline, config });
    const http = await createHttpApp(
      {
        state,
        access,
        config,
        // The listeners are printed by whoever started the server.
        logger: logger.child({}, { level: 'warn' }),
        registry,
        health,
        now,
        events: store,
        alerts,
        live,
        admission,
        ingest: createIngest({ journal, seen, now }),
        pipeline: {
          settled: (position, timeoutMs) => pipeline.settled(position, timeoutMs),
          state: () => ({ ...pipeline.state(), inputs: inputs.map((input) => input.status()) }),
          sources: () => pipeline.sources(),
        },
        rules: pool.rules,
        formats: new Set(parserByName.keys()),
        intel,
      },
      { version: VERSION, ...(config.tls.enabled && tls ? { https: { key: tls.key, cert: tls.cert } } : {}) },
    );
    await http.listen({ host: config.host, port: config.port });
    closers.push(() => http.close());
    startJobs();

    const url = `${config.tls.enabled ? 'https' : 'http'}://${nameOf(config.host)}:${config.port}`;
    const token = await access.accounts.newSetupToken();
    return {
      url,
      setupLink: token === undefined ? undefined : `${url}/setup#token=${token}`,
      inputs,
      ruleErrors: pool.ruleErrors,
      fingerprint: config.tls.enabled ? tls?.fingerprint : undefined,
      health,
      stop: closeAll,
    };

    async function openIntel(): Promise<IpsumFeed | null> {
      if (config.intel.ipsum === undefined) return null;
      const feed = await createIntelFeed({
        location: config.intel.ipsum,
        directory: inData('intel'),
        now,
        intervalMs: config.intel.refreshMinutes * 60_000,
        onUpdate: (buffers) => pool.updateIntel(buffers),
      });
      closers.push(() => feed.stop());
      return feed;
    }

    function startJobs(): void {
      const retain = (): void => {
        store
          .retain(config.retentionDays)
          .then((dropped) => dropped.length > 0 && logger.info({ dropped }, 'dropped old days'))
          .catch((error: unknown) => logger.warn({ err: error }, 'old days could not be dropped'));
      };
      retain();
      const daily = setInterval(retain, DAY_MS);
      const commit = setInterval(() => {
        seen.commit().catch((error: unknown) => logger.error({ err: error }, 'seen ids could not be saved'));
      }, SEEN_COMMIT_MS);
      closers.push(() => {
        clearInterval(daily);
        clearInterval(commit);
      });
    }
  }
}

/** What a browser on this machine calls the address: one that means "all addresses" is no name. */
function nameOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function openStore(config: Config, logger: Logger, now: () => number): Promise<EventStore> {
  const { url, username, password, database } = config.clickhouse;
  if (url === undefined) return openChdbStore({ directory: config.data, now, logger });
  return openClickHouseStore({ url, username, password, database, now });
}

async function tlsMaterial(config: Config, now: () => number) {
  const own = await ensureTls({ directory: join(config.data, 'tls'), names: config.tls.names, now });
  const { cert, key } = config.tls;
  if (cert === undefined || key === undefined) return own;
  return { ...own, cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
}

/** Ids of requests and places in files that became durable just before a crash are known by the journal's records alone. */
async function rememberFromJournal(journal: Journal, seen: SeenIds): Promise<Iterable<FileMark>> {
  const marks = new Map<string, FileMark>();
  await scanMetas(journal, (meta) => {
    seen.remember(claimedIds(meta), meta.receivedAt);
    if (meta.file) marks.set(meta.file.file, meta.file);
  });
  return marks.values();
}

function healthOf(parts: {
  store: EventStore;
  journal: Journal;
  inputs: readonly Input[];
  intel: IpsumFeed | null;
  pipeline: Pipeline;
  config: Config;
}): Health {
  const { store, journal, inputs, intel, pipeline, config } = parts;
  const { backlogBytes, capacityBytes } = journal.stats();
  const feed = intel?.state();
  const list: Health['parts'] = [
    { name: 'store', ok: store.ready(), message: store.ready() ? '' : 'The event store is restarting; input is kept.' },
    {
      name: 'journal',
      ok: !journal.full,
      message: `${Math.round(backlogBytes / 1e6)} of ${Math.round(capacityBytes / 1e6)} MB wait to be processed`,
    },
    {
      name: 'pipeline',
      ok: pipeline.trouble() === '',
      message: pipeline.trouble() || `${config.workers} worker(s), ${pipeline.state().lagMs} ms behind`,
    },
    ...inputs.map((input) => {
      const { name, ok, address, message } = input.status();
      return { name, ok, message: message === '' ? address : `${address}: ${message}` };
    }),
  ];
  // A feed that fails keeps its last good list: it is said, but nothing is broken.
  if (feed) list.push({ name: 'intel', ok: true, message: feed.error ?? `${feed.indicators} addresses` });
  return { status: list.every(({ ok }) => ok) ? 'ok' : 'degraded', version: VERSION, parts: list };
}
