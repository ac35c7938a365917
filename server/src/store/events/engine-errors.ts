/** ClickHouse's error codes, as far as the store reacts to them. */

/** The query asked for too much: time, memory, rows, bytes, or a text that is too complex to plan. */
const LIMITS = new Set([158, 159, 160, 167, 168, 241, 306, 307, 396]);

/** Repeating the insert later may succeed: memory, disk space, too many parts, a cancelled or interrupted statement. */
const TRANSIENT = new Set([0, 159, 236, 241, 243, 252, 394, 439, 999, 1001]);

export const isLimit = (code: number): boolean => LIMITS.has(code);
export const isTransient = (code: number): boolean => TRANSIENT.has(code);
