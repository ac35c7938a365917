/**
 * The alerts: signals come in by cuts of the journal, analysts change what came of them.
 *
 * A cut's alerts and the position it ends at are written in one transaction, and a cut at or before that position is
 * skipped. So a cut that is replayed after a crash changes nothing, and every alert exists exactly once. `apply` runs on
 * the main thread for each cut: it groups first and then writes each alert once.
 */
import {
  severityOf,
  TRANSITIONS,
  type Alert,
  type AlertDetail,
  type ApiErrorCode,
  type Severity,
  type Status,
} from '@vedette/contracts';
import { attackOfTags } from '../attack/attack.ts';
import type { Signal } from '../detectors/detector.ts';
import { evidenceOf, prepareEvidenceStatements, type Evidence } from '../store/state/alert-evidence.ts';
import { historyOf, insertHistory } from '../store/state/alert-history.ts';
import {
  changeAlert,
  countAlerts,
  countByEntity,
  countByRule,
  findAlert,
  listAlerts,
  prepareAlertStatements,
  type AlertFilter,
  type AlertPlace,
  type AlertRow,
} from '../store/state/alerts.ts';
import { prepareCheckpoint } from '../store/state/checkpoints.ts';
import type { StateStore } from '../store/state/state-store.ts';
import { alertOf, foldedColumns, foldedOf, isoTime } from './alert-view.ts';
import { fold, runsOf, type Run } from './folding.ts';

/** What an alert shows of its rule. */
export interface AlertRule {
  title: string;
  description: string;
  falsePositives: readonly string[];
  tags: readonly string[];
}

export interface AlertChange {
  change: 'opened' | 'updated';
  alert: Alert;
}

/** What an analyst asks for. `undefined` leaves a part as it is. */
export interface AlertPatch {
  status?: Status | undefined;
  reason?: string | undefined;
  comment?: string | undefined;
  assignee?: string | null | undefined;
}
/** Why it cannot be. */
export interface AlertRefusal {
  code: ApiErrorCode;
  message: string;
}

/** Alert without its evidence events: those are the event store's. */
export type AlertRecord = Omit<AlertDetail, 'evidence'> & { evidence: Evidence[] };

export interface AlertFigures {
  total: number;
  /** Not closed. */
  open: number;
  bySeverity: Record<Severity, number>;
  byRule: { value: string; count: number }[];
}

export interface AlertBook {
  /** Takes a cut's signals in. Returns each alert that it opened or changed once; none when the cut was taken in before. */
  apply(cut: { start: number; end: number }, signals: readonly Signal[]): AlertChange[];
  /** Journal position up to which signals are in. */
  position(): number;
  /** Since start. `belowMinimum` signals are no alerts of their own. */
  counters(): { opened: number; folded: number; belowMinimum: number };
  /** How many of the alerts that were opened lately stand on events with ids from `from` on and before `to`. */
  openedBy(from: number, to: number): number;
  /** Latest first. */
  list(filter: AlertFilter, limit: number, after?: AlertPlace): Promise<{ items: Alert[]; next: AlertPlace | null }>;
  get(id: string): Promise<AlertRecord | undefined>;
  change(id: string, patch: AlertPatch, by: string): Promise<Alert | AlertRefusal>;
  figures(filter: AlertFilter, topRules: number): Promise<AlertFigures>;
  /** Numbers of alerts by user or address: of the given values, or the most frequent. */
  countByEntity(
    type: 'user' | 'ip',
    filter: AlertFilter,
    which: { values: readonly string[] } | { top: number },
  ): Promise<{ value: string; count: number }[]>;
}

export interface AlertBookOptions {
  state: StateStore;
  now: () => number;
  /** New, unique ids; best ascending with time. */
  ids: () => string;
  ruleOf: (ruleId: string) => AlertRule | undefined;
  /** Signals further apart in event time are different alerts. */
  foldWindowMs?: number;
  /** Signals of lower levels do not become alerts. */
  minLevel?: number;
}

