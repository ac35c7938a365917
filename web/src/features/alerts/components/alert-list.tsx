/** The virtual list of alerts: only the rows in sight exist; the next page loads before the end is reached. */
import { useVirtualizer } from '@tanstack/react-virtual';
import type { Alert } from '@vedette/contracts';
import { useEffect, useRef, type RefObject } from 'react';
import classes from './alert-list.module.css';
import { AlertRow } from './alert-row.tsx';

const ROW_HEIGHT = 50;
const LOAD_AHEAD = 40;

interface AlertListProps {
  alerts: readonly Alert[];
  total: number | undefined;
  currentId: string | undefined;
  selected: ReadonlySet<string>;
  fresh: ReadonlySet<string>;
  scroller: RefObject<HTMLDivElement | null>;
  narrow: boolean;
  onOpen: (id: string) => void;
  onSelect: (id: string) => void;
  onNearEnd: () => void;
}

export function AlertList(props: AlertListProps) {
  const { alerts, total, currentId, selected, fresh, scroller, narrow, onOpen, onSelect, onNearEnd } = props;
  const virtualizer = useVirtualizer({
    count: alerts.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => alerts[index]!.id,
    overscan: 8,
  });
  const items = virtualizer.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (alerts.length > 0 && lastShown >= alerts.length - LOAD_AHEAD) onNearEnd();
  }, [alerts.length, lastShown, onNearEnd]);

  const shown = useRef<string>(undefined);
  const currentIndex = alerts.findIndex((alert) => alert.id === currentId);
  useEffect(() => {
    if (currentIndex === -1 || shown.current === currentId) return;
    shown.current = currentId;
    virtualizer.scrollToIndex(currentIndex, { align: 'auto' });
  }, [currentIndex, currentId, virtualizer]);

  return (
    <div
      ref={scroller}
      className={classes.list}
      data-narrow={narrow || undefined}
      role="grid"
      aria-label="Alerts"
      aria-rowcount={total ?? alerts.length}
      aria-multiselectable="true"
      aria-activedescendant={items.some((item) => item.index === currentIndex) ? `alert-${currentId}` : undefined}
      tabIndex={0}
      data-testid="alert-list"
    >
      <div role="rowgroup" style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
        {items.map((item) => {
          const alert = alerts[item.index]!;
          return (
            <AlertRow
              key={item.key}
              alert={alert}
              index={item.index}
              top={item.start}
              current={alert.id === currentId}
              selected={selected.has(alert.id)}
              fresh={fresh.has(alert.id)}
              onOpen={onOpen}
              onSelect={onSelect}
            />
          );
        })}
      </div>
    </div>
  );
}
