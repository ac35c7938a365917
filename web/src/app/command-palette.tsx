/** Ctrl-K: pages by name, and whatever is typed as a value to pivot on, a query, or an alert id. */
import { Modal } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useId, useState, type KeyboardEvent } from 'react';
import { displayText } from '../lib/log-text.ts';
import { roleAllows, useUser } from '../lib/session.ts';
import classes from './command-palette.module.css';
import { PAGES } from './navigation.ts';
import { jumpsFor } from './jumps.ts';

export function CommandPalette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const navigate = useNavigate();
  const { role } = useUser();
  const listId = useId();
  const pages = PAGES.filter((page) => roleAllows(role, page.role));
  const jumps = jumpsFor(text, pages);
  const chosen = Math.min(active, jumps.length - 1);
  const go = (index: number) => {
    const jump = jumps[index];
    if (!jump) return;
    onClose();
    void navigate({ to: jump.to, search: jump.search });
  };
  const move = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setActive((chosen + step + jumps.length) % jumps.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      go(chosen);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      size={560}
      padding={0}
      yOffset="14vh"
      centered={false}
      attributes={{ content: { 'aria-label': 'Jump to' } }}
    >
      <input
        className={classes.input}
        data-autofocus
        role="combobox"
        aria-label="Jump to a page, address, user, host, value or alert"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={`${listId}-${chosen}`}
        placeholder="Page, address, user, host, any value, alert id…"
        value={text}
        onKeyDown={move}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setActive(0);
        }}
      />
      <ul id={listId} role="listbox" aria-label="Places" className={classes.list}>
        {jumps.map((jump, index) => (
          <li
            key={`${jump.kind} ${jump.label}`}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === chosen}
            className={classes.item}
            onMouseMove={() => setActive(index)}
            onClick={() => go(index)}
          >
            <span className={classes.label}>{displayText(jump.label)}</span>
            <span className={classes.kind}>{jump.kind}</span>
          </li>
        ))}
      </ul>
    </Modal>
  );
}
