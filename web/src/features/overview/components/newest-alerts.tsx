import type { Alert } from '@vedette/contracts';
import { displayText } from '../../../lib/log-text.ts';
import { DrillLink } from '../../../ui/drill.tsx';
import { SeverityMark } from '../../../ui/severity.tsx';
import { Ago } from '../../../ui/time.tsx';
import classes from './overview.module.css';

export function NewestAlerts({ alerts }: { alerts: readonly Alert[] }) {
  if (alerts.length === 0)
    return <p className={classes.quiet}>No alerts in this range. Rules watch every event as it arrives.</p>;
  return (
    <ul className={classes.alerts}>
      {alerts.map((alert) => (
        <li key={alert.id}>
          <DrillLink drill={{ to: '/alerts', search: { id: alert.id } }} className={classes.alert}>
            <SeverityMark level={alert.level} compact />
            <span className={classes.alertTitle}>{displayText(alert.rule.title)}</span>
            <span className={classes.alertTime}>
              <Ago iso={alert.lastSeen} />
            </span>
            <span className={classes.alertWho}>
              {alert.entities.map((entity) => displayText(entity.value)).join(' · ') || displayText(alert.summary)}
            </span>
          </DrillLink>
        </li>
      ))}
    </ul>
  );
}
