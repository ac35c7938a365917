/** Results as Markdown: the same tables are printed and written to RESULTS.md. */
import type { AlertLatency } from './alert-latency.ts';
import type { EngineRow } from './engine.ts';
import type { IdleMemory } from './idle-memory.ts';
import type { PipelineRun } from './pipeline.ts';
import type { SearchBench } from './search-latency.ts';
import type { StoreBench } from './store.ts';

/** What is aimed at; see docs/decisions for where the numbers come from. */
export const TARGETS = {
  engineEventsPerSecond: 60_000,
  eventsPerSecond: { sshd: 120_000, windows: 25_000 },
  pacedP99Ms: 500,
  alertP99Ms: 1000,
  idleMb: 512,
  newestP50Ms: 50,
} as const;

const NAMES = { sshd: 'sshd lines', windows: 'Windows events' } as const;

export function engineTables(rows: readonly EngineRow[]): string {
  const main = rows.find(({ name }) => name.startsWith('otrf: JSON.parse, view'));
  const scan = rows.find(({ name }) => name.startsWith('otrf: full scan of every'));
  const match = rows.find(({ name }) => name.startsWith('otrf: match'));
  const lines = [
    table(
      ['what', 'events/s', 'by CPU time', 'MB/s', 'µs/event', 'memory, MB', 'matches/1,000'],
      rows.map((row) => [
        row.name,
        whole(row.eventsPerSecond),
        whole(row.cpuEventsPerSecond),
        row.megabytesPerSecond === null ? '' : whole(row.megabytesPerSecond),
        row.microsecondsPerEvent.toFixed(2),
        whole(row.memoryMb),
        row.matchesPerThousand === null ? '' : row.matchesPerThousand.toFixed(1),
      ]),
    ),
  ];
  if (main) {
    const { engineEventsPerSecond: target } = TARGETS;
    lines.push(verdict('Parse, view and match', main.cpuEventsPerSecond, target, 'events/s of CPU time on one core'));
  }
  if (match && scan) {
    const factor = Math.round(match.cpuEventsPerSecond / scan.cpuEventsPerSecond);
    lines.push(`The index answers as the scan of every rule does, ${whole(factor)} times faster.`);
  }
  return lines.join('\n\n');
}

/** Unpaced runs, paced ones, and where the time goes. */
export function pipelineTables(runs: readonly PipelineRun[]): string {
  const full = runs.filter(({ rate }) => rate === 0);
  const paced = runs.filter(({ rate }) => rate > 0);
  const parts: string[] = [];
  if (full.length > 0) {
    parts.push(
      '### As fast as it goes',
      table(
        [
          'what',
          'by',
          'events/s',
          'slowest–fastest 2 s',
          'target',
          'reached',
          'signals/s',
          'sent',
          'stored',
          'quarantined',
        ],
        full.map((run) => [
          NAMES[run.kind],
          run.way,
          whole(run.eventsPerSecond),
          `${whole(run.slowest)}–${whole(run.fastest)}`,
          whole(TARGETS.eventsPerSecond[run.kind]),
          `${Math.round((100 * run.eventsPerSecond) / TARGETS.eventsPerSecond[run.kind])} %`,
          whole(run.signalsPerSecond),
          whole(run.sent),
          whole(run.stored),
          whole(run.quarantined),
        ]),
      ),
      exactness(runs),
    );
  }
  if (paced.length > 0) {
    parts.push(
      '### Paced: from arrival to stored and matched',
      'For each cut of the journal, from its oldest event on: an upper bound for all others in it.',
      table(
        ['what', 'by', 'sent/s', 'stored/s', 'p50, ms', 'p99, ms', 'target p99, ms', ''],
        paced.map((run) => [
          NAMES[run.kind],
          run.way,
          whole(run.rate),
          whole(run.eventsPerSecond),
          milliseconds(run.latencyP50Ms),
          milliseconds(run.latencyP99Ms),
          `< ${TARGETS.pacedP99Ms}`,
          mark((run.latencyP99Ms ?? Infinity) < TARGETS.pacedP99Ms),
        ]),
      ),
    );
  }
  const stages = [...new Set(runs.flatMap((run) => run.stages.map(([stage]) => stage)))];
  parts.push(
    '### Where the time goes',
    'The worker’s time by stage, µs per event:',
    table(
      ['run', ...stages, 'together'],
      runs.map((run) => [
        nameOf(run),
        ...stages.map((stage) => (run.stages.find(([name]) => name === stage)?.[1] ?? 0).toFixed(2)),
        run.stages.reduce((sum, [, time]) => sum + time, 0).toFixed(2),
      ]),
    ),
    'Processor time, µs per event (and share of one core):',
    ...runs.map(
      (run) =>
        `- ${nameOf(run)}: ${run.processor.map(([name, time, share]) => `${name} ${time.toFixed(2)} (${Math.round(share * 100)} %)`).join(', ')}`,
    ),
    ...remarks(full),
  );
  return parts
    .join('\n\n')
    .replaceAll(/\n\n(?=- )/g, '\n')
    .replaceAll(/(share of one core\):)\n- /g, '$1\n\n- ');
}

