/** How a timeline is printed. Log text is hostile to terminals and to spreadsheets; each format guards its own reader. */
import { severityOf, type EcsDocument, type ExtraValue, type Severity } from '@vedette/contracts';
import { clip, jsonLine, onStdout, printable } from '../output/terminal.ts';
import type { Hit } from './matching.ts';

export type Format = 'table' | 'json' | 'csv';

export interface Row {
  hit: Hit;
  title: string;
  event: EcsDocument;
}

export const HEADER: Record<Format, string | null> = {
  table: null,
  json: null,
  csv: 'ts,level,severity,rule_id,rule,host,user,source_ip,destination_ip,file,line,message',
};

export const LINE: Record<Format, (row: Row) => string> = { table: tableLine, json: objectLine, csv: csvLine };

const COLOUR: Record<Severity, (text: string) => string> = {
  info: onStdout.dim,
  low: onStdout.cyan,
  medium: onStdout.yellow,
  high: onStdout.red,
  critical: (text) => onStdout.bold(onStdout.red(text)),
};

function objectLine({ hit, title, event }: Row): string {
  const { ts, file, line, ruleId, level } = hit;
  return jsonLine({ ts: new Date(ts).toISOString(), file, line, rule: { id: ruleId, title }, level, event });
}

/** `time  level severity  rule  who and where  file:line`, and the log text below it, as far as the terminal is wide. */
function tableLine({ hit, title, event }: Row): string {
  const severity = severityOf(hit.level);
  const level = `${String(hit.level).padStart(2)} ${severity}`.padEnd(11);
  const about = [
    named('user', text(event, 'user.name') || text(event, 'user.target.name')),
    named('from', text(event, 'source.ip')),
    named('to', text(event, 'destination.ip')),
    named('on', text(event, 'host.name')),
  ].filter((part) => part !== '');
  const width = process.stdout.columns ?? 160;
  const head = [
    onStdout.dim(new Date(hit.ts).toISOString()),
    COLOUR[severity](level),
    onStdout.bold(printable(title)),
    ...about,
    onStdout.dim(`${printable(hit.file)}:${hit.line}`),
  ].join('  ');
  const said = messageOf(event);
  return said === '' ? head : `${head}\n    ${onStdout.dim(clip(printable(said), width - 4))}`;
}

function named(word: string, value: string): string {
  return value === '' ? '' : `${word} ${printable(clip(value, 64))}`;
}

function csvLine({ hit, title, event }: Row): string {
  return [
    new Date(hit.ts).toISOString(),
    String(hit.level),
    severityOf(hit.level),
    hit.ruleId,
    title,
    text(event, 'host.name'),
    text(event, 'user.name') || text(event, 'user.target.name'),
    text(event, 'source.ip'),
    text(event, 'destination.ip'),
    hit.file,
    String(hit.line),
    messageOf(event),
  ]
    .map(csvCell)
    .join(',');
}

/** Quoted where needed; a cell that a spreadsheet would compute is made text by a leading apostrophe. */
export function csvCell(value: string): string {
  const shown = printable(value);
  const guarded = /^[=+\-@\t\r|%]/.test(value) ? `'${shown}` : shown;
  return /[",\n\r;]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/** What happened, in the source's words: its command line or message. */
function messageOf(event: EcsDocument): string {
  return text(event, 'process.command_line') || text(event, 'message') || text(event, 'event.original');
}

/** A text field of a nested document; '' when it is absent. */
function text(event: EcsDocument, name: string): string {
  let node: ExtraValue | undefined = event;
  for (const step of name.split('.')) {
    if (node === null || typeof node !== 'object' || Array.isArray(node) || !Object.hasOwn(node, step)) return '';
    node = node[step];
  }
  return typeof node === 'string' ? node : '';
}
