/**
 * Every setting, in one schema: its default, its limits and what it is for. Flags win over the environment, the
 * environment over `vedette.yaml`, the file over the defaults. Nothing is guessed: an unknown or wrong setting stops the
 * start with a message that names the setting, where it was given, and the nearest name that exists.
 */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { laneSchema } from '@vedette/contracts';
import ipaddr from 'ipaddr.js';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';

const port = z.int().min(1).max(65_535);
const path = z
  .string()
  .min(1)
  .transform((value) => resolve(value));
const cidr = z.string().refine(isNetwork, 'Use an address or a network such as 10.0.0.0/8.');

const fileSchema = z.strictObject({
  path: z.string().min(1).describe('File, folder or pattern to follow.'),
  source: z.string().max(128).optional().describe('Name of the log source; the path by default.'),
  format: z.string().max(64).optional().describe('Parser; detected by default.'),
  lane: laneSchema.optional().describe('live by default.'),
});

export const configSchema = z.strictObject({
  data: path.default(() => resolve('./data')).describe('Data folder: journal, events, state, certificates.'),
  host: z.string().min(1).default('127.0.0.1').describe('Address to listen on. Others than loopback need TLS.'),
  port: port.default(8431).describe('Port of console and API.'),
  behindProxy: z.boolean().default(false).describe('A proxy in front ends TLS; its X-Forwarded headers are believed.'),
  tls: z
    .strictObject({
      enabled: z
        .boolean()
        .default(false)
        .describe('HTTPS, with a certificate made at first start unless one is given.'),
      cert: path.optional().describe('PEM certificate chain.'),
      key: path.optional().describe('PEM private key.'),
      names: z.array(z.string()).default([]).describe('Further names and addresses in the certificate made here.'),
    })
    .refine(({ cert, key }) => (cert === undefined) === (key === undefined), 'tls.cert and tls.key go together.')
    .prefault({}),
  syslog: z
    .strictObject({
      port: port.default(5514).describe('Syslog over UDP and TCP.'),
      tlsPort: port.optional().describe('Syslog over TLS; off by default.'),
      tlsClientCa: path
        .optional()
        .describe('PEM of the CA whose certificates senders over TLS must show; then they may come from anywhere.'),
      allowFrom: z.array(cidr).default([]).describe('Networks that may send plain syslog; loopback alone by default.'),
      maxFrameBytes: z.int().min(480).max(16_777_216).default(262_144).describe('Longest syslog message.'),
    })
    .prefault({}),
  files: z.array(fileSchema).default([]).describe('Log files to follow.'),
  intel: z
    .strictObject({
      ipsum: z.string().optional().describe('IPsum list: file or https address.'),
      refreshMinutes: z.int().min(1).max(10_080).default(60).describe('How often feeds are read again.'),
      minLevel: z.int().min(1).max(20).default(3).describe('Blacklists from which on a match raises severity.'),
    })
    .prefault({}),
  rules: z.array(path).default([]).describe('Further folders with Sigma rules.'),
  retentionDays: z.int().min(1).max(36_500).default(90).describe('Events older than this are deleted.'),
  journalBytes: z.int().min(1_048_576).default(1_073_741_824).describe('Unprocessed input kept before senders wait.'),
  workers: z
    .int()
    .min(1)
    .max(256)
    .default(() => Math.max(1, availableParallelism() - 1))
    .describe('Pipeline threads; one less than the processor has cores by default.'),
  clickhouse: z
    .strictObject({
      url: z
        .url({ protocol: /^https?$/ })
        .optional()
        .describe('ClickHouse server; the embedded store by default.'),
      username: z.string().default('default').describe('User of the ClickHouse server.'),
      password: z.string().default('').describe('Password of that user; better given in the environment.'),
      database: z
        .string()
        .regex(/^\w{1,64}$/)
        .default('vedette')
        .describe('Database of the ClickHouse server.'),
    })
    .prefault({}),
  sessionHours: z.number().min(0.1).max(720).default(24).describe('A sign-in ends this long after its last use.'),
  registration: z.literal('closed').default('closed').describe('Administrators create the users.'),
  rateLimits: z
    .strictObject({
      perMinute: z.int().min(1).default(200).describe('Calls a minute of one user or address.'),
      authPerMinute: z.int().min(1).default(10).describe('Sign-in attempts a minute from one address.'),
      keyPerMinute: z.int().min(1).default(6_000).describe('Calls a minute of one API key; ingest is not counted.'),
    })
    .prefault({}),
  metricsPublic: z.boolean().default(false).describe('Serve /metrics without an API key.'),
  logLevel: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'])
    .default('info')
    .describe('Least severe log line.'),
});

export type Config = z.output<typeof configSchema>;

/** One setting by its dotted name, as flags, the environment and the documentation name it. */
export interface Setting {
  /** `syslog.port` */
  name: string;
  /** `VEDETTE_SYSLOG_PORT` */
  variable: string;
  kind: 'text' | 'number' | 'boolean' | 'list';
  description: string;
}

export const SETTINGS: readonly Setting[] = settingsIn(configSchema, '');

/** Variables of the same prefix that are no settings of the server. */
const OTHER_VARIABLES = /^VEDETTE_(?:URL|KEY|CORPORA|CHROMIUM|SERVICE_\w+|PORT_\w+)$/;
const DEFAULT_FILE = 'vedette.yaml';

/** Every setting that is wrong, each with where it was given. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(
      problems.length === 1 ? problems[0]! : `These settings are wrong:\n${problems.map((p) => `  ${p}`).join('\n')}`,
    );
    this.problems = problems;
  }
}

/**
 * Settings from `flags` (by dotted name; undefined is "not given"), `env`, and `file` (default: `vedette.yaml` in the
 * working folder, if it exists). Relative paths start at the working folder. Throws ConfigError.
 */
