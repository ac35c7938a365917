/**
 * `npm run bench [-- --only PART] [--seconds N] [--quick] [--write]`. Progress goes to standard error, tables to standard
 * output; `--write` puts them into RESULTS.md as well. Needs Linux for processor time and memory.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { removeDirectory } from '../../e2e/src/product.ts';
import { benchAlertLatency } from './alert-latency.ts';
import { benchEngine } from './engine.ts';
import { benchIdleMemory } from './idle-memory.ts';
import { CORPORA, haveCorpora } from './log-lines.ts';
import { benchPipeline, type PipelineRun, type Way } from './pipeline.ts';
import { PARTS, writeResults, type Part, type Section } from './results.ts';
import { benchSearch } from './search-latency.ts';
import { benchStore } from './store.ts';
import { alertTable, engineTables, memoryTable, pipelineTables, searchTables, storeTables, TARGETS } from './tables.ts';
import type { LineKind } from './varied-lines.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    seconds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const { quick } = values;
const seconds = Number(values.seconds ?? (quick ? 5 : 60));
const chosen = (values.only ?? PARTS) as readonly Part[];
const unknown = chosen.find((part) => !PARTS.includes(part));
if (unknown !== undefined || !(seconds > 0)) {
  console.error(`Use --only ${PARTS.join('|')} and --seconds with a positive number.`);
  process.exit(2);
}
const progress = (message: string): void => console.error(`  ${message}`);

if (!haveCorpora) {
  console.error(`
**********************************************************************************************
  There are no corpora at ${CORPORA}
  (set VEDETTE_CORPORA). Without them: no SigmaHQ rules, no Windows events, no engine figures;
  sshd lines are made up. The figures are NOT those of RESULTS.md.
**********************************************************************************************
`);
}

const WAYS: readonly [kind: LineKind, way: Way][] = [
  ['sshd', 'file tail'],
  ['sshd', 'syslog TCP'],
  ['windows', 'file tail'],
  ['windows', 'HTTP'],
];

async function pipelineBody(): Promise<string> {
  const runs: PipelineRun[] = [];
  for (const paced of [false, true]) {
    for (const [kind, way] of WAYS.filter(([kind]) => haveCorpora || kind === 'sshd')) {
      const rate = paced ? TARGETS.eventsPerSecond[kind] / 2 : 0;
      console.error(`${kind} by ${way}, ${paced ? `${rate} a second` : 'as fast as it goes'}`);
      const measured = paced ? Math.max(5, seconds / 3) : seconds;
      runs.push(await benchPipeline({ kind, way, rate, seconds: measured, warmUpSeconds: 5, progress }));
      keep({ part: 'pipeline', seconds, body: pipelineTables(runs) });
    }
  }
  return pipelineTables(runs);
}

async function storeBody(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'vedette-bench-'));
  try {
    return storeTables(await benchStore(directory, quick ? 100_000 : 2_000_000));
  } finally {
    await removeDirectory(directory);
  }
}

const BODIES: Record<Part, () => Promise<string>> = {
  engine: async () =>
    haveCorpora ? engineTables(benchEngine(CORPORA, Math.min(seconds, 5))) : 'Not measured: there are no corpora.',
  pipeline: pipelineBody,
  alerts: async () => alertTable(await benchAlertLatency(quick ? 10 : 100, 10_000, progress)),
  memory: async () => memoryTable(await benchIdleMemory(quick ? 5 : 30, progress)),
  search: async () => searchTables(await benchSearch(quick ? 100_000 : 2_000_000, progress)),
  store: storeBody,
};

const kept = new Map<Part, Section>();

/** Part by part, and run by run: one that fails later takes nothing with it. */
function keep(section: Section): void {
  kept.set(section.part, section);
  if (values.write) writeResults([...kept.values()], new Date().toISOString().slice(0, 10));
}

for (const part of chosen) {
  console.error(`== ${part}`);
  const body = await BODIES[part]();
  console.log(`\n== ${part}\n\n${body}`);
  keep({ part, seconds, body });
}
