/** `vedette hunt`: all rules over logs on disk; no server needed. */
import { stat } from 'node:fs/promises';
import { SEVERITIES, SEVERITY_FLOOR, type EcsDocument, type Severity } from '@vedette/contracts';
import { loadRules, OWN_RULES } from '@vedette/server/detectors/rules.ts';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { hunt, type HuntResult } from '../hunt/hunt.ts';
import { HEADER, LINE, type Format } from '../hunt/report.ts';
import { createSpill, type Spill } from '../hunt/spill.ts';
import { listFiles } from '../logs/files.ts';
import { CommandError } from '../output/command-error.ts';
import { byteProgress, note, onStderr, print, printable } from '../output/terminal.ts';

interface HuntCommandOptions {
  rules?: string[];
  format: Format;
  minLevel: number;
}

const HELP = `
Reads Windows events as JSON lines, syslog and authentication logs, Zeek (TSV, JSON), Suricata EVE, web server logs and
more; .gz and .zst are opened. Formats are detected. A time without a year is read against the file's own time.
The timeline goes to stdout; files that are no logs, rules that cannot be read and the summary go to stderr.

Formats: table for people; json, one object a line: {ts, file, line, rule: {id, title}, level, event}; csv.

Examples:
  vedette hunt /var/log
  vedette hunt evidence/ --min-level high --format csv > timeline.csv
  vedette hunt evtx-as-json/ --rules sigma/rules --rules my-rules --format json | jq .rule.title

Exit codes: 0 done, whether or not there were hits; 1 no file could be read; 2 wrong usage.`;

export function defineHunt(program: Command): void {
  program
    .command('hunt')
    .description('run all rules over log files, without a server')
    .argument('<paths...>', 'log files or folders')
    .option('--rules <folder>', 'Sigma rules to use instead of our own (repeatable)', collect)
    .addOption(new Option('--format <format>', 'how to print hits').choices(['table', 'json', 'csv']).default('table'))
    .option('--min-level <level>', 'leave out hits below: 0 to 15, or info, low, medium, high, critical', level, 0)
    .addHelpText('after', HELP)
    .action(runHunt);
}

const collect = (value: string, list: string[] = []): string[] => [...list, value];

function level(text: string): number {
  const word = text.toLowerCase();
  if ((SEVERITIES as readonly string[]).includes(word)) return SEVERITY_FLOOR[word as Severity];
  const value = Number(text);
  if (text !== '' && Number.isInteger(value) && value >= 0 && value <= 15) return value;
  throw new InvalidArgumentError('Use 0 to 15, or info, low, medium, high, critical.');
}

async function runHunt(paths: string[], { rules: folders = [], format, minLevel }: HuntCommandOptions): Promise<void> {
  const started = performance.now();
  for (const folder of folders) {
    if (!(await stat(folder).catch(() => null)))
      throw new CommandError(`--rules ${folder}: there is no such folder`, 2);
  }
  const files = await listFiles(paths);
  const rules = loadRules(folders.length > 0 ? folders : [OWN_RULES]);
  for (const error of rules.errors) note(onStderr.yellow(`rule not loaded: ${printable(error)}`));
  const progress = byteProgress(files.reduce((sum, file) => sum + file.bytes, 0));
  const spill = createSpill();
  try {
    const result = await hunt({ files, rules, minLevel, spill, read: progress.advance });
    progress.stop();
    const titles = new Map(rules.rules.map((rule) => [rule.id, rule.title]));
    await printTimeline(result, format, titles, spill);
    summarise(result, rules.rules.length, (performance.now() - started) / 1000);
    if (result.files === 0) process.exitCode = 1;
  } finally {
    progress.stop();
    spill.close();
  }
}

async function printTimeline(
  { hits }: HuntResult,
  format: Format,
  titles: ReadonlyMap<string, string>,
  spill: Spill,
): Promise<void> {
  const header = HEADER[format];
  if (header !== null) print(header);
  for (const hit of hits) {
    const event = JSON.parse(spill.get(hit.event)) as EcsDocument;
    const line = LINE[format]({ hit, title: titles.get(hit.ruleId) ?? hit.ruleId, event });
    // A slow reader on the other end of the pipe must not make us hold the whole timeline.
    if (!process.stdout.write(`${line}\n`)) await new Promise((resolve) => process.stdout.once('drain', resolve));
  }
}

function summarise({ hits, files, events, rejected, skipped }: HuntResult, rules: number, seconds: number): void {
  for (const { file, reason } of skipped) note(onStderr.dim(`skipped ${printable(file)}: ${reason}`));
  const unread = rejected > 0 ? `, ${rejected} lines not understood` : '';
  note(
    `${onStderr.bold(`${hits.length} hits`)} in ${events} events of ${files} files` +
      `${unread}; ${skipped.length} files skipped, ${rules} rules, ${seconds.toFixed(1)} s`,
  );
}
