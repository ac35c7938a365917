/** Which lane the page shows: live, history (uploads, back-fills), exercise (playbooks), or all. */
import { Button, Menu } from '@mantine/core';
import type { LaneFilter } from '@vedette/contracts';
import { IconCheck, IconChevronDown } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';

const LANES: readonly { value: LaneFilter; label: string; about: string }[] = [
  { value: 'live', label: 'Live', about: 'What happens now' },
  { value: 'history', label: 'History', about: 'Uploads, back-fills, replays' },
  { value: 'exercise', label: 'Exercise', about: 'Playbooks and tests' },
  { value: 'all', label: 'All lanes', about: 'Everything together' },
];

export function LanePicker() {
  const navigate = useNavigate();
  const search: { lane?: LaneFilter } = useSearch({ strict: false });
  const lane = search.lane ?? 'live';
  const current = LANES.find(({ value }) => value === lane)!;
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <Button
          variant={lane === 'live' ? 'default' : 'light'}
          rightSection={<IconChevronDown size={13} />}
          aria-label={`Lane: ${current.label}`}
        >
          {current.label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {LANES.map(({ value, label, about }) => (
          <Menu.Item
            key={value}
            rightSection={value === lane && <IconCheck size={14} aria-label="chosen" />}
            onClick={() => void navigate({ to: '.', search: (previous: object) => ({ ...previous, lane: value }) })}
          >
            <div>{label}</div>
            <div style={{ color: 'var(--mantine-color-dimmed)', fontSize: 11.5 }}>{about}</div>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
