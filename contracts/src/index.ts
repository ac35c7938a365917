/** Wire types and the canonical event. Imports zod only; every other workspace may import this one. */
export * from './event/fields.ts';
export * from './event/event.ts';
export * from './event/lane.ts';
export * from './event/severity.ts';
export * from './event/document.ts';
export * from './api/errors.ts';
export * from './api/paging.ts';
export * from './api/access.ts';
export * from './api/events.ts';
export * from './api/alerts.ts';
export * from './api/figures.ts';
export * from './api/live.ts';
export * from './api/operations.ts';
