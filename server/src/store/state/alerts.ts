/**
 * Table `alerts`, with `alert_entities`, which holds each alert's entities once more for look-ups. Folding runs for
 * every cut of the stream and on the main thread: it uses prepared statements. Lists are built for their filters.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Entity, Lane, LaneFilter, Status } from '@vedette/contracts';
import { sql, type Compilable, type ExpressionBuilder, type Insertable, type Kysely, type Selectable } from 'kysely';
import type { StateTables } from './schema.ts';

export interface AlertsTable {
  id: string;
  rule_id: string;
  rule_title: string;
  rule_description: string;
  /** JSON array of texts. */
  rule_false_positives: string;
  level: number;
  status: Status;
  lane: Lane;
  fold_key: string;
  count: number;
  first_seen: number;
  last_seen: number;
  created_at: number;
  updated_at: number;
  summary: string;
  /** JSON array of `Attack`. */
  attack: string;
  /** JSON array of `Entity`. */
  entities: string;
  /** JSON array of event ids, newest last. */
  event_ids: string;
  assignee: string | null;
  previous_id: string | null;
}
export type AlertRow = Selectable<AlertsTable>;

export interface AlertEntitiesTable {
  type: Entity['type'];
  /** Compared without regard to case. */
  value: string;
  alert_id: string;
}

type Db = Kysely<StateTables>;

export interface AlertStatements {
  /** The alert that a signal between two times folds into: an open one first, then the latest. */
  find(key: { ruleId: string; lane: Lane; foldKey: string }, earliest: number, latest: number): AlertRow | undefined;
  insert(row: AlertRow): void;
  /** Writes what folding changes. */
  fold(row: AlertRow): void;
  addEntity(alertId: string, entity: Entity): void;
}

const COLUMNS = [
  'id',
  'rule_id',
  'rule_title',
  'rule_description',
  'rule_false_positives',
  'level',
  'status',
  'lane',
  'fold_key',
  'count',
  'first_seen',
  'last_seen',
  'created_at',
  'updated_at',
  'summary',
  'attack',
  'entities',
  'event_ids',
  'assignee',
  'previous_id',
] as const satisfies readonly (keyof AlertRow)[];

const FOLDED = ['level', 'count', 'first_seen', 'last_seen', 'updated_at', 'summary', 'entities', 'event_ids'] as const;

export function prepareAlertStatements(sqlite: DatabaseSync): AlertStatements {
  const find = sqlite.prepare(
    `SELECT * FROM alerts WHERE rule_id = ? AND lane = ? AND fold_key = ? AND last_seen >= ? AND first_seen <= ?
     ORDER BY status IN ('resolved', 'false_positive'), last_seen DESC LIMIT 1`,
  );
  const insert = sqlite.prepare(
    `INSERT INTO alerts (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`,
  );
  const fold = sqlite.prepare(`UPDATE alerts SET ${FOLDED.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`);
  const addEntity = sqlite.prepare('INSERT OR IGNORE INTO alert_entities (type, value, alert_id) VALUES (?, ?, ?)');
  return {
    find: ({ ruleId, lane, foldKey }, earliest, latest) =>
      find.get(ruleId, lane, foldKey, earliest, latest) as AlertRow | undefined,
    insert: (row) => void insert.run(...COLUMNS.map((name) => row[name])),
    fold: (row) => void fold.run(...FOLDED.map((name) => row[name]), row.id),
    addEntity: (alertId, { type, value }) => void addEntity.run(type, value, alertId),
  };
}

export interface AlertFilter {
  /** Alerts seen at or after `from` and before `to`, in ms. */
  from?: number;
  to?: number;
  lane: LaneFilter;
  minLevel?: number;
  maxLevel?: number;
  status?: Status;
  /** Rule id, or part of its title. */
  rule?: string;
  user?: string;
  ip?: string;
  host?: string;
  /** Part of title, summary or an entity. */
  q?: string;
}
/** Place in the list: the last alert of the page before. */
export interface AlertPlace {
  lastSeen: number;
  id: string;
}

type Builder = ExpressionBuilder<StateTables, 'alerts'>;

