/** Table `alert_evidence`: which fields of an alert's newest events matched what. One row an alert, few entries. */
import type { DatabaseSync } from 'node:sqlite';
import type { MatchedField } from '@vedette/contracts';
import type { Kysely } from 'kysely';
import type { StateTables } from './schema.ts';

export interface AlertEvidenceTable {
  alert_id: string;
  /** JSON array of `Evidence`, newest last. */
  matched: string;
}
export interface Evidence {
  eventId: string;
  matched: MatchedField[];
}

export interface EvidenceStatements {
  read(alertId: string): Evidence[];
  write(alertId: string, evidence: readonly Evidence[]): void;
}

export function prepareEvidenceStatements(sqlite: DatabaseSync): EvidenceStatements {
  const read = sqlite.prepare('SELECT matched FROM alert_evidence WHERE alert_id = ?');
  const write = sqlite.prepare('INSERT OR REPLACE INTO alert_evidence (alert_id, matched) VALUES (?, ?)');
  return {
    read(alertId) {
      const row = read.get(alertId);
      return row === undefined ? [] : (JSON.parse(row['matched'] as string) as Evidence[]);
    },
    write: (alertId, evidence) => void write.run(alertId, JSON.stringify(evidence)),
  };
}

export async function evidenceOf(db: Kysely<StateTables>, alertId: string): Promise<Evidence[]> {
  const row = await db
    .selectFrom('alert_evidence')
    .select('matched')
    .where('alert_id', '=', alertId)
    .executeTakeFirst();
  return row === undefined ? [] : (JSON.parse(row.matched) as Evidence[]);
}
