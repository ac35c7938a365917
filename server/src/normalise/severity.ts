/**
 * Levels 0–15 from a source's own scale, else from what a message says. Sources that have a scale of their own keep
 * their word beside the level (`log.level` or `event.severity_label`).
 */

const LABELS: Readonly<Record<string, number>> = {
  debug: 1,
  trace: 1,
  verbose: 1,
  info: 2,
  information: 2,
  informational: 2,
  log: 2,
  notice: 3,
  low: 5,
  warn: 5,
  warning: 5,
  minor: 5,
  medium: 8,
  moderate: 8,
  err: 8,
  error: 8,
  failure: 8,
  major: 8,
  high: 11,
  severe: 11,
  important: 11,
  crit: 13,
  critical: 14,
  fatal: 13,
  alert: 14,
  emerg: 15,
  emergency: 15,
  panic: 15,
};

/** Level of a severity word in any case, `…_severity` included; 0 when the word is none. */
export function severityOfLabel(label: string): number {
  if (label.length > 24) return 0;
  const word = label.toLowerCase();
  const known = LABELS[word] ?? LABELS[word.replace('_severity', '')];
  return typeof known === 'number' ? known : 0;
}

/** Levels of syslog severities 0 (emerg) to 7 (debug), and their words. */
export const SYSLOG_LEVELS = [15, 14, 13, 8, 5, 3, 2, 1] as const;
export const SYSLOG_LABELS = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'] as const;

/** Words by level, highest first. Alternations of plain words only: one pass, linear in the text. */
const RULES: readonly (readonly [number, RegExp])[] = [
  [
    14,
    /ransom|mimikatz|cobalt ?strike|rootkit|backdoor|data exfiltration|domain admin compromise|meterpreter|crypto ?locker|\$\{jndi:/i,
  ],
  [
    11,
    /malware|trojan|exploit|reverse shell|privilege escalation|brute.?force|sql injection|command injection|phishing|botnet|break-in attempt|web ?shell|spyware|virus|attack/i,
  ],
  [8, /unauthori[sz]ed|intrusion|suspicious|malicious|violation|port scan|segfault|tamper|panic|fatal|critical/i],
  [5, /fail|denied|error|invalid|refused|blocked|rejected|warning|expired|timed? ?out|illegal|unable to|cannot/i],
];
const ANY_RULE = new RegExp(RULES.map(([, pattern]) => pattern.source).join('|'), 'i');
const LOOKED_AT = 2048;

/** Level by the words of a message (first 2,048 characters); 2 when no rule says otherwise. */
export function severityOfMessage(message: string): number {
  const text = message.length > LOOKED_AT ? message.slice(0, LOOKED_AT) : message;
  if (!ANY_RULE.test(text)) return 2;
  for (const [level, pattern] of RULES) if (pattern.test(text)) return level;
  return 2;
}
