/**
 * The torture test: a sender ships brute-force attacks while the server (or its store process) is killed with −9 at
 * random moments. Afterwards every acknowledged event is in the store exactly once and every attack has exactly one alert
 * that counts each of its events once.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, startProduct, type Product } from './product.ts';

export type Victim = 'server' | 'store';

export interface TortureResult {
  attacks: number;
  /** Markers of acknowledged events that are missing, and of events that are there more than once. */
  missing: string[];
  doubled: string[];
  /** Attackers whose alerts are not exactly one with the right count: `10.0.0.1: 1 alert(s) counting 9`. */
  wrongAlerts: string[];
}

/** Failed log-ins of one attack: above the brute-force threshold. */
const FAILURES = 12;
const ATTACKS_PER_BATCH = 2;
/** Harmless lines beside them. */
const LOGINS_PER_BATCH = 200;
/** Attackers a second stay below what an alert flood would be folded at. */
const PAUSE_MS = 100;
const BRUTE_FORCE_IN = 'brute force';

export async function torture(victim: Victim, rounds: number, random: () => number): Promise<TortureResult> {
  let product = await startProduct();
  const { directory, port, syslogPort } = product;
  const key = await product.key('ingest,read');
  const sent = new Set<string>();
  const attackers: string[] = [];
  let sending = true;

  async function send(): Promise<void> {
    for (let batch = 0; sending; batch++) {
      const lines = attack(batch, attackers, sent);
      while (!(await accepted(product.url, key, lines, `batch-${batch}`))) await sleep(50);
      await sleep(PAUSE_MS);
    }
  }

  const sender = send();
  for (let round = 0; round < rounds; round++) {
    await sleep(500 + random() * 2000);
    if (victim === 'server') {
      await product.kill();
      product = await startProduct({ directory, port, syslogPort });
    } else {
      process.kill(storeProcess(product.pid), 'SIGKILL');
    }
  }
  await sleep(500);
  sending = false;
  await sender;
  await eventually(async () => (await fetch(`${product.url}/api/v1/health`)).ok, 60_000);
  const found = await markers(product, key, sent.size);
  const wrongAlerts = await countAlerts(product, key, attackers);
  await product.stop();
  return {
    attacks: attackers.length,
    missing: [...sent].filter((marker) => !found.has(marker)),
    doubled: [...found].filter(([, times]) => times > 1).map(([marker]) => marker),
    wrongAlerts,
  };
}

/** One batch: attacks from addresses of their own, in the JSON of simple clients. */
function attack(batch: number, attackers: string[], sent: Set<string>): string {
  const lines: string[] = [];
  for (let i = 0; i < ATTACKS_PER_BATCH; i++) {
    const number = batch * ATTACKS_PER_BATCH + i;
    const ip = `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
    attackers.push(ip);
    for (let failure = 0; failure < FAILURES; failure++) {
      const marker = `m${number}x${failure}`;
      sent.add(marker);
      const at = new Date(Date.now() - (FAILURES - failure) * 1000).toISOString().slice(0, 19);
      lines.push(
        `${at}Z web1 sshd[${1000 + failure}]: Failed password for invalid user ${marker} from ${ip} port 4000 ssh2`,
      );
    }
  }
  for (let i = 0; i < LOGINS_PER_BATCH; i++) {
    const marker = `b${batch}x${i}`;
    sent.add(marker);
    lines.push(
      `${new Date().toISOString().slice(0, 19)}Z web1 sshd[99]: Accepted publickey for ${marker} from 192.0.2.1 port 4000 ssh2`,
    );
  }
  return lines.join('\n');
}

async function accepted(url: string, key: string, body: string, idempotencyKey: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'text/plain', 'idempotency-key': idempotencyKey };
  const response = await fetch(`${url}/api/v1/events?source=torture`, { method: 'POST', headers, body }).catch(
    () => null,
  );
  if (response === null) return false;
  await response.text().catch(() => '');
  return response.ok;
}

/** The child process of `parent` that runs the event store. */
function storeProcess(parent: number): number {
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const status = readFileSync(`/proc/${entry}/status`, 'utf8');
      const commandLine = readFileSync(`/proc/${entry}/cmdline`, 'utf8');
      if (Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]) === parent && commandLine.includes('chdb-child'))
        return Number(entry);
    } catch {
      // The process has ended meanwhile.
    }
  }
  throw new Error('the event store has no process');
}

interface Listed<T> {
  items: T[];
  nextCursor: string | null;
}

async function all<T>(product: Product, key: string, path: string): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Listed<T> = await product.get(
      cursor === null ? path : `${path}&cursor=${encodeURIComponent(cursor)}`,
      key,
    );
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}

/** Marker → how often it is stored. Waits for the pipeline to catch up. */
async function markers(product: Product, key: string, expected: number): Promise<Map<string, number>> {
  for (let wait = 0; wait < 300; wait++) {
    const { totals } = await product.get<{ totals: { events: number } }>('/api/v1/stats', key);
    if (totals.events >= expected) break;
    await sleep(200);
  }
  const found = new Map<string, number>();
  for (const event of await all<{ user?: { name?: string } }>(product, key, '/api/v1/events?limit=200')) {
    const marker = event.user?.name ?? '(none)';
    found.set(marker, (found.get(marker) ?? 0) + 1);
  }
  return found;
}

async function countAlerts(product: Product, key: string, attackers: string[]): Promise<string[]> {
  interface Row {
    rule: { title: string };
    count: number;
    entities: { type: string; value: string }[];
  }
  const alerts = await all<Row>(product, key, '/api/v1/alerts?limit=200');
  const rule = alerts.find(({ rule }) => rule.title.toLowerCase().includes(BRUTE_FORCE_IN))?.rule.title;
  const counts = new Map<string, number[]>();
  for (const alert of alerts.filter((alert) => alert.rule.title === rule)) {
    const ip = alert.entities.find(({ type }) => type === 'ip')?.value ?? '(none)';
    counts.set(ip, [...(counts.get(ip) ?? []), alert.count]);
  }
  return attackers
    .filter((ip) => counts.get(ip)?.join() !== String(FAILURES))
    .map((ip) => `${ip}: ${counts.get(ip)?.length ?? 0} alert(s) counting ${counts.get(ip)?.join() ?? 'nothing'}`);
}

/** A small seeded generator, so that a failing run can be repeated. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
