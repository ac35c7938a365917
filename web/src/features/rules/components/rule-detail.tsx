/** One rule: what it detects and its source, as loaded. */
import { ActionIcon, Tooltip } from '@mantine/core';
import type { RuleInfo } from '@vedette/contracts';
import { IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { CommandBlock } from '../../../ui/command-block.tsx';
import { SeverityMark } from '../../../ui/severity.tsx';
import { logsourceText } from '../rule-filter.ts';
import classes from './rule-desk.module.css';

export function RuleDetail({ rule, onClose }: { rule: RuleInfo; onClose: () => void }) {
  const facts: [string, string][] = [
    ['Kind', rule.kind === 'correlation' ? 'Correlation of events' : 'Single event'],
    ['Status', rule.status],
    ['Log source', logsourceText(rule.logsource)],
    ['Tags', rule.tags.join(', ')],
    ['Id', rule.id],
  ];
  return (
    <section className={classes.detail} aria-label="Rule" data-testid="rule-detail">
      <div className={classes.corner}>
        <Tooltip label="Close (Esc)">
          <ActionIcon aria-label="Close the rule" onClick={onClose}>
            <IconX size={16} />
          </ActionIcon>
        </Tooltip>
      </div>
      <SeverityMark level={rule.level} />
      <h2 className={classes.headline}>{rule.title}</h2>
      {rule.description !== '' && <p className={classes.prose}>{rule.description}</p>}
      <dl className={classes.facts}>
        {facts
          .filter(([, value]) => value !== '')
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      <p className={classes.alerts}>
        <Link to="/alerts" search={{ rule: rule.id }} className={classes.link}>
          Alerts of this rule
        </Link>
      </p>
      <CommandBlock command={rule.yaml} label="Rule source (YAML)" />
    </section>
  );
}
