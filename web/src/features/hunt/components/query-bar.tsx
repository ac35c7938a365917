/** The query: field names and values are completed, errors point at their place. */
import { Button } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useId, useRef, useState, type KeyboardEvent } from 'react';
import { ApiError } from '../../../lib/api.ts';
import { displayText } from '../../../lib/log-text.ts';
import { useFieldValues } from '../api/fields.ts';
import { choicesFor, completionAt, KNOWN_FIELDS, type Choice } from '../completion.ts';
import type { HuntScope } from '../scope.ts';
import classes from './query-bar.module.css';

interface QueryBarProps {
  value: string;
  scope: HuntScope;
  /** Fields that the data has beside the known ones. */
  fields: readonly string[];
  error: unknown;
  onSubmit: (query: string) => void;
}

export function QueryBar({ value, scope, fields, error, onSubmit }: QueryBarProps) {
  const [text, setText] = useState(value);
  const [caret, setCaret] = useState<number>();
  const [active, setActive] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const completion = caret === undefined ? undefined : completionAt(text, caret);
  const values = useFieldValues(completion?.kind === 'value' ? completion.field : undefined, scope);
  const candidates = completion?.kind === 'value' ? (values.data ?? []) : [...new Set([...KNOWN_FIELDS, ...fields])];
  const choices = completion ? choicesFor(text, completion, candidates) : [];
  const open = choices.length > 0;

  const close = () => {
    setCaret(undefined);
    setActive(-1);
  };
  const choose = (choice: Choice) => {
    setText(choice.text);
    setCaret(choice.caret);
    setActive(-1);
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(choice.caret, choice.caret);
    });
  };
  const press = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (open && step !== 0) {
      event.preventDefault();
      setActive((active + step + choices.length + (active === -1 && step === -1 ? 1 : 0)) % choices.length);
    } else if (open && active >= 0 && (event.key === 'Enter' || event.key === 'Tab')) {
      event.preventDefault();
      choose(choices[active]!);
    } else if (event.key === 'Escape' && open) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  };
  const bad = error instanceof ApiError && error.code === 'bad_query' ? error : undefined;
  return (
    <div className={classes.bar}>
      <form
        role="search"
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          close();
          onSubmit(text.trim());
        }}
      >
        <IconSearch size={15} className={classes.icon} aria-hidden="true" />
        <input
          ref={input}
          className={classes.input}
          role="combobox"
          aria-label="Query"
          aria-expanded={open}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={active >= 0 ? `${listId}-${active}` : undefined}
          aria-invalid={bad !== undefined}
          aria-describedby={bad ? `${listId}-error` : undefined}
          placeholder='source.ip:10.0.0.0/8 AND event.outcome:failure AND "failed password"'
          data-page-search
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="none"
          maxLength={4096}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setCaret(event.currentTarget.selectionStart ?? undefined);
            setActive(-1);
          }}
          onKeyDown={press}
          onBlur={close}
        />
        <Button type="submit">Search</Button>
      </form>
      <ul id={listId} role="listbox" aria-label="Completions" className={classes.choices} hidden={!open}>
        {choices.map((choice, index) => (
          <li
            key={choice.label}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === active}
            onMouseDown={(event) => {
              event.preventDefault();
              choose(choice);
            }}
          >
            {displayText(choice.label)}
          </li>
        ))}
      </ul>
      {bad && <QueryProblem id={`${listId}-error`} query={value} error={bad} />}
    </div>
  );
}

function QueryProblem({ id, query, error }: { id: string; query: string; error: ApiError }) {
  const position = positionOf(error);
  return (
    <div id={id} className={classes.problem} role="alert" data-testid="query-error">
      <span>{error.message}</span>
      {position !== undefined && (
        <code>
          {displayText(query.slice(Math.max(0, position - 40), position))}
          <mark>{displayText(query.slice(position, position + 1)) || ' '}</mark>
          {displayText(query.slice(position + 1, position + 40))}
        </code>
      )}
      {position !== undefined && <span className={classes.position}>at character {position + 1}</span>}
    </div>
  );
}

function positionOf(error: ApiError): number | undefined {
  const { details } = error;
  if (typeof details !== 'object' || details === null || !('position' in details)) return undefined;
  return typeof details.position === 'number' ? details.position : undefined;
}
