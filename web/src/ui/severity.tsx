/** Severity by shape, label and colour: rising bars, and a filled square with a bang for critical. */
import { severityOf, type Severity } from '@vedette/contracts';
import classes from './severity.module.css';

const NAMES: Readonly<Record<Severity, string>> = {
  info: 'Info',
  low: 'Low',
  medium: 'Medium',
  high: 'High',
  critical: 'Critical',
};
const BARS: Readonly<Record<Severity, number>> = { info: 1, low: 2, medium: 3, high: 4, critical: 4 };

export function severityName(severity: Severity): string {
  return NAMES[severity];
}

/** CSS colour of a severity, as a variable. */
export function severityColor(severity: Severity): string {
  return `var(--sev-${severity})`;
}

export function SeverityIcon({ severity }: { severity: Severity }) {
  return (
    <svg
      width="14"
      height="14"
      viewBox="0 0 14 14"
      aria-hidden="true"
      className={classes.icon}
      data-severity={severity}
    >
      {severity === 'critical' ? (
        <>
          <rect x="0.5" y="0.5" width="13" height="13" rx="3.2" fill="currentColor" />
          <path d="M7 3.2v4.6" stroke="var(--surface)" strokeWidth="1.8" strokeLinecap="round" />
          <circle cx="7" cy="10.5" r="1.1" fill="var(--surface)" />
        </>
      ) : (
        [0, 1, 2, 3].map((bar) => (
          <rect
            key={bar}
            x={0.5 + bar * 3.5}
            y={9.5 - bar * 3}
            width="2.5"
            height={4 + bar * 3}
            rx="0.8"
            fill="currentColor"
            opacity={bar < BARS[severity] ? 1 : 0.25}
          />
        ))
      )}
    </svg>
  );
}

/** Icon with the word; `level` 0–15. With `compact` the word is for screen readers and the tooltip only. */
export function SeverityMark({ level, compact = false }: { level: number; compact?: boolean }) {
  const severity = severityOf(level);
  const label = `${NAMES[severity]}, level ${level}`;
  if (compact)
    return (
      <span role="img" aria-label={label} title={label} className={classes.mark} data-severity={severity}>
        <SeverityIcon severity={severity} />
      </span>
    );
  return (
    <span className={classes.mark} data-severity={severity} title={label}>
      <SeverityIcon severity={severity} />
      {NAMES[severity]}
    </span>
  );
}