/** Latest first. */
export function listAlerts(db: Db, filter: AlertFilter, limit: number, after?: AlertPlace): Promise<AlertRow[]> {
  return db
    .selectFrom('alerts')
    .selectAll()
    .where((eb) => matches(eb, filter))
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(last_seen, id) < (${after!.lastSeen}, ${after!.id})`),
    )
    .orderBy('last_seen', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

export function findAlert(db: Db, id: string): Promise<AlertRow | undefined> {
  return db.selectFrom('alerts').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Changes no row when the alert has another status than `from`. */
export function changeAlert(
  db: Db,
  id: string,
  from: Status,
  change: Partial<Pick<Insertable<AlertsTable>, 'status' | 'assignee'>> & { updated_at: number },
): Compilable {
  return db.updateTable('alerts').set(change).where('id', '=', id).where('status', '=', from);
}

/** Numbers of alerts by level and status. */
export function countAlerts(db: Db, filter: AlertFilter): Promise<{ level: number; status: Status; count: number }[]> {
  return db
    .selectFrom('alerts')
    .select(['level', 'status', (eb) => eb.fn.countAll<number>().as('count')])
    .where((eb) => matches(eb, filter))
    .groupBy(['level', 'status'])
    .execute();
}

/** Numbers of alerts by rule, most first. */
export function countByRule(db: Db, filter: AlertFilter, limit: number): Promise<{ value: string; count: number }[]> {
  return db
    .selectFrom('alerts')
    .select([(eb) => eb.fn.max('rule_title').as('value'), (eb) => eb.fn.countAll<number>().as('count')])
    .where((eb) => matches(eb, filter))
    .groupBy('rule_id')
    .orderBy('count', 'desc')
    .orderBy('rule_id')
    .limit(limit)
    .execute();
}

/** Numbers of alerts by entity of a type: of the given values, or the most frequent ones. */
export function countByEntity(
  db: Db,
  type: Entity['type'],
  filter: AlertFilter,
  which: { values: readonly string[] } | { top: number },
): Promise<{ value: string; count: number }[]> {
  return db
    .selectFrom('alert_entities')
    .innerJoin('alerts', 'alerts.id', 'alert_entities.alert_id')
    .select([(eb) => eb.fn.min('alert_entities.value').as('value'), (eb) => eb.fn.countAll<number>().as('count')])
    .where('alert_entities.type', '=', type)
    .where((eb) => matches(eb as unknown as Builder, filter))
    .$if('values' in which, (query) =>
      query.where('alert_entities.value', 'in', [...(which as { values: readonly string[] }).values]),
    )
    .groupBy('alert_entities.value')
    .orderBy('count', 'desc')
    .orderBy('value')
    .$if('top' in which, (query) => query.limit((which as { top: number }).top))
    .execute();
}

function matches(eb: Builder, filter: AlertFilter) {
  const { from, to, lane, minLevel, maxLevel, status, rule, q } = filter;
  const conditions = [];
  if (lane !== 'all') conditions.push(eb('alerts.lane', '=', lane));
  if (from !== undefined) conditions.push(eb('alerts.last_seen', '>=', from));
  if (to !== undefined) conditions.push(eb('alerts.first_seen', '<', to));
  if (minLevel !== undefined) conditions.push(eb('alerts.level', '>=', minLevel));
  if (maxLevel !== undefined) conditions.push(eb('alerts.level', '<=', maxLevel));
  if (status !== undefined) conditions.push(eb('alerts.status', '=', status));
  if (rule !== undefined) conditions.push(eb.or([eb('alerts.rule_id', '=', rule), contains(eb, 'rule_title', rule)]));
  for (const type of ['user', 'ip', 'host'] as const) {
    const value = filter[type];
    if (value === undefined) continue;
    const ids = eb.selectFrom('alert_entities').select('alert_id').where('type', '=', type).where('value', '=', value);
    conditions.push(eb('alerts.id', 'in', ids));
  }
  if (q !== undefined)
    conditions.push(eb.or([contains(eb, 'rule_title', q), contains(eb, 'summary', q), contains(eb, 'entities', q)]));
  return eb.and(conditions);
}

/** Without regard to the case of ASCII letters. */
function contains(eb: Builder, column: 'rule_title' | 'summary' | 'entities', text: string) {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  return eb(sql`alerts.${sql.ref(column)}`, 'like', sql<string>`${pattern} escape '\\'`);
}
