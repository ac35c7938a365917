/**
 * The four states of anything that is fetched, decided in one place: first load, failure without data, failure with
 * the last data still shown, data. Never blank.
 */
import { Skeleton } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorState } from './error-state.tsx';
import classes from './states.module.css';

interface LoadedProps<T> {
  query: Pick<UseQueryResult<T>, 'data' | 'error' | 'refetch'>;
  /** Lines of the placeholder on first load. */
  lines?: number;
  children: (data: T) => ReactNode;
}

export function Loaded<T>({ query, lines = 4, children }: LoadedProps<T>) {
  if (query.data !== undefined)
    return (
      <>
        {query.error && <ErrorState inline error={query.error} onRetry={() => void query.refetch()} />}
        {children(query.data)}
      </>
    );
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return <Placeholder lines={lines} />;
}

function Placeholder({ lines = 4 }: { lines?: number }) {
  return (
    <div className={classes.skeleton} role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={14} width={`${92 - ((line * 17) % 40)}%`} radius={4} />
      ))}
    </div>
  );
}
