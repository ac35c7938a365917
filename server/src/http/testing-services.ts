/** Real journal, de-duplication, admission, alerts and live hub for route tests; the event store where a test asks for it. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import pino from 'pino';
import { createAdmission } from '../admission/admission.ts';
import { createIngest } from '../admission/ingest.ts';
import { createAlertBook } from '../alerts/alert-book.ts';
import type { Signal } from '../detectors/detector.ts';
import { openFileJournal } from '../journal/file-journal.ts';
import type { JournalRecord } from '../journal/journal.ts';
import { openSeenIds } from '../journal/seen-ids.ts';
import { createLiveHub } from '../live/live-hub.ts';
import type { StateStore } from '../store/state/state-store.ts';
import { openChdbStore } from '../store/events/chdb.ts';
import type { Services } from './services.ts';
import { createTestApp } from './testing.ts';

/** `journalBytes` makes the journal small; `store` opens an embedded event store. */
export async function createServiceApp(
  options: { journalBytes?: number; store?: boolean; services?: Partial<Services> } = {},
) {
  const parts: { close(): Promise<unknown> | void }[] = [];
  const build = async ({ state, folder, now }: { state: StateStore; folder: string; now: () => number }) => {
    const journal = await openFileJournal({
      directory: join(folder, 'journal'),
      ...(options.journalBytes !== undefined && { capacityBytes: options.journalBytes }),
    });
    const seen = await openSeenIds({ directory: join(folder, 'seen'), now });
    const admission = createAdmission();
    const live = createLiveHub({ now, updateMs: 10 });
    parts.push(journal, seen, admission, live);
    const store = options.store
      ? await openChdbStore({ directory: folder, now, logger: pino({ level: 'silent' }) })
      : undefined;
    if (store) parts.push(store);
    const rules = new Map([[RULE.id, RULE]]);
    const alerts = createAlertBook({ state, now, ids: randomUUID, ruleOf: (id) => rules.get(id) });
    const services: Partial<Services> = {
      ...(store && { events: store }),
      alerts,
      live,
      admission,
      ingest: createIngest({ journal, seen, now }),
      rules: [...rules.values()],
      formats: new Set(['json', 'syslog', 'generic']),
      intel: null,
      ...options.services,
    };
    made = { journal, alerts, live, store };
    return services;
  };
  let made!: {
    journal: Awaited<ReturnType<typeof openFileJournal>>;
    alerts: ReturnType<typeof createAlertBook>;
    live: ReturnType<typeof createLiveHub>;
    store: Awaited<ReturnType<typeof openChdbStore>> | undefined;
  };
  const base = await createTestApp({ services: build });
  return {
    ...base,
    ...made,
    async records(): Promise<JournalRecord[]> {
      const records: JournalRecord[] = [];
      for (let at = made.journal.start; ; at = records.at(-1)!.next) {
        const next = await made.journal.read(at, 1 << 20);
        if (next.length === 0) return records;
        records.push(...next);
      }
    },
    async close() {
      // The folder goes with the app: what writes there ends first.
      await Promise.all(parts.map((part) => part.close()));
      await base.close();
    },
  };
}

export const RULE = {
  id: 'ssh-brute-force',
  title: 'SSH brute force',
  level: 10,
  status: 'stable',
  kind: 'correlation' as const,
  description: 'Many failed logins from one address.',
  tags: ['attack.credential-access', 'attack.t1110.001'],
  falsePositives: ['A forgotten password'],
  logsource: {},
  yaml: 'title: SSH brute force',
};

export function sampleSignal(change: Partial<Signal> = {}): Signal {
  const timestamp = change.timestamp ?? Date.UTC(2026, 1, 6);
  return {
    ruleId: RULE.id,
    level: 10,
    lane: 'live',
    timestamp,
    firstSeen: timestamp,
    count: 1,
    eventIds: [1],
    matched: [],
    entities: [
      { type: 'ip', value: '203.0.113.7' },
      { type: 'user', value: 'root' },
    ],
    foldKey: '203.0.113.7',
    continues: false,
    summary: 'SSH brute force by 203.0.113.7',
    ...change,
  };
}
