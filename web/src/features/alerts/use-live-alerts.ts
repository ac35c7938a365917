/**
 * Keeps list and detail current from the live stream. Changes to loaded alerts apply in place; new ones go on top, but
 * never while the reader is scrolled down or is moving the pointer over the list: then they wait behind a count.
 */
import { useQueryClient } from '@tanstack/react-query';
import type { Alert } from '@vedette/contracts';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useLiveMessages } from '../../lib/live.ts';
import { firstPage, prependAlerts, replaceAlerts } from './alert-pages.ts';
import type { AlertPages } from './api/alerts.ts';
import { belongsToList, type ListScope } from './filter-match.ts';

const BATCH_MS = 120;
const WAIT_MS = 500;
/** Waiting alerts beyond this are only counted; showing them reloads the list. */
const MOST_WAITING = 500;

interface LiveAlerts {
  /** New alerts that wait. */
  waiting: number;
  /** Shows what waits. */
  show: () => void;
  /** Ids that came live: marked for a moment. */
  fresh: ReadonlySet<string>;
}

export function useLiveAlerts(key: readonly unknown[], scope: ListScope, busy: () => boolean): LiveAlerts {
  const client = useQueryClient();
  const changed = useRef(new Map<string, Alert>());
  const opened = useRef(new Map<string, Alert>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [waiting, setWaiting] = useState(0);
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());

  const show = useCallback(() => {
    const alerts = [...opened.current.values()];
    opened.current.clear();
    setWaiting(0);
    if (alerts.length >= MOST_WAITING) return void client.invalidateQueries({ queryKey: key });
    setFresh(new Set(alerts.map((alert) => alert.id)));
    client.setQueryData<AlertPages>(key, (data) => data && prependAlerts(data, alerts));
  }, [client, key]);

  const flush = () => {
    timer.current = undefined;
    const changes = changed.current;
    changed.current = new Map();
    if (changes.size > 0) {
      client.setQueriesData<AlertPages>(
        { queryKey: ['alerts', 'list'] },
        (data) => data && replaceAlerts(data, changes),
      );
      for (const id of changes.keys()) void client.invalidateQueries({ queryKey: ['alerts', 'one', id] });
    }
    if (opened.current.size === 0) return;
    if (!busy()) return show();
    setWaiting(opened.current.size);
    timer.current = setTimeout(flush, WAIT_MS);
  };

  useLiveMessages((message) => {
    if (message.event === 'gap') {
      client.setQueriesData<AlertPages>({ queryKey: ['alerts', 'list'] }, (data) => data && firstPage(data));
      void client.invalidateQueries({ queryKey: ['alerts'] });
    }
    if (message.event !== 'alert') return;
    const { change, alert } = message.data;
    if (opened.current.has(alert.id)) opened.current.set(alert.id, alert);
    else if (change === 'updated') changed.current.set(alert.id, alert);
    else if (opened.current.size < MOST_WAITING && belongsToList(alert, scope)) opened.current.set(alert.id, alert);
    timer.current ??= setTimeout(flush, BATCH_MS);
  });

  // Another list is on screen: what waited for the last one is loaded with it.
  useEffect(() => {
    opened.current.clear();
    setWaiting(0);
    return () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, [key]);

  return { waiting, show, fresh };
}
