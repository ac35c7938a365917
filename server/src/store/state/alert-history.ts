/** Table `alert_history`: every status change with who, when and why. Opening an alert is not in it: the alert says when. */
import type { Status } from '@vedette/contracts';
import type { Compilable, Generated, Insertable, Kysely, Selectable } from 'kysely';
import type { StateTables } from './schema.ts';

export interface AlertHistoryTable {
  id: Generated<number>;
  alert_id: string;
  at: number;
  changed_by: string;
  from_status: Status | null;
  to_status: Status;
  reason: string | null;
  comment: string;
}
export type AlertHistoryRow = Selectable<AlertHistoryTable>;

export function insertHistory(db: Kysely<StateTables>, row: Insertable<AlertHistoryTable>): Compilable {
  return db.insertInto('alert_history').values(row);
}

/** Oldest first. */
export function historyOf(db: Kysely<StateTables>, alertId: string): Promise<AlertHistoryRow[]> {
  return db.selectFrom('alert_history').selectAll().where('alert_id', '=', alertId).orderBy('id').execute();
}
