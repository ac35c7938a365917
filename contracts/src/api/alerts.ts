import { z } from 'zod';
import { laneFilterSchema, laneSchema } from '../event/lane.ts';
import { levelSchema } from '../event/severity.ts';
import { pagingSchema, rangeSchema } from './paging.ts';

export const STATUSES = ['new', 'acknowledged', 'investigating', 'resolved', 'false_positive'] as const;
export const statusSchema = z.enum(STATUSES);
export type Status = z.infer<typeof statusSchema>;

/** Legal status changes; anything else is `illegal_transition`. */
export const TRANSITIONS: Readonly<Record<Status, readonly Status[]>> = {
  new: ['acknowledged', 'investigating', 'resolved', 'false_positive'],
  acknowledged: ['investigating', 'resolved', 'false_positive'],
  investigating: ['resolved', 'false_positive', 'acknowledged'],
  resolved: ['investigating'],
  false_positive: ['investigating'],
};

export const REASONS = ['confirmed_attack', 'false_positive', 'benign_activity', 'duplicate', 'other'] as const;
export const reasonSchema = z.enum(REASONS);

export const entitySchema = z.object({ type: z.enum(['user', 'host', 'ip', 'process', 'file']), value: z.string() });
export type Entity = z.infer<typeof entitySchema>;

export const attackSchema = z.object({
  technique: z.string(),
  tactic: z.string(),
  /** Names are empty for ids that our table does not know. */
  techniqueName: z.string(),
  tacticName: z.string(),
});
export type Attack = z.infer<typeof attackSchema>;

export const alertSchema = z.object({
  id: z.string(),
  rule: z.object({ id: z.string(), title: z.string() }),
  level: levelSchema,
  status: statusSchema,
  lane: laneSchema,
  count: z.number().int(),
  /** Event times, UTC. */
  firstSeen: z.string(),
  lastSeen: z.string(),
  /** When the alert was opened (server clock). */
  createdAt: z.string(),
  entities: z.array(entitySchema),
  attack: z.array(attackSchema),
  /** Evidence, newest last; at most 100, `count` tells the rest. */
  eventIds: z.array(z.string()),
  /** One sentence: what happened. */
  summary: z.string(),
  assignee: z.string().nullable(),
  /** The closed alert that this one continues. */
  previousId: z.string().nullable(),
});
export type Alert = z.infer<typeof alertSchema>;

/** Which fields of an evidence event matched which selection. */
export const matchedFieldSchema = z.object({
  selection: z.string(),
  field: z.string(),
  value: z.string(),
  pattern: z.string(),
});
export type MatchedField = z.infer<typeof matchedFieldSchema>;

export const alertHistorySchema = z.object({
  at: z.string(),
  by: z.string(),
  from: statusSchema.nullable(),
  to: statusSchema,
  reason: reasonSchema.nullable(),
  comment: z.string(),
});
export const alertDetailSchema = alertSchema.extend({
  ruleDescription: z.string(),
  ruleFalsePositives: z.array(z.string()),
  history: z.array(alertHistorySchema),
  /** The newest evidence events (at most 20) with their matched fields. */
  evidence: z.array(z.object({ event: z.looseObject({ _id: z.string() }), matched: z.array(matchedFieldSchema) })),
});
export type AlertDetail = z.infer<typeof alertDetailSchema>;

export const alertListQuerySchema = rangeSchema.extend(pagingSchema.shape).extend({
  minLevel: z.coerce.number().int().min(0).max(15).optional(),
  status: statusSchema.optional(),
  rule: z.string().max(256).optional(),
  user: z.string().max(256).optional(),
  ip: z.string().max(64).optional(),
  host: z.string().max(256).optional(),
  q: z.string().max(256).optional(),
  lane: laneFilterSchema,
});

/** `PATCH /alerts/{id}`: closing (resolved, false_positive) needs `reason`. */
export const alertPatchSchema = z.object({
  status: statusSchema.optional(),
  reason: reasonSchema.optional(),
  comment: z.string().max(10_000).optional(),
  assignee: z.string().max(64).nullable().optional(),
});

/** `POST /alerts/bulk`: one change for many; each alert is taken by itself. */
export const alertBulkSchema = alertPatchSchema.extend({ ids: z.array(z.string().max(64)).min(1).max(1000) });
export const alertBulkResultSchema = z.object({
  updated: z.array(z.string()),
  refused: z.array(z.object({ id: z.string(), code: z.string(), message: z.string() })),
});