function nameOf({ kind, way, rate }: PipelineRun): string {
  return `${NAMES[kind]}, ${way}${rate > 0 ? `, ${whole(rate)}/s` : ''}`;
}

function exactness(runs: readonly PipelineRun[]): string {
  const wrong = runs.filter(({ sent, stored, quarantined }) => sent !== stored + quarantined);
  if (wrong.length === 0) return 'In every run, paced ones too, all that was sent is in the store, once.';
  return wrong
    .map(
      (run) =>
        `**Wrong count** (${nameOf(run)}): sent ${whole(run.sent)}, stored ${whole(run.stored + run.quarantined)}.`,
    )
    .join('\n');
}

/** Says of every target that was missed what held it up. */
function remarks(runs: readonly PipelineRun[]): string[] {
  return runs
    .filter((run) => run.eventsPerSecond < TARGETS.eventsPerSecond[run.kind])
    .map((run) => {
      const stages = [...run.stages].sort(([, a], [, b]) => b - a).slice(0, 2);
      const [first, second] = stages.map(([stage, time]) => `${stage} (${time.toFixed(1)} µs)`);
      const cores = run.processor.reduce((sum, [, , share]) => sum + share, 0);
      return (
        `${nameOf(run)} stays below the target. The server took ${cores.toFixed(1)} cores beside the sender; ` +
        `the worker’s largest stages are ${first} and ${second}.`
      );
    });
}

export function alertTable(rows: readonly AlertLatency[]): string {
  return table(
    [
      'attack by',
      'attacks',
      'alerts missed',
      'p50, ms',
      'p99, ms',
      'slowest, ms',
      'events/s beside',
      'target p99, ms',
      '',
    ],
    rows.map((row) => [
      row.way,
      whole(row.attacks),
      whole(row.missed),
      milliseconds(row.p50Ms),
      milliseconds(row.p99Ms),
      milliseconds(row.maxMs),
      whole(row.beside),
      `< ${whole(TARGETS.alertP99Ms)}`,
      mark(row.missed === 0 && row.p99Ms < TARGETS.alertP99Ms),
    ]),
  );
}

export function memoryTable(rows: readonly IdleMemory[]): string {
  return table(
    ['rules', 'PSS of all processes, MB', 'seconds after start', 'target, MB', ''],
    rows.map(({ rules, pssMb, secondsAfterStart }) => [
      rules,
      pssMb === null ? 'not known on this system' : whole(pssMb),
      whole(secondsAfterStart),
      `< ${TARGETS.idleMb}`,
      pssMb === null ? '' : mark(pssMb < TARGETS.idleMb),
    ]),
  );
}

export function searchTables({ events, fills, queries }: SearchBench): string {
  return [
    `${whole(events)} events in the store.`,
    table(
      ['events', 'number', 'raw bytes/event', 'bytes/event on disk, all indexes included'],
      fills.map((fill) => [
        NAMES[fill.kind],
        whole(fill.events),
        whole(fill.rawBytesPerEvent),
        whole(fill.storedBytesPerEvent),
      ]),
    ),
    table(
      ['question, through the API', 'p50, ms', 'slowest of 25, ms', 'target p50, ms', ''],
      queries.map(({ name, p50Ms, p99Ms }) => {
        const aimed = name.startsWith('100 newest');
        return [
          name,
          p50Ms.toFixed(1),
          p99Ms.toFixed(1),
          aimed ? `< ${TARGETS.newestP50Ms}` : '',
          aimed ? mark(p50Ms < TARGETS.newestP50Ms) : '',
        ];
      }),
    ),
  ].join('\n\n');
}

export function storeTables({ fills, queries, memoryMb }: StoreBench): string {
  return [
    table(
      ['events', 'number', 'raw bytes/event', 'bytes/event on disk', 'encode, µs/event', 'insert, events/s'],
      fills.map((fill) => [
        fill.name,
        whole(fill.events),
        whole(fill.rawBytesPerEvent),
        whole(fill.storedBytesPerEvent),
        fill.encodeMicrosecondsPerEvent.toFixed(2),
        whole(fill.insertEventsPerSecond),
      ]),
    ),
    table(
      ['question, at the store', 'p50, ms', 'slowest of 30, ms'],
      queries.map(({ name, p50Ms, p99Ms }) => [name, p50Ms.toFixed(1), p99Ms.toFixed(1)]),
    ),
    `PSS of the store’s process, MB: empty ${milliseconds(memoryMb.empty)}, after these questions ` +
      `${milliseconds(memoryMb.filled)}, idle again ${milliseconds(memoryMb.idle)}.`,
  ].join('\n\n');
}

function verdict(what: string, value: number, target: number, unit: string): string {
  return `${what}: ${whole(value)} ${unit}; target ${whole(target)}: ${value >= target ? 'reached' : 'missed'}.`;
}

function mark(reached: boolean): string {
  return reached ? 'reached' : 'missed';
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function milliseconds(value: number | null): string {
  if (value === null || Number.isNaN(value)) return 'none';
  return Number.isFinite(value) ? whole(value) : '> 30,000';
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}
