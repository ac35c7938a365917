import { z } from 'zod';
import { alertSchema } from './alerts.ts';
import { eventDocumentSchema } from './events.ts';

/**
 * `GET /live` (SSE). Each message has an `id` for `Last-Event-ID`, an `event` name and JSON `data`.
 * `alert` is an alert opened or changed; `events` is a sample of at most 50 events of one batch with the true count;
 * `health` comes every 2 s; `gap` says that the history no longer reaches back to the id asked for: reload the lists.
 */
export const liveMessageSchema = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('alert'),
    data: z.object({ change: z.enum(['opened', 'updated']), alert: alertSchema }),
  }),
  z.object({ event: z.literal('events'), data: z.object({ count: z.number(), items: z.array(eventDocumentSchema) }) }),
  z.object({
    event: z.literal('health'),
    data: z.object({ eventsPerSecond: z.number(), lagMs: z.number(), backlogBytes: z.number() }),
  }),
  z.object({ event: z.literal('gap'), data: z.object({}) }),
]);
export type LiveMessage = z.infer<typeof liveMessageSchema>;
