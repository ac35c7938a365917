/**
 * A value that can be followed: a click offers to filter by it, to leave it out, to see everything about it, to copy
 * it. One menu serves the whole page, because tables show thousands of values.
 */
import { Menu } from '@mantine/core';
import { IconArrowsSplit2, IconCopy, IconFilter, IconFilterOff } from '@tabler/icons-react';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { createContext, useContext, useMemo, useState, type MouseEvent, type ReactNode } from 'react';
import { copyText } from '../lib/clipboard.ts';
import { displayText } from '../lib/log-text.ts';
import { withTerm } from '../lib/query-text.ts';
import { LogText } from './log-text.tsx';
import classes from './value.module.css';

interface Target {
  field: string;
  value: string;
  x: number;
  y: number;
  opener: HTMLElement;
}
type OpenMenu = (event: MouseEvent<HTMLElement>, field: string, value: string) => void;

const ValueMenuContext = createContext<OpenMenu>(() => undefined);

export function ValueMenuProvider({ children }: { children: ReactNode }) {
  const [target, setTarget] = useState<Target | null>(null);
  const navigate = useNavigate();
  const onHunt = useLocation({ select: (location) => location.pathname === '/hunt' });
  const open = useMemo<OpenMenu>(
    () => (event, field, value) => {
      event.stopPropagation();
      const box = event.currentTarget.getBoundingClientRect();
      setTarget({ field, value, x: box.left, y: box.bottom, opener: event.currentTarget });
    },
    [],
  );
  const close = () => {
    target?.opener.focus({ preventScroll: true });
    setTarget(null);
  };
  const filter = (exclude: boolean) => {
    if (!target) return;
    const { field, value } = target;
    void navigate({
      to: '/hunt',
      search: (search: { q?: string; cols?: string }) => ({
        q: withTerm(onHunt ? (search.q ?? '') : '', field, value, exclude),
        ...(onHunt && search.cols ? { cols: search.cols } : {}),
      }),
    });
  };
  return (
    <ValueMenuContext value={open}>
      {children}
      {target && (
        <Menu opened onClose={close} position="bottom-start" width={260} returnFocus={false}>
          <Menu.Target>
            <span aria-hidden="true" style={{ position: 'fixed', left: target.x, top: target.y }} />
          </Menu.Target>
          <Menu.Dropdown aria-label={`${target.field}: ${displayText(target.value).slice(0, 80)}`}>
            <Menu.Label className={classes.label}>
              {target.field === '' ? '' : `${target.field}: `}
              {displayText(target.value).slice(0, 120)}
            </Menu.Label>
            {target.field !== '' && (
              <>
                <Menu.Item leftSection={<IconFilter size={14} />} onClick={() => filter(false)}>
                  Only events with this value
                </Menu.Item>
                <Menu.Item leftSection={<IconFilterOff size={14} />} onClick={() => filter(true)}>
                  Without this value
                </Menu.Item>
              </>
            )}
            <Menu.Item
              leftSection={<IconArrowsSplit2 size={14} />}
              onClick={() => void navigate({ to: '/pivot', search: { value: target.value } })}
            >
              Everything about it
            </Menu.Item>
            <Menu.Item leftSection={<IconCopy size={14} />} onClick={() => void copyText(target.value)}>
              Copy value
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </ValueMenuContext>
  );
}

interface ValueProps {
  field: string;
  value: string;
  needles?: readonly string[];
  /** Not in the tab order: for dense rows whose details hold the same value. */
  quiet?: boolean;
}

export function Value({ field, value, needles, quiet = false }: ValueProps) {
  const open = useContext(ValueMenuContext);
  if (value === '') return null;
  return (
    <button
      type="button"
      className={classes.value}
      data-quiet={quiet || undefined}
      tabIndex={quiet ? -1 : undefined}
      aria-haspopup="menu"
      onClick={(event) => open(event, field, value)}
    >
      <LogText text={value} needles={needles} />
    </button>
  );
}
