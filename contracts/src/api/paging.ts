import { z } from 'zod';

/** A page of a list: pass `nextCursor` back as `cursor` for the next one; null is the end. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable(), total: z.number().int().optional() });
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
  total?: number;
}

/** Paging part of a list's query string: 50 by default, 200 at most. */
export const pagingSchema = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
});

/** UTC ISO-8601 time. */
export const isoTime = z.string().datetime({ offset: true });

/** Time range of a list's query string: ISO-8601, `from` inclusive, `to` exclusive; none is all time. */
export const rangeSchema = z.object({ from: isoTime.optional(), to: isoTime.optional() });
