/** Retention drops whole ingest days: no rows are rewritten. */
import type { Row } from './queries/sql.ts';

const DAY_MS = 86_400_000;

/** Drops ingest days older than `days`; returns the days dropped, as YYYYMMDD, oldest first. */
export async function dropOldDays(run: (sql: string) => Promise<Row[]>, days: number, now: number): Promise<string[]> {
  const oldest = new Date(now - days * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
  const rows = await run(
    "SELECT DISTINCT table, partition FROM system.parts WHERE active AND database = currentDatabase() AND table IN ('events', 'quarantine')",
  );
  const old = rows
    .map((row) => ({ table: String(row['table']), day: String(row['partition']) }))
    .filter(({ day }) => /^\d{8}$/.test(day) && day < oldest);
  for (const { table, day } of old) await run(`ALTER TABLE ${table} DROP PARTITION ${day}`);
  return [...new Set(old.map(({ day }) => day))].sort();
}
