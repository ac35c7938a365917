/**
 * Malicious addresses: source and destination are both looked up, the higher level wins. Any match makes an event
 * malicious; what it does to the severity:
 *
 * | blacklists  | severity at least |
 * |-------------|-------------------|
 * | 1–2         | unchanged: counts, context only |
 * | 3–4         | 8 (medium)        |
 * | 5–9         | 11 (high)         |
 * | 10 and more | 14 (critical)     |
 *
 * `minLevel` moves the start of the second row; below it nothing is raised.
 */
import { createIpsumTable, EMPTY_BUFFERS, type IpsumBuffers } from '../intel/table.ts';
import type { Enricher } from './enricher.ts';

export interface IpsumEnricher extends Enricher {
  /** Takes a new table, whole, between two batches. */
  update(buffers: IpsumBuffers): void;
}

export interface IpsumOptions {
  /** Lowest number of blacklists that raises the severity. */
  minLevel: number;
}

export function createIpsumEnricher({ minLevel }: IpsumOptions = { minLevel: 3 }): IpsumEnricher {
  let table = createIpsumTable(EMPTY_BUFFERS);
  return {
    name: 'ipsum',
    update(buffers) {
      table = createIpsumTable(buffers);
    },
    enrich(events) {
      if (table.size === 0) return;
      for (const event of events) {
        const source = event.sourceIp === '' ? 0 : table.levelOf(event.sourceIp);
        const destination = event.destinationIp === '' ? 0 : table.levelOf(event.destinationIp);
        const level = Math.max(source, destination);
        if (level === 0) continue;
        event.intelLevel = level;
        event.intelIp = source >= destination ? event.sourceIp : event.destinationIp;
        const floor = level < minLevel ? 0 : severityFloor(level);
        if (floor > event.severity) event.severity = floor;
      }
    },
  };
}

/** Lowest severity of an event whose address stands on `level` blacklists. */
export function severityFloor(level: number): number {
  if (level >= 10) return 14;
  return level >= 5 ? 11 : 8;
}