const DAY_MS = 24 * 3600 * 1000;
const MEDIUM = 7;
/** New alerts of one cut; what a flood opens beyond it is one alert for each rule. Bounds the time that a cut takes. */
const MAX_OPENED = 500;
const OVERFLOW_KEY = '\u0000overflow';
const MAX_COMMENT = 10_000;
/** Alerts that `openedBy` looks through. */
const MAX_RECENT = 1_000;

export function createAlertBook(options: AlertBookOptions): AlertBook {
  const { state, now, ids, ruleOf, foldWindowMs = DAY_MS, minLevel = MEDIUM } = options;
  const { db } = state;
  const alerts = prepareAlertStatements(state.sqlite);
  const evidence = prepareEvidenceStatements(state.sqlite);
  const checkpoint = prepareCheckpoint(state.sqlite, 'alerts');
  let recent: Alert[] = [];
  const counters = { opened: 0, folded: 0, belowMinimum: 0 };

  function apply(cut: { start: number; end: number }, signals: readonly Signal[]): AlertChange[] {
    const alertable = signals.filter((signal) => signal.level >= minLevel);
    counters.belowMinimum += signals.length - alertable.length;
    if (alertable.length === 0) return [];
    const changes = state.transaction(() => {
      if (cut.end <= checkpoint.get()) return [];
      checkpoint.set(cut.end);
      return takeIn(alertable);
    });
    const opened = changes.filter(({ change }) => change === 'opened');
    counters.opened += opened.length;
    counters.folded += changes.length - opened.length;
    if (opened.length > 0) recent = [...recent, ...opened.map(({ alert }) => alert)].slice(-MAX_RECENT);
    return changes;
  }

  function takeIn(signals: readonly Signal[]): AlertChange[] {
    const changes = new Map<string, AlertChange>();
    const overflow: Signal[] = [];
    let opened = 0;
    const keep = (result: AlertChange): void => {
      const { id } = result.alert;
      changes.set(id, changes.get(id)?.change === 'opened' ? { ...result, change: 'opened' } : result);
    };
    for (const run of runsOf(signals, foldWindowMs)) {
      const found = find(run);
      if (found !== undefined && !isClosed(found.status)) keep(update(found, run));
      else if (opened < MAX_OPENED) {
        opened++;
        keep(open(run, found?.id ?? null));
      } else for (const signal of run.signals) overflow.push(signal);
    }
    for (const run of runsOf(overflow, foldWindowMs, OVERFLOW_KEY)) {
      const found = find(run);
      keep(found !== undefined && !isClosed(found.status) ? update(found, run) : open(run, found?.id ?? null));
    }
    return [...changes.values()];
  }

  function find(run: Run): AlertRow | undefined {
    return alerts.find(run, run.firstSeen - foldWindowMs, run.lastSeen + foldWindowMs);
  }

  function open(run: Run, previousId: string | null): AlertChange {
    const folded = fold(null, run);
    const rule = ruleOf(run.ruleId);
    const at = now();
    const row: AlertRow = {
      id: ids(),
      rule_id: run.ruleId,
      rule_title: rule?.title ?? run.ruleId,
      rule_description: rule?.description ?? '',
      rule_false_positives: JSON.stringify(rule?.falsePositives ?? []),
      status: 'new',
      lane: run.lane,
      fold_key: run.foldKey,
      created_at: at,
      updated_at: at,
      attack: JSON.stringify(attackOfTags(rule?.tags ?? [])),
      assignee: null,
      previous_id: previousId,
      ...foldedColumns(folded),
    };
    alerts.insert(row);
    for (const entity of folded.entities) alerts.addEntity(row.id, entity);
    if (folded.evidence.length > 0) evidence.write(row.id, folded.evidence);
    return { change: 'opened', alert: alertOf(row) };
  }

  function update(found: AlertRow, run: Run): AlertChange {
    const brings = run.signals.some(({ matched }) => matched.length > 0);
    const before = foldedOf(found, brings ? evidence.read(found.id) : []);
    const folded = fold(before, run);
    const row: AlertRow = { ...found, ...foldedColumns(folded), updated_at: now() };
    alerts.fold(row);
    for (const entity of folded.entities.slice(before.entities.length)) alerts.addEntity(row.id, entity);
    if (brings) evidence.write(row.id, folded.evidence);
    return { change: 'updated', alert: alertOf(row) };
  }

  async function change(id: string, patch: AlertPatch, by: string): Promise<Alert | AlertRefusal> {
    const row = await findAlert(db, id);
    if (row === undefined) return { code: 'not_found', message: 'There is no alert with this id.' };
    const { status, reason, comment = '', assignee } = patch;
    if (status !== undefined && !TRANSITIONS[row.status].includes(status))
      return { code: 'illegal_transition', message: `An alert that is ${row.status} cannot become ${status}.` };
    if (status !== undefined && isClosed(status) && reason === undefined)
      return { code: 'invalid', message: 'Closing an alert needs a reason.' };
    const at = now();
    const columns = {
      updated_at: at,
      ...(status !== undefined && { status }),
      ...(assignee !== undefined && { assignee }),
    };
    const update = changeAlert(db, id, row.status, columns);
    const entry = insertHistory(db, {
      alert_id: id,
      at,
      changed_by: by,
      from_status: row.status,
      to_status: status ?? row.status,
      reason: reason ?? null,
      comment: comment.slice(0, MAX_COMMENT),
    });
    const isNoted = status !== undefined || comment !== '';
    if (!(await state.commit(isNoted ? [update, entry] : [update])))
      return { code: 'conflict', message: 'The alert has changed meanwhile. Look at it again.' };
    return alertOf((await findAlert(db, id))!);
  }

  return {
    apply,
    change,
    position: () => checkpoint.get(),
    counters: () => ({ ...counters }),
    openedBy: (from, to) =>
      recent.filter(({ eventIds }) => eventIds.some((id) => Number(id) >= from && Number(id) < to)).length,
    async list(filter, limit, after) {
      const rows = await listAlerts(db, filter, limit + 1, after);
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      const next = rows.length > limit && last !== undefined ? { lastSeen: last.last_seen, id: last.id } : null;
      return { items: page.map(alertOf), next };
    },
    async get(id) {
      const row = await findAlert(db, id);
      if (row === undefined) return undefined;
      const [history, matched] = await Promise.all([historyOf(db, id), evidenceOf(db, id)]);
      const opening = { at: isoTime(row.created_at), by: 'vedette', from: null, to: 'new' as const };
      return {
        ...alertOf(row),
        ruleDescription: row.rule_description,
        ruleFalsePositives: JSON.parse(row.rule_false_positives) as string[],
        history: [
          { ...opening, reason: null, comment: '' },
          ...history.map((entry) => ({
            at: isoTime(entry.at),
            by: entry.changed_by,
            from: entry.from_status,
            to: entry.to_status,
            reason: entry.reason as AlertDetail['history'][number]['reason'],
            comment: entry.comment,
          })),
        ],
        evidence: matched,
      };
    },
    async figures(filter, topRules) {
      const [counts, byRule] = await Promise.all([countAlerts(db, filter), countByRule(db, filter, topRules)]);
      const figures: AlertFigures = {
        total: 0,
        open: 0,
        bySeverity: { info: 0, low: 0, medium: 0, high: 0, critical: 0 },
        byRule,
      };
      for (const { level, status, count } of counts) {
        figures.total += count;
        figures.bySeverity[severityOf(level)] += count;
        if (!isClosed(status)) figures.open += count;
      }
      return figures;
    },
    countByEntity: (type, filter, which) => countByEntity(db, type, filter, which),
  };
}

function isClosed(status: Status): boolean {
  return status === 'resolved' || status === 'false_positive';
}
