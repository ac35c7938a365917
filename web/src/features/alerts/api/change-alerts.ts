/** Changing one alert or many: status, note, assignee. */
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { alertPatchSchema } from '@vedette/contracts';
import { z } from 'zod';
import { explainError, send } from '../../../lib/api.ts';

export type AlertChange = z.input<typeof alertPatchSchema>;

interface ChangeInput {
  ids: readonly string[];
  change: AlertChange;
}

/** Applies `change` to all `ids`. Lists and details reload afterwards, whether it worked or not. */
export function useChangeAlerts() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ ids, change }: ChangeInput) => {
      if (ids.length === 1)
        await send('PATCH', `/alerts/${encodeURIComponent(ids[0]!)}`, z.unknown(), { body: change });
      else await send('POST', '/alerts/bulk', z.unknown(), { body: { ids, ...change } });
    },
    onError: (error) => {
      const { title, message } = explainError(error);
      notifications.show({ title, message, color: 'orange', withBorder: true });
    },
    onSettled: (_data, _error, { ids }) => {
      void client.invalidateQueries({ queryKey: ['stats'] });
      for (const id of ids) void client.invalidateQueries({ queryKey: ['alerts', 'one', id] });
      return client.invalidateQueries({ queryKey: ['alerts', 'list'] });
    },
  });
}
