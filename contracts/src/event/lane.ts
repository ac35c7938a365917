import { z } from 'zod';

/** `live` pages people and trains models; `history` (uploads, back-fills) and `exercise` (playbooks) never do. */
export const laneSchema = z.enum(['live', 'history', 'exercise']);
export type Lane = z.infer<typeof laneSchema>;

/** The `lane=` parameter of lists and figures. */
export const laneFilterSchema = z.enum(['live', 'history', 'exercise', 'all']).default('live');
export type LaneFilter = z.infer<typeof laneFilterSchema>;
