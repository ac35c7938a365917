import { z } from 'zod';
import { severitySchema } from '../event/severity.ts';
import { filterSchema, severityCountsSchema } from './events.ts';
import { alertSchema } from './alerts.ts';

/** Filters of the overview's figures. */
export const statsQuerySchema = filterSchema.extend({
  severity: severitySchema.optional(),
  protocol: z.string().max(64).optional(),
  sourceType: z.string().max(64).optional(),
});

const countedSchema = z.object({ value: z.string(), count: z.number() });
const ranked = z.object({ value: z.string(), events: z.number(), alerts: z.number(), incidents: z.number() });

/** `GET /stats`: every figure of the overview over one set of filters. */
export const statsSchema = z.object({
  from: z.string(),
  to: z.string(),
  totals: z.object({ events: z.number(), malicious: z.number(), noMatch: z.number(), quarantined: z.number() }),
  alerts: z.object({
    total: z.number(),
    open: z.number(),
    bySeverity: severityCountsSchema,
    byRule: z.array(countedSchema),
  }),
  incidents: z.object({ total: z.number() }),
  bySeverity: severityCountsSchema,
  byProtocol: z.array(countedSchema),
  bySourceType: z.array(countedSchema),
  timeline: z.array(z.object({ ts: z.string(), total: z.number(), malicious: z.number() })),
  intervalMs: z.number(),
  topDestinations: z.array(countedSchema),
  topSources: z.array(countedSchema),
  topMaliciousIps: z.array(countedSchema.extend({ level: z.number() })),
  topUsers: z.array(ranked),
  topIps: z.array(ranked),
  /** Events with an intel match by severity and confidence (IPsum level). */
  heatmap: z.array(z.object({ severity: severitySchema, confidence: z.number(), count: z.number() })),
  newestAlerts: z.array(alertSchema),
});
export type Stats = z.infer<typeof statsSchema>;