export function loadConfig(sources: {
  flags?: Readonly<Record<string, unknown>>;
  env?: Readonly<Record<string, string | undefined>>;
  file?: string | undefined;
}): Config {
  const { flags = {}, env = {}, file } = sources;
  const problems: string[] = [];
  const origins = new Map<string, string>();
  const given = readSettingsFile(file, problems);

  for (const variable of Object.keys(env)) {
    if (!variable.startsWith('VEDETTE_') || OTHER_VARIABLES.test(variable)) continue;
    if (SETTINGS.some((setting) => setting.variable === variable)) continue;
    problems.push(
      `${variable} is no setting.${suggestion(
        variable,
        SETTINGS.map((setting) => setting.variable),
      )}`,
    );
  }
  for (const setting of SETTINGS) {
    const value = env[setting.variable];
    if (value === undefined || value === '') continue;
    if (setValue(given, setting.name, fromText(value, setting.kind))) origins.set(setting.name, setting.variable);
  }
  for (const [name, value] of Object.entries(flags)) {
    const setting = SETTINGS.find((known) => known.name === name);
    if (!setting) throw new Error(`No such setting: ${name}`);
    if (value === undefined) continue;
    const typed = typeof value === 'string' ? fromText(value, setting.kind) : value;
    if (setValue(given, name, typed)) origins.set(name, 'the command line');
  }

  const parsed = configSchema.safeParse(given);
  if (parsed.success && problems.length === 0) return parsed.data;
  for (const issue of parsed.error?.issues ?? []) problems.push(...describeIssue(issue, origins, file ?? DEFAULT_FILE));
  throw new ConfigError(problems);
}

function readSettingsFile(file: string | undefined, problems: string[]): Record<string, unknown> {
  const name = file ?? DEFAULT_FILE;
  if (file === undefined && !existsSync(name)) return {};
  try {
    const content: unknown = parseYaml(readFileSync(name, 'utf8')) ?? {};
    if (isMapping(content)) return content;
    problems.push(`${name} does not hold settings: write them as "name: value" lines.`);
  } catch (error) {
    problems.push(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return {};
}

function describeIssue(issue: z.core.$ZodIssue, origins: ReadonlyMap<string, string>, file: string): string[] {
  const name = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const prefix = name === '' ? '' : `${name}.`;
    const names = SETTINGS.map((setting) => setting.name);
    return issue.keys.map((key) => `${prefix}${key} (in ${file}) is no setting.${suggestion(prefix + key, names)}`);
  }
  const origin = [...origins].find(([setting]) => name === setting || name.startsWith(`${setting}.`))?.[1] ?? file;
  return [`${name} (in ${origin}): ${issue.message}`];
}

/** " Did you mean …?" for the nearest name, if one is near. Compares the last parts alone as well: `prot` → `syslog.port`. */
function suggestion(name: string, names: readonly string[]): string {
  let nearest = '';
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of names) {
    const distance = Math.min(
      editDistance(name, candidate),
      editDistance(name.toLowerCase(), candidate.slice(candidate.lastIndexOf('.') + 1).toLowerCase()) + 1,
    );
    if (distance < least) [nearest, least] = [candidate, distance];
  }
  return nearest === '' ? '' : ` Did you mean ${nearest}?`;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
}

/** Sets a value by dotted name. False when the file has something other than settings at a parent: its own error. */
function setValue(root: Record<string, unknown>, name: string, value: unknown): boolean {
  const path = name.split('.');
  const leaf = path.pop()!;
  let node = root;
  for (const step of path) {
    const next = (node[step] ??= {});
    if (!isMapping(next)) return false;
    node = next;
  }
  node[leaf] = value;
  return true;
}

/** A value that came as text. What does not fit is left as it is, for the schema to complain about. */
function fromText(text: string, kind: Setting['kind']): unknown {
  if (kind === 'number') return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
  if (kind === 'boolean') return { true: true, '1': true, false: false, '0': false }[text.toLowerCase()] ?? text;
  if (kind === 'text') return text;
  // Lists are written with commas, lists of mappings as YAML or JSON.
  if (!text.trimStart().startsWith('[')) return text.split(',').map((item) => item.trim());
  try {
    return parseYaml(text) as unknown;
  } catch {
    return text;
  }
}

function settingsIn(schema: z.ZodObject, prefix: string): Setting[] {
  return Object.entries(schema.shape).flatMap(([key, field]) => {
    const name = prefix + key;
    const inner = unwrapped(field as z.ZodType);
    if (inner instanceof z.ZodObject) return settingsIn(inner, `${name}.`);
    const kind =
      inner instanceof z.ZodNumber
        ? 'number'
        : inner instanceof z.ZodBoolean
          ? 'boolean'
          : inner instanceof z.ZodArray
            ? 'list'
            : 'text';
    const variable = `VEDETTE_${name
      .replaceAll('.', '_')
      .replace(/[A-Z]/g, (letter) => `_${letter}`)
      .toUpperCase()}`;
    return [{ name, variable, kind, description: (field as z.ZodType).description ?? '' }];
  });
}

/** The type below defaults, options and transforms. */
function unwrapped(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional)
    return unwrapped(schema.unwrap() as z.ZodType);
  return schema instanceof z.ZodPipe ? unwrapped(schema.in as z.ZodType) : schema;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNetwork(text: string): boolean {
  return ipaddr.isValidCIDR(text) || ipaddr.isValid(text);
}
