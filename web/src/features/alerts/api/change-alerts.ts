/** Changing one alert or many: status, note, assignee. Loaded lists follow in place; nothing is loaded again for it. */
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { alertBulkResultSchema, alertSchema, type Alert, type alertPatchSchema } from '@vedette/contracts';
import type { z } from 'zod';
import { explainError, send } from '../../../lib/api.ts';
import { plural } from '../../../lib/format.ts';
import { replaceAlerts } from '../alert-pages.ts';
import type { AlertPages } from './alerts.ts';

export type AlertChange = z.input<typeof alertPatchSchema>;

interface ChangeInput {
  alerts: readonly Alert[];
  change: AlertChange;
}

export function useChangeAlerts() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ alerts, change }: ChangeInput) =>
      alerts.length === 1 ? changeOne(alerts[0]!, change) : changeMany(alerts, change),
    onSuccess: ({ changed, refused }) => {
      const byId = new Map(changed.map((alert) => [alert.id, alert]));
      client.setQueriesData<AlertPages>({ queryKey: ['alerts', 'list'] }, (data) => data && replaceAlerts(data, byId));
      if (refused !== undefined) warn(refused);
    },
    onError: (error) => warn(explainError(error).message),
    onSettled: (_data, _error, { alerts }) => {
      void client.invalidateQueries({ queryKey: ['stats'] });
      for (const { id } of alerts) void client.invalidateQueries({ queryKey: ['alerts', 'one', id] });
    },
  });
}

interface Outcome {
  changed: Alert[];
  /** What was refused, in words. */
  refused?: string;
}

async function changeOne(alert: Alert, change: AlertChange): Promise<Outcome> {
  return { changed: [await send('PATCH', `/alerts/${encodeURIComponent(alert.id)}`, alertSchema, { body: change })] };
}

async function changeMany(alerts: readonly Alert[], change: AlertChange): Promise<Outcome> {
  const ids = alerts.map((alert) => alert.id);
  const { updated, refused } = await send('POST', '/alerts/bulk', alertBulkResultSchema, { body: { ids, ...change } });
  const done = new Set(updated);
  const changed = alerts
    .filter((alert) => done.has(alert.id))
    .map((alert) => ({ ...alert, status: change.status ?? alert.status }));
  const [first] = refused;
  return first
    ? { changed, refused: `${plural(refused.length, 'alert')} stayed as before. ${first.message}` }
    : { changed };
}

function warn(message: string): void {
  notifications.show({ title: 'The alert did not change', message, color: 'orange', withBorder: true });
}
