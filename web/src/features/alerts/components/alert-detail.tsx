/** Everything about one alert, in the order of the questions: what, who and where, why, how, since when, what was done. */
import { ActionIcon, Button, Tooltip } from '@mantine/core';
import type { AlertDetail as Detail, Alert, Status } from '@vedette/contracts';
import { IconLink, IconUserCheck, IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { copyText } from '../../../lib/clipboard.ts';
import { formatCount, formatTime, plural } from '../../../lib/format.ts';
import { displayText } from '../../../lib/log-text.ts';
import { useUser } from '../../../lib/session.ts';
import { LaneBadge } from '../../../ui/lane-badge.tsx';
import { Loaded } from '../../../ui/loaded.tsx';
import { SeverityMark } from '../../../ui/severity.tsx';
import { StatusMark } from '../../../ui/status.tsx';
import { Ago } from '../../../ui/time.tsx';
import { Value } from '../../../ui/value.tsx';
import { useAlert } from '../api/alert.ts';
import type { AlertChange } from '../api/change-alerts.ts';
import { evidenceSearch, fieldOfEntity } from '../evidence-query.ts';
import type { Action } from '../transitions.ts';
import { AlertActions } from './alert-actions.tsx';
import classes from './alert-detail.module.css';
import { EvidenceTimeline, explaining, Matches } from './evidence.tsx';
import { History } from './history.tsx';

interface AlertDetailProps {
  id: string;
  actions: (status: Status) => Action[];
  busy: boolean;
  onAction: (action: Action, alert: Alert) => void;
  onChange: (change: AlertChange, alert: Alert) => void;
  onClose: () => void;
}

export function AlertDetail({ id, actions, busy, onAction, onChange, onClose }: AlertDetailProps) {
  const query = useAlert(id);
  // The last alert stays while the next loads, so j and k never flash; acting waits for the right one.
  const stale = query.data !== undefined && query.data.id !== id;
  return (
    <section className={classes.detail} aria-label="Alert" data-testid="alert-detail" aria-busy={stale}>
      <div className={classes.corner}>
        <Tooltip label="Copy link">
          <ActionIcon aria-label="Copy link to this alert" onClick={() => void copyText(window.location.href)}>
            <IconLink size={16} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Close (Esc)">
          <ActionIcon aria-label="Close the alert" onClick={onClose}>
            <IconX size={16} />
          </ActionIcon>
        </Tooltip>
      </div>
      <Loaded query={query} lines={10}>
        {(alert) => (
          <>
            <header className={classes.head}>
              <div className={classes.marks}>
                <SeverityMark level={alert.level} />
                <StatusMark status={alert.status} />
                <LaneBadge lane={alert.lane} />
              </div>
              <h2 className={classes.headline}>{displayText(alert.summary)}</h2>
              <p className={classes.sub}>
                Rule{' '}
                <Link to="/rules" search={{ id: alert.rule.id }}>
                  {displayText(alert.rule.title)}
                </Link>{' '}
                · {plural(alert.count, 'event')} · last <Ago iso={alert.lastSeen} />
                {alert.assignee !== null && <> · assigned to {displayText(alert.assignee)}</>}
              </p>
              <div className={classes.actions}>
                <AlertActions
                  actions={actions(alert.status)}
                  disabled={busy || stale}
                  onAction={(action) => onAction(action, alert)}
                />
                {actions(alert.status).length > 0 && (
                  <AssignButton alert={alert} disabled={busy || stale} onChange={(change) => onChange(change, alert)} />
                )}
              </div>
            </header>
            <Sections
              key={alert.id}
              alert={alert}
              mayNote={actions(alert.status).length > 0}
              onChange={(change) => onChange(change, alert)}
            />
          </>
        )}
      </Loaded>
    </section>
  );
}

function AssignButton({
  alert,
  disabled,
  onChange,
}: {
  alert: Detail;
  disabled: boolean;
  onChange: (change: AlertChange) => void;
}) {
  const { username } = useUser();
  const mine = alert.assignee === username;
  return (
    <Button
      variant="default"
      disabled={disabled}
      leftSection={<IconUserCheck size={14} />}
      onClick={() => onChange({ assignee: mine ? null : username })}
    >
      {mine ? 'Unassign' : 'Assign to me'}
    </Button>
  );
}

interface SectionsProps {
  alert: Detail;
  mayNote: boolean;
  onChange: (change: AlertChange) => void;
}

function Sections({ alert, mayNote, onChange }: SectionsProps) {
  const reason = explaining(alert.evidence);
  const entities = useMemo(() => alert.entities.map((entity) => entity.value), [alert.entities]);
  return (
    <div className={classes.sections}>
      <section aria-label="Who and where">
        <h3>Who and where</h3>
        <dl className={classes.facts}>
          {alert.entities.map((entity) => (
            <div key={`${entity.type} ${entity.value}`}>
              <dt>{ENTITY_NAMES[entity.type]}</dt>
              <dd>
                <Value field={fieldOfEntity(entity)} value={entity.value} />
              </dd>
            </div>
          ))}
          <div>
            <dt>First seen</dt>
            <dd>{formatTime(alert.firstSeen)} UTC</dd>
          </div>
          <div>
            <dt>Last seen</dt>
            <dd>{formatTime(alert.lastSeen)} UTC</dd>
          </div>
          {alert.previousId !== null && (
            <div>
              <dt>Continues</dt>
              <dd>
                <Link to="/alerts" search={{ id: alert.previousId }}>
                  a closed alert
                </Link>
              </dd>
            </div>
          )}
        </dl>
      </section>
      <section aria-label="Why">
        <h3>Why</h3>
        {alert.ruleDescription !== '' && <p className={classes.prose}>{displayText(alert.ruleDescription)}</p>}
        {reason ? (
          <Matches item={reason} entities={entities} />
        ) : (
          <p className={classes.prose}>The evidence is no longer in the store.</p>
        )}
        {alert.ruleFalsePositives.length > 0 && (
          <p className={classes.prose}>
            Known false positives: {alert.ruleFalsePositives.map(displayText).join('; ')}.
          </p>
        )}
      </section>
      {alert.attack.length > 0 && (
        <section aria-label="ATT&CK">
          <h3>ATT&amp;CK</h3>
          <ul className={classes.attack}>
            {alert.attack.map(({ technique, tactic, techniqueName, tacticName }) => (
              <li key={`${technique} ${tactic}`}>
                <strong>{displayText(technique || tactic)}</strong> {displayText(techniqueName)}
                {tacticName !== '' && <span className={classes.tactic}>{displayText(tacticName)}</span>}
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-label="Evidence">
        <h3>
          Evidence
          <Link to="/hunt" search={evidenceSearch(alert)} className={classes.allEvents}>
            Search all {formatCount(alert.count)} in Hunt
          </Link>
        </h3>
        <EvidenceTimeline evidence={alert.evidence} entities={entities} />
      </section>
      <section aria-label="History">
        <h3>History</h3>
        <History alert={alert} mayNote={mayNote} onNote={(comment) => onChange({ comment })} />
      </section>
    </div>
  );
}

const ENTITY_NAMES = { user: 'User', host: 'Host', ip: 'Address', process: 'Process', file: 'File' } as const;
