/** The time range of every page: presets and two times, in UTC. */
import { Button, Popover, TextInput } from '@mantine/core';
import { IconCheck, IconChevronDown, IconClock } from '@tabler/icons-react';
import { useState } from 'react';
import { absoluteRangeText, RANGE_PRESETS, rangeLabel, resolveRange } from '../lib/range.ts';
import { useRangeText, useSetRange } from '../lib/use-range.ts';
import classes from './range-picker.module.css';

export function RangePicker() {
  const [open, setOpen] = useState(false);
  const text = useRangeText();
  const setRange = useSetRange();
  const choose = (next: string) => {
    setRange(next);
    setOpen(false);
  };
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconClock size={14} />}
          rightSection={<IconChevronDown size={13} />}
          aria-label={`Time range: ${rangeLabel(text)}`}
          onClick={() => setOpen(!open)}
        >
          {rangeLabel(text)}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes.dropdown} aria-label="Time range">
        <div className={classes.presets}>
          {RANGE_PRESETS.map(({ value, label }) => (
            <button key={value} type="button" aria-pressed={value === text} onClick={() => choose(value)}>
              {label}
              {value === text && <IconCheck size={14} aria-hidden="true" />}
            </button>
          ))}
        </div>
        <AbsoluteRange text={text} onChoose={choose} />
      </Popover.Dropdown>
    </Popover>
  );
}

function AbsoluteRange({ text, onChoose }: { text: string; onChoose: (text: string) => void }) {
  const now = Date.now();
  const resolved = resolveRange(text === 'all' ? '24h' : text, now);
  const [from, setFrom] = useState(inputTime(resolved.from));
  const [to, setTo] = useState(inputTime(resolved.to));
  const start = Date.parse(`${from}Z`);
  const end = Date.parse(`${to}Z`);
  const problem = start >= end ? 'The start must come before the end.' : undefined;
  const ready = !Number.isNaN(start) && !Number.isNaN(end) && problem === undefined;
  return (
    <form
      className={classes.absolute}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onChoose(absoluteRangeText(start, end));
      }}
    >
      <TextInput
        label="From (UTC)"
        type="datetime-local"
        step={1}
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextInput
        label="To (UTC)"
        type="datetime-local"
        step={1}
        value={to}
        error={problem}
        onChange={(event) => setTo(event.currentTarget.value)}
      />
      <Button type="submit" disabled={!ready}>
        Apply
      </Button>
    </form>
  );
}

/** ISO time → the value of a datetime-local input, in UTC. */
function inputTime(iso: string | undefined): string {
  return iso === undefined ? '' : iso.slice(0, 19);
}
