/** How to write a query, shown where there is nothing else to show. */
import type { ReactNode } from 'react';
import { EmptyState } from '../../../ui/empty-state.tsx';
import classes from './query-help.module.css';

const EXAMPLES: readonly [string, string][] = [
  ['failed password', 'both words, anywhere in the line'],
  ['"failed password"', 'the phrase'],
  ['user.name:root', 'a field is exactly this'],
  ['source.ip:10.0.0.0/8', 'addresses of a network'],
  ['process.name:power*', '* and ? stand for anything'],
  ['event.severity:>=high', 'numbers and severities compare'],
  ['user.name:(root OR admin)', 'one of several'],
  ['NOT _exists_:host.name', 'events without a field'],
];

export function QueryHelp({ title, actions }: { title: string; actions?: ReactNode }) {
  return (
    <EmptyState title={title} actions={actions}>
      <dl className={classes.examples}>
        {EXAMPLES.map(([query, meaning]) => (
          <div key={query}>
            <dt>{query}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </EmptyState>
  );
}
