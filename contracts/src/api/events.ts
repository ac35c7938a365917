import { z } from 'zod';
import { laneFilterSchema } from '../event/lane.ts';
import { pagingSchema, rangeSchema } from './paging.ts';

/** Answer to every ingest request. `index` counts the request's events from 0. */
export const ingestResultSchema = z.object({
  accepted: z.number().int(),
  duplicates: z.number().int(),
  rejected: z.array(z.object({ index: z.number().int(), code: z.string(), message: z.string() })),
  /** Only with the `{source, events}` envelope: alerts that these events opened. */
  newAlerts: z.number().int().optional(),
});
export type IngestResult = z.infer<typeof ingestResultSchema>;

export const ingestQuerySchema = z.object({
  source: z.string().max(128).optional(),
  format: z.string().max(64).optional(),
  lane: z.enum(['live', 'history', 'exercise']).optional(),
});

/** An ECS document with `_id`; see `EcsDocument`. */
export const eventDocumentSchema = z.looseObject({ _id: z.string(), '@timestamp': z.string() });

export const filterSchema = rangeSchema.extend({ q: z.string().max(4096).optional(), lane: laneFilterSchema });
export const eventListQuerySchema = filterSchema.extend(pagingSchema.shape);

/** `GET /events/histogram`: counts per bucket and severity. */
export const histogramQuerySchema = filterSchema.extend({
  buckets: z.coerce.number().int().min(1).max(500).default(96),
});
export const severityCountsSchema = z.object({
  info: z.number(),
  low: z.number(),
  medium: z.number(),
  high: z.number(),
  critical: z.number(),
});
export type SeverityCounts = z.infer<typeof severityCountsSchema>;
export const histogramSchema = z.object({
  from: z.string(),
  to: z.string(),
  intervalMs: z.number(),
  buckets: z.array(z.object({ ts: z.string(), counts: severityCountsSchema })),
});
export type Histogram = z.infer<typeof histogramSchema>;

/** `GET /events/fields`: top values of fields among the matching events (sampled where there are very many). */
export const fieldsQuerySchema = filterSchema.extend({
  fields: z.string().max(1000).optional(),
  top: z.coerce.number().int().min(1).max(50).default(5),
});
export const fieldSummarySchema = z.object({
  field: z.string(),
  kind: z.string(),
  present: z.number(),
  values: z.array(z.object({ value: z.string(), count: z.number() })),
});
export const fieldsSchema = z.object({ total: z.number(), sampled: z.boolean(), fields: z.array(fieldSummarySchema) });
export type FieldSummaries = z.infer<typeof fieldsSchema>;

/** `GET /pivot?value=`: everything about one value, by source type. */
export const pivotQuerySchema = rangeSchema.extend({
  value: z.string().min(1).max(1024),
  lane: laneFilterSchema,
  newest: z.coerce.number().int().min(1).max(50).default(5),
});
export const pivotSchema = z.object({
  value: z.string(),
  total: z.number(),
  groups: z.array(
    z.object({
      sourceType: z.string(),
      count: z.number(),
      firstSeen: z.string(),
      lastSeen: z.string(),
      items: z.array(eventDocumentSchema),
    }),
  ),
});
export type Pivot = z.infer<typeof pivotSchema>;
