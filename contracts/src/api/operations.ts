import { z } from 'zod';
import { laneSchema } from '../event/lane.ts';

export const partSchema = z.object({ name: z.string(), ok: z.boolean(), message: z.string() });
/** `GET /health`: 200 when every part is ready, 503 while starting or degraded. */
export const healthSchema = z.object({
  status: z.enum(['ok', 'starting', 'degraded']),
  version: z.string(),
  parts: z.array(partSchema),
});
export type Health = z.infer<typeof healthSchema>;

/** `GET /sources`: what arrives, from where, how well it parses. */
export const sourceSchema = z.object({
  name: z.string(),
  input: z.string(),
  lane: laneSchema,
  /** Parser that reads it now, '' while detecting. */
  parser: z.string(),
  events: z.number(),
  quarantined: z.number(),
  bytes: z.number(),
  eventsPerSecond: z.number(),
  firstSeen: z.string(),
  lastSeen: z.string(),
});
export type Source = z.infer<typeof sourceSchema>;

/** `GET /sources/pipeline`: per stage of the pipeline since start. */
export const pipelineSchema = z.object({
  stages: z.array(z.object({ name: z.string(), events: z.number(), dropped: z.number(), microseconds: z.number() })),
  journal: z.object({ backlogBytes: z.number(), capacityBytes: z.number(), appendedBytes: z.number() }),
  lagMs: z.number(),
  inputs: z.array(
    z.object({
      name: z.string(),
      address: z.string(),
      ok: z.boolean(),
      message: z.string(),
      received: z.number(),
      dropped: z.number(),
    }),
  ),
});
export type PipelineState = z.infer<typeof pipelineSchema>;

/** `GET /quarantine`: input that no parser could read, with its bytes (text, or base64 when not UTF-8). */
export const quarantinedSchema = z.object({
  id: z.string(),
  at: z.string(),
  source: z.string(),
  parser: z.string(),
  code: z.string(),
  reason: z.string(),
  raw: z.string(),
  encoding: z.enum(['utf8', 'base64']),
  bytes: z.number(),
});
export type Quarantined = z.infer<typeof quarantinedSchema>;

export const ruleSchema = z.object({
  id: z.string(),
  title: z.string(),
  level: z.number(),
  status: z.string(),
  kind: z.enum(['event', 'correlation']),
  description: z.string(),
  tags: z.array(z.string()),
  logsource: z.record(z.string(), z.string()),
  yaml: z.string(),
});
export type RuleInfo = z.infer<typeof ruleSchema>;

/** `GET /intel/feeds`. */
export const feedSchema = z.object({
  name: z.string(),
  location: z.string(),
  indicators: z.number(),
  loadedAt: z.string().nullable(),
  error: z.string().nullable(),
});
export type IntelFeed = z.infer<typeof feedSchema>;

/** `GET /intel/lookup?value=`: what the feeds say of an address; `level` is the number of blacklists, 0 is "no match". */
export const lookupSchema = z.object({ value: z.string(), level: z.number(), feed: z.string().nullable() });
