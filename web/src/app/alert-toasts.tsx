/** Announces new high and critical alerts of the live lane. A flood becomes one line with a count. */
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { SEVERITY_FLOOR, type Alert } from '@vedette/contracts';
import { useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
import { useLiveMessages } from '../lib/live.ts';
import { displayText } from '../lib/log-text.ts';
import { SeverityMark } from '../ui/severity.tsx';

const WINDOW_MS = 10_000;
const MOST_IN_WINDOW = 3;
const FLOOD_ID = 'alert-flood';

export function AlertToasts() {
  const navigate = useNavigate();
  const recent = useRef<number[]>([]);
  const flooded = useRef(0);
  const open = (id: string | undefined, toast: string) => {
    notifications.hide(toast);
    void navigate({ to: '/alerts', search: id === undefined ? {} : { id } });
  };
  const show = (alert: Alert) => {
    const now = Date.now();
    recent.current = recent.current.filter((time) => now - time < WINDOW_MS);
    recent.current.push(now);
    if (recent.current.length <= MOST_IN_WINDOW) {
      flooded.current = 0;
      notifications.show({
        id: alert.id,
        withBorder: true,
        color: alert.level >= SEVERITY_FLOOR.critical ? 'red' : 'orange',
        title: <SeverityMark level={alert.level} />,
        message: <ToastText text={displayText(alert.summary)} onOpen={() => open(alert.id, alert.id)} />,
      });
      return;
    }
    const message = `${++flooded.current} more high or critical alerts`;
    const toast = {
      id: FLOOD_ID,
      withBorder: true,
      color: 'orange',
      message: <ToastText text={message} onOpen={() => open(undefined, FLOOD_ID)} />,
    };
    if (flooded.current === 1) notifications.show(toast);
    else notifications.update(toast);
  };
  useLiveMessages((message) => {
    if (message.event !== 'alert' || message.data.change !== 'opened') return;
    const { alert } = message.data;
    if (alert.lane === 'live' && alert.level >= SEVERITY_FLOOR.high) show(alert);
  });
  return null;
}

function ToastText({ text, onOpen }: { text: string; onOpen: () => void }) {
  return (
    <div data-testid="alert-toast">
      <div style={{ overflowWrap: 'anywhere' }}>{text}</div>
      <Button variant="subtle" size="compact-xs" mt={4} ml={-6} onClick={onOpen}>
        Open
      </Button>
    </div>
  );
}
