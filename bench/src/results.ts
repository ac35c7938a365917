/**
 * RESULTS.md: one section for each part of the benchmark, so that a part that is run again replaces its own figures and
 * leaves the others, each with the date and the machine it was measured on.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { thisMachine } from './machine.ts';

export const PARTS = ['engine', 'pipeline', 'alerts', 'memory', 'search', 'store'] as const;
export type Part = (typeof PARTS)[number];

const FILE = fileURLToPath(new URL('../RESULTS.md', import.meta.url));
const TITLES: Record<Part, [title: string, what: string]> = {
  engine: [
    'The Sigma engine alone',
    'One core, all SigmaHQ rules, Windows attack telemetry changed for every repetition. Routed: only rules of the ' +
      'event’s log source are asked. "View" is the mapping of field names. The full scan beside it is brute force.',
  ],
  pipeline: [
    'The whole path',
    '`vedette up` as its own process tree with all SigmaHQ rules and our own, fed by another process on the same machine, ' +
      'which takes its share of the processor. Every line is changed before it is sent. A line counts when it is stored and ' +
      'matched. The attackers among the sshd lines keep the brute-force correlations firing all the time. Paced runs are a third as long. ' +
      'A throw-away prototype of this path, with fewer fields and without correlations and alerts, reached 214,000 sshd ' +
      'lines/s and 37,000 Windows events/s on two cores.',
  ],
  alerts: [
    'From the line to the alert',
    'Eight password failures from an address of its own for each attack; from sending them to the alert on the live ' +
      'stream, with other sshd lines beside.',
  ],
  memory: ['Idle memory', 'The whole process tree of `vedette up`, shared pages counted once (PSS).'],
  search: [
    'Searching',
    'Through the API, one question at a time, other values each time; the store’s query cache is as it is in use.',
  ],
  store: [
    'The store alone',
    'Blocks made and inserted one after the other, without parsing or detection; made-up events with more varied values.',
  ],
};

const HEAD = `# Benchmark results

Made by \`npm run bench -- --write\`. Rerun it on your machine: \`npm run bench\` prints the same tables, \`--only
${PARTS.join('|')}\` runs one part, \`--seconds N\` sets how long each figure is measured, \`--quick\` gives a first look.
Rules and logs come from the folder named in \`VEDETTE_CORPORA\` (see [CONTRIBUTING.md](../CONTRIBUTING.md)); without it only
sshd lines of our own are used, and the rules that come with Vedette.

Figures of a part are comparable with each other; between machines, and while others work on the same machine, they differ.
A sender on the same machine competes for the same cores.
`;

export interface Section {
  part: Part;
  seconds: number;
  body: string;
}

/** Writes the sections over those of the same parts. */
export function writeResults(sections: readonly Section[], today: string): void {
  const old = existsSync(FILE) ? readFileSync(FILE, 'utf8') : '';
  const fresh = new Map(sections.map((section) => [section.part, sectionOf(section, today)]));
  const text = PARTS.map((part) => fresh.get(part) ?? oldSection(old, part)).filter((section) => section !== '');
  writeFileSync(FILE, `${HEAD}\n${text.join('\n\n')}\n`);
}

function sectionOf({ part, seconds, body }: Section, today: string): string {
  const [title, what] = TITLES[part];
  const { cores, processor, memoryGb, system, node } = thisMachine();
  const where = `${today}, ${cores} cores (${processor}), ${memoryGb} GB, ${system}, Node ${node}, ${seconds} s a figure.`;
  return `${opening(part)}\n\n## ${title}\n\n${what}\n\n${where}\n\n${body}\n\n${closing(part)}`;
}

function oldSection(text: string, part: Part): string {
  const start = text.indexOf(opening(part));
  const end = text.indexOf(closing(part));
  return start < 0 || end < start ? '' : text.slice(start, end + closing(part).length);
}

const opening = (part: Part): string => `<!-- ${part} -->`;
const closing = (part: Part): string => `<!-- /${part} -->`;
