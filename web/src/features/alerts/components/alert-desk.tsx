/**
 * One list, one detail. The open alert is in the URL; j and k move, Enter opens, a/i/r/f act on the selection, or on
 * the open alert when nothing is selected.
 */
import { Button } from '@mantine/core';
import type { Alert, LaneFilter } from '@vedette/contracts';
import { useCallback, useMemo, useRef, useState } from 'react';
import { formatCount, plural } from '../../../lib/format.ts';
import { useAllowed } from '../../../lib/session.ts';
import type { PageRange } from '../../../lib/use-range.ts';
import { useShortcuts } from '../../../lib/use-shortcuts.ts';
import { Loaded } from '../../../ui/loaded.tsx';
import { flattenPages, neighbour } from '../alert-pages.ts';
import { alertsKey, useAlerts } from '../api/alerts.ts';
import { useChangeAlerts, type AlertChange } from '../api/change-alerts.ts';
import type { AlertSearch } from '../search.ts';
import { actionByKey, actionsFor, sharedActions, type Action } from '../transitions.ts';
import { useLiveAlerts } from '../use-live-alerts.ts';
import { AlertActions } from './alert-actions.tsx';
import classes from './alert-desk.module.css';
import { AlertDetail } from './alert-detail.tsx';
import { AlertList } from './alert-list.tsx';
import { CloseDialog } from './close-dialog.tsx';

interface AlertDeskProps {
  search: AlertSearch;
  lane: LaneFilter;
  range: PageRange;
  onOpen: (id: string | undefined) => void;
  empty: React.ReactNode;
}

const POINTER_REST_MS = 1500;

export function AlertDesk({ search, lane, range, onOpen, empty }: AlertDeskProps) {
  const { id: openId, ...filters } = search;
  const filterText = JSON.stringify(filters);
  const key = useMemo(() => alertsKey(filters, lane, range.text), [filterText, lane, range.text]);
  const list = useAlerts(filters, lane, range);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const alerts = useMemo(() => flattenPages(list.data), [list.data]);
  const total = list.data?.pages[0]?.total;
  const scroller = useRef<HTMLDivElement>(null);
  const pointerMoved = useRef(0);
  const busy = () =>
    (scroller.current?.scrollTop ?? 0) > 0 || performance.now() - pointerMoved.current < POINTER_REST_MS;
  const scope = { filters, lane, from: range.from, to: range.text.includes('..') ? range.to : undefined };
  const live = useLiveAlerts(key, scope, busy);
  const [cursor, setCursor] = useState<string>();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [closing, setClosing] = useState<{ action: Action; targets: readonly Alert[] }>();
  const changing = useChangeAlerts();
  const mayAct = useAllowed('analyst');
  const currentId = openId ?? cursor;
  const current = alerts.find((alert) => alert.id === currentId);
  const chosen = alerts.filter((alert) => selected.has(alert.id));
  const targets = chosen.length > 0 ? chosen : current ? [current] : [];

  const apply = (change: AlertChange, on: readonly Alert[]) => {
    changing.mutate({ alerts: on, change });
    setClosing(undefined);
    setSelected(new Set());
  };
  const act = (action: Action, on: readonly Alert[]) => {
    if (
      !mayAct ||
      on.length === 0 ||
      !sharedActions(on.map((alert) => alert.status)).some(({ to }) => to === action.to)
    )
      return;
    if (action.closes) setClosing({ action, targets: on });
    else apply({ status: action.to }, on);
  };
  const move = (step: number) => {
    const next = neighbour(alerts, currentId, step);
    if (!next) return;
    setCursor(next.id);
    if (openId !== undefined) onOpen(next.id);
  };
  const open = useCallback(
    (id: string) => {
      setCursor(id);
      onOpen(id);
    },
    [onOpen],
  );
  const toggle = useCallback((id: string) => {
    setSelected((previous) => {
      const next = new Set(previous);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);
  const actByKey = (key: string) => () => act(actionByKey(key)!, targets);
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: () => current && open(current.id),
    Escape: () => (selected.size > 0 ? setSelected(new Set()) : onOpen(undefined)),
    x: () => current && toggle(current.id),
    a: actByKey('a'),
    i: actByKey('i'),
    r: actByKey('r'),
    f: actByKey('f'),
  });

  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

  return (
    <div className={classes.desk} data-open={openId !== undefined || undefined}>
      <section
        className={classes.list}
        aria-label="Alert list"
        onPointerMove={() => (pointerMoved.current = performance.now())}
      >
        <div className={classes.bar}>
          {chosen.length > 0 ? (
            <>
              <strong>{chosen.length} selected</strong>
              {mayAct && (
                <AlertActions
                  actions={sharedActions(chosen.map((alert) => alert.status))}
                  disabled={changing.isPending}
                  onAction={(action) => act(action, chosen)}
                />
              )}
              <Button variant="subtle" color="gray" onClick={() => setSelected(new Set())}>
                Clear
              </Button>
            </>
          ) : (
            <>
              <span data-testid="alert-count">{countText(alerts.length, total, hasNextPage)}</span>
              <span className={classes.hint}>j k move · Enter opens · x selects · ? all keys</span>
            </>
          )}
          {live.waiting > 0 && (
            <Button
              variant="light"
              className={classes.waiting}
              data-testid="new-alerts"
              onClick={() => {
                live.show();
                scroller.current?.scrollTo({ top: 0 });
              }}
            >
              {plural(live.waiting, 'new alert')}
            </Button>
          )}
        </div>
        <Loaded query={list} lines={12}>
          {() =>
            alerts.length === 0 ? (
              empty
            ) : (
              <AlertList
                alerts={alerts}
                total={total}
                currentId={currentId}
                selected={selected}
                fresh={live.fresh}
                scroller={scroller}
                narrow={openId !== undefined}
                onOpen={open}
                onSelect={toggle}
                onNearEnd={loadMore}
              />
            )
          }
        </Loaded>
      </section>
      {openId !== undefined && (
        <AlertDetail
          id={openId}
          actions={(status) => (mayAct ? actionsFor(status) : [])}
          busy={changing.isPending}
          onAction={(action, alert) => act(action, [alert])}
          onChange={(change, alert) => apply(change, [alert])}
          onClose={() => onOpen(undefined)}
        />
      )}
      {closing && (
        <CloseDialog
          status={closing.action.to === 'resolved' ? 'resolved' : 'false_positive'}
          count={closing.targets.length}
          onCancel={() => setClosing(undefined)}
          onConfirm={(change) => apply(change, closing.targets)}
        />
      )}
    </div>
  );
}

/** All that match where the server counted them, else what is loaded. */
function countText(loaded: number, total: number | undefined, more: boolean): string {
  if (total !== undefined) return plural(total, 'alert');
  return more ? `${formatCount(loaded)}+ alerts` : plural(loaded, 'alert');
}
