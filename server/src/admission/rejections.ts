/** The events that a body loses at the door, bounded: a body that is broken throughout is refused as a whole. */
import { AdmissionError, type AdmissionLimits, type RejectedItem } from './admitted.ts';
import type { Refusal } from './json-event.ts';

const MAX_RAW = 64 * 1024;

export interface Rejections {
  /** `raw` is cut where it is very long. Throws AdmissionError when there are too many. */
  add(index: number, refusal: Refusal, raw: Uint8Array): void;
  readonly list: RejectedItem[];
}

export function createRejections({ maxRejected }: Pick<AdmissionLimits, 'maxRejected'>): Rejections {
  const list: RejectedItem[] = [];
  return {
    add(index, { code, message }, raw) {
      if (list.length >= maxRejected) {
        const reason = `More than ${maxRejected} events of this body are broken, the first with: ${list[0]!.message}`;
        throw new AdmissionError('invalid', `${reason} Nothing of it was kept.`);
      }
      list.push({ index, code, message, raw: raw.slice(0, MAX_RAW) });
    },
    list,
  };
}
