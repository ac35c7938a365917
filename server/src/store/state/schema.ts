import type { AlertEvidenceTable } from './alert-evidence.ts';
import type { AlertHistoryTable } from './alert-history.ts';
import type { AlertEntitiesTable, AlertsTable } from './alerts.ts';
import type { ApiKeysTable } from './api-keys.ts';
import type { AuditTable } from './audit.ts';
import type { CheckpointsTable } from './checkpoints.ts';
import type { RefreshTokensTable } from './refresh-tokens.ts';
import type { SessionsTable } from './sessions.ts';
import type { SettingsTable } from './settings.ts';
import type { SetupTokensTable } from './setup-tokens.ts';
import type { UsersTable } from './users.ts';

/** Tables of the state database by name. Each table's file holds its row type and its statements. */
export interface StateTables {
  users: UsersTable;
  api_keys: ApiKeysTable;
  sessions: SessionsTable;
  refresh_tokens: RefreshTokensTable;
  setup_tokens: SetupTokensTable;
  settings: SettingsTable;
  audit: AuditTable;
  alerts: AlertsTable;
  alert_entities: AlertEntitiesTable;
  alert_evidence: AlertEvidenceTable;
  alert_history: AlertHistoryTable;
  checkpoints: CheckpointsTable;
}
