/** Quarantined bytes as text. Pure. */
import type { Quarantined } from '@vedette/contracts';

/** UTF-8 input as it is; other bytes one character each, so that control characters show as symbols. */
export function quarantinedText({ raw, encoding }: Pick<Quarantined, 'raw' | 'encoding'>): string {
  if (encoding === 'utf8') return raw;
  try {
    return atob(raw);
  } catch {
    return raw;
  }
}
