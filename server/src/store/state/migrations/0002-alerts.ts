import type { Migration } from './migrate.ts';

/** Alerts with what they are looked up by, their evidence and history, and the checkpoints of replayed work. Times are ms, UTC. */
export const alerts: Migration = {
  number: 2,
  name: 'alerts',
  sql: `
    CREATE TABLE alerts (
      id TEXT PRIMARY KEY,
      rule_id TEXT NOT NULL,
      rule_title TEXT NOT NULL,
      rule_description TEXT NOT NULL,
      rule_false_positives TEXT NOT NULL,
      level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 15),
      status TEXT NOT NULL CHECK (status IN ('new', 'acknowledged', 'investigating', 'resolved', 'false_positive')),
      lane TEXT NOT NULL CHECK (lane IN ('live', 'history', 'exercise')),
      fold_key TEXT NOT NULL,
      count INTEGER NOT NULL,
      first_seen INTEGER NOT NULL,
      last_seen INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      summary TEXT NOT NULL,
      attack TEXT NOT NULL,
      entities TEXT NOT NULL,
      event_ids TEXT NOT NULL,
      assignee TEXT,
      previous_id TEXT
    ) STRICT;
    CREATE INDEX alerts_by_fold ON alerts (rule_id, lane, fold_key, last_seen);
    CREATE INDEX alerts_by_time ON alerts (last_seen, id);
    CREATE INDEX alerts_by_lane ON alerts (lane, last_seen, id, first_seen, level, status, rule_id);

    CREATE TABLE alert_entities (
      type TEXT NOT NULL,
      value TEXT NOT NULL COLLATE NOCASE,
      alert_id TEXT NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
      PRIMARY KEY (type, value, alert_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX alert_entities_by_alert ON alert_entities (alert_id, type, value);

    CREATE TABLE alert_evidence (
      alert_id TEXT PRIMARY KEY REFERENCES alerts (id) ON DELETE CASCADE,
      matched TEXT NOT NULL
    ) STRICT;

    CREATE TABLE alert_history (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      alert_id TEXT NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
      at INTEGER NOT NULL,
      changed_by TEXT NOT NULL,
      from_status TEXT,
      to_status TEXT NOT NULL,
      reason TEXT,
      comment TEXT NOT NULL
    ) STRICT;
    CREATE INDEX alert_history_by_alert ON alert_history (alert_id, id);

    CREATE TABLE checkpoints (
      name TEXT PRIMARY KEY,
      position INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};
