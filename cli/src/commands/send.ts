/**
 * `vedette send`: files to a server, batch by batch and in order. A batch that the server has answered is there to stay;
 * a run that was cut short is simply started again, batches that have arrived count as duplicates.
 */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { listFiles, type LogFile } from '../logs/files.ts';
import { linesOf, NotTextError } from '../logs/lines.ts';
import { CommandError, reasonOf } from '../output/command-error.ts';
import { byteProgress, clip, jsonLine, note, onStderr, onStdout, print, printable } from '../output/terminal.ts';
import { batchesOf, contentTypeOf, halves, idempotencyKey, type ShipBatch } from '../shipping/batch.ts';
import { BodyTooLargeError, createClient, type Client } from '../shipping/client.ts';

interface SendOptions {
  url: string;
  key?: string;
  format?: string;
  batch: number;
  lane?: string;
  source?: string;
  ca?: string;
  attempts: number;
  again?: boolean;
  json?: boolean;
}

interface Rejected {
  file: string;
  line: number;
  code: string;
  message: string;
}

interface Summary {
  files: number;
  accepted: number;
  duplicates: number;
  rejected: number;
  seconds: number;
  /** The first ones. */
  rejections: Rejected[];
  skipped: { file: string; reason: string }[];
}

const SHOWN_REJECTIONS = 5;
const KEPT_REJECTIONS = 1000;

const HELP = `
Text files are sent as they are, files of JSON lines as JSON; .gz and .zst are opened; "-" reads standard input.
A file that was sent within the last 24 hours counts as duplicates when it is sent again, so an interrupted run can be
repeated; --again stores it once more.

Examples:
  vedette send /var/log/auth.log --key KEY
  vedette send logs/ --url https://siem.lan:8431 --ca ca.pem --lane history
  journalctl -o short | VEDETTE_KEY=… vedette send - --source "laptop journal"

Exit codes: 0 everything was answered (rejected events are counted and shown, and kept in quarantine by the server),
1 the server could not be reached, refused the key, or took not one event; 2 wrong usage.`;

export function defineSend(program: Command): void {
  program
    .command('send')
    .description('send log files to a server')
    .argument('<files...>', 'files or folders; "-" is standard input')
    .addOption(new Option('--url <url>', 'address of the server').default('http://127.0.0.1:8431').env('VEDETTE_URL'))
    .addOption(new Option('--key <key>', 'API key with the ingest scope').env('VEDETTE_KEY'))
    .option('--format <parser>', 'parser to use instead of detecting one')
    .option('--batch <events>', 'events in one request', positive(100_000), 500)
    .addOption(
      new Option('--lane <lane>', 'live, or history for old logs: no pages, no KPIs').choices(['live', 'history']),
    )
    .option('--source <name>', 'name of the log source (default: the file)')
    .option('--ca <file>', "certificate authority of the server (a server's own is in DATA/tls)")
    .option('--attempts <n>', 'how often a batch is tried before giving up', positive(1000), 10)
    .option('--again', 'send even what the server has seen')
    .option('--json', 'print the summary as JSON')
    .addHelpText('after', HELP)
    .action(send);
}

function positive(max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1 || value > max) throw new InvalidArgumentError(`Use 1 to ${max}.`);
    return value;
  };
}

async function send(paths: string[], options: SendOptions): Promise<void> {
  if (!options.key) throw new CommandError('an API key is needed: --key KEY, or VEDETTE_KEY in the environment', 2);
  const url = urlOf(options.url);
  const ca = options.ca === undefined ? undefined : await readFile(options.ca, 'utf8').catch(unreadable(options.ca));
  const stdin = paths.includes('-');
  const files = await listFiles(paths.filter((path) => path !== '-'));
  const all: LogFile[] = stdin ? [...files, { path: '-', bytes: 0, modified: 0 }] : files;
  const progress = byteProgress(all.reduce((sum, file) => sum + file.bytes, 0));
  const client = createClient({
    url,
    key: options.key,
    ca,
    attempts: options.attempts,
    waiting: (reason, ms) => note(onStderr.yellow(`${reason}; trying again in ${(ms / 1000).toFixed(1)} s`)),
    sleep: (ms) => sleep(ms),
  });
  const summary: Summary = {
    files: 0,
    accepted: 0,
    duplicates: 0,
    rejected: 0,
    seconds: 0,
    rejections: [],
    skipped: [],
  };
  const started = performance.now();
  try {
    for (const file of all) await sendFile(file, options, client, summary, progress.advance);
  } finally {
    progress.stop();
    client.close();
    summary.seconds = Math.round(performance.now() - started) / 1000;
    report(summary, options.json === true);
  }
  if (summary.accepted + summary.duplicates === 0) process.exitCode = 1;
}

