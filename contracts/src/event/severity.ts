import { z } from 'zod';

/** The five-step scale over levels 0–15: info 0–3, low 4–6, medium 7–9, high 10–12, critical 13–15. */
export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const;
export const severitySchema = z.enum(SEVERITIES);
export type Severity = (typeof SEVERITIES)[number];

/** Lowest level of each severity. */
export const SEVERITY_FLOOR: Readonly<Record<Severity, number>> = {
  info: 0,
  low: 4,
  medium: 7,
  high: 10,
  critical: 13,
};

/** Level of a Sigma rule by its `level` word. */
export const SIGMA_LEVEL: Readonly<Record<string, number>> = {
  informational: 2,
  low: 5,
  medium: 8,
  high: 11,
  critical: 14,
};

export const levelSchema = z.number().int().min(0).max(15);

/** Severity word of a level 0–15. */
export function severityOf(level: number): Severity {
  if (level >= 13) return 'critical';
  if (level >= 10) return 'high';
  if (level >= 7) return 'medium';
  return level >= 4 ? 'low' : 'info';
}
