/** Table `audit`: who did what, when, from where. Rows are only ever appended. */
import type { Compilable, Generated, Kysely, Selectable } from 'kysely';
import type { StateTables } from './schema.ts';

export interface AuditTable {
  id: Generated<number>;
  at: number;
  actor_kind: 'user' | 'key' | 'system' | 'nobody';
  actor_id: string;
  actor_name: string;
  /** `user.create`, `auth.login_failed`, … */
  action: string;
  /** Id or name of what was acted on. */
  target: string;
  ip: string;
  /** JSON object; never holds a secret. */
  details: string;
}
export type AuditRow = Selectable<AuditTable>;

/** Who acts: a principal, the program itself, or nobody who could be identified. */
export interface Actor {
  kind: AuditRow['actor_kind'];
  id: string;
  name: string;
  /** Address of the client, '' for local commands. */
  ip: string;
}

export interface AuditEntry {
  at: number;
  actor: Actor;
  action: string;
  target: string;
  details?: Record<string, unknown>;
}

type Db = Kysely<StateTables>;

export function appendAudit(db: Db, entry: AuditEntry): Compilable & { execute(): Promise<unknown> } {
  return db.insertInto('audit').values({
    at: entry.at,
    actor_kind: entry.actor.kind,
    actor_id: entry.actor.id,
    actor_name: entry.actor.name,
    action: entry.action,
    target: entry.target,
    ip: entry.actor.ip,
    details: JSON.stringify(entry.details ?? {}),
  });
}

/** Newest first. */
export function listAudit(db: Db, limit: number): Promise<AuditRow[]> {
  return db.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(limit).execute();
}