const unreadable = (path: string) => (error: Error) => {
  throw new CommandError(`${path}: ${error.message}`, 2);
};

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new CommandError(`--url ${text}: write it like http://127.0.0.1:8431`, 2);
}

async function sendFile(
  file: LogFile,
  options: SendOptions,
  client: Client,
  summary: Summary,
  advance: (bytes: number, label: string) => void,
): Promise<void> {
  const source = options.source ?? (file.path === '-' ? 'stdin' : basename(file.path));
  const query: Record<string, string> = { source };
  if (options.format) query['format'] = options.format;
  if (options.lane) query['lane'] = options.lane;
  // Standard input has no place that could be recognised in a later run.
  const salt = options.again === true || file.path === '-' ? randomUUID() : file.path;
  const target = JSON.stringify(query);
  let contentType: ReturnType<typeof contentTypeOf> | undefined;

  async function ship(batch: ShipBatch): Promise<void> {
    const key = idempotencyKey(batch, { target, salt });
    contentType ??= contentTypeOf(batch);
    try {
      const result = await client.post({ body: batch.body, contentType, idempotencyKey: key, query });
      summary.accepted += result.accepted;
      summary.duplicates += result.duplicates;
      for (const { index, code, message } of result.rejected) {
        addRejection(summary, { file: file.path, line: batch.lines[index] ?? 0, code, message });
      }
    } catch (error) {
      if (!(error instanceof BodyTooLargeError)) throw error;
      const parts = halves(batch);
      if (parts === null) {
        addRejection(summary, { file: file.path, line: batch.lines[0]!, code: 'too_large', message: error.message });
      } else {
        for (const part of parts) await ship(part);
      }
    }
  }

  try {
    const lines = linesOf(file.path, { read: (bytes) => advance(bytes, file.path) });
    for await (const batch of batchesOf(lines, options.batch)) await ship(batch);
    summary.files++;
  } catch (error) {
    if (error instanceof CommandError) throw error;
    if (!(error instanceof NotTextError) && (error as NodeJS.ErrnoException).code === undefined) throw error;
    summary.skipped.push({ file: file.path, reason: reasonOf(error) });
  }
}

function addRejection(summary: Summary, rejected: Rejected): void {
  summary.rejected++;
  if (summary.rejections.length < KEPT_REJECTIONS) summary.rejections.push(rejected);
}

function report(summary: Summary, json: boolean): void {
  if (json) {
    print(jsonLine(summary));
    return;
  }
  for (const { file, reason } of summary.skipped) note(onStderr.yellow(`skipped ${printable(file)}: ${reason}`));
  for (const { file, line, code, message } of summary.rejections.slice(0, SHOWN_REJECTIONS)) {
    note(onStderr.yellow(`rejected ${printable(file)}:${line} ${code}: ${clip(printable(message), 160)}`));
  }
  const unshown = summary.rejected - SHOWN_REJECTIONS;
  if (unshown > 0) note(onStderr.yellow(`… and ${unshown} more`));
  const total = summary.accepted + summary.duplicates + summary.rejected;
  const rate = Math.round(total / Math.max(summary.seconds, 0.001));
  const rejected = `rejected ${summary.rejected}`;
  print(
    `${onStdout.green(`accepted ${summary.accepted}`)}  duplicates ${summary.duplicates}  ` +
      `${summary.rejected > 0 ? onStdout.yellow(rejected) : rejected}  ` +
      onStdout.dim(`${summary.files} files in ${summary.seconds} s, ${rate} events/s`),
  );
  if (summary.accepted === 0 && summary.duplicates > 0) {
    note('The server has seen all of this within the last 24 hours; --again stores it once more.');
  }
}
