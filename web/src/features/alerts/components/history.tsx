/** What was done to the alert, by whom and why; notes are added here. */
import { Button, Textarea } from '@mantine/core';
import type { AlertDetail } from '@vedette/contracts';
import { useState } from 'react';
import { displayText } from '../../../lib/log-text.ts';
import { statusName } from '../../../ui/status.tsx';
import { Ago } from '../../../ui/time.tsx';
import classes from './alert-detail.module.css';
import { reasonName } from './close-dialog.tsx';

type Entry = AlertDetail['history'][number];

interface HistoryProps {
  alert: AlertDetail;
  mayNote: boolean;
  onNote: (comment: string) => void;
}

export function History({ alert, mayNote, onNote }: HistoryProps) {
  const [note, setNote] = useState('');
  return (
    <>
      <ol className={classes.history} data-testid="alert-history">
        {alert.history.map((entry, index) => (
          <li key={index}>
            <span>
              <strong>{displayText(entry.by)}</strong> {deed(entry)}
              {entry.reason !== null && <>: {reasonName(entry.reason)}</>}
            </span>
            <span className={classes.ago}>
              <Ago iso={entry.at} />
            </span>
            {entry.comment !== '' && <p className={classes.comment}>{displayText(entry.comment)}</p>}
          </li>
        ))}
      </ol>
      {mayNote && (
        <form
          className={classes.note}
          onSubmit={(event) => {
            event.preventDefault();
            if (note.trim() === '') return;
            onNote(note.trim());
            setNote('');
          }}
        >
          <Textarea
            aria-label="Note"
            placeholder="Add a note"
            autosize
            minRows={1}
            maxRows={8}
            maxLength={10_000}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" disabled={note.trim() === ''}>
            Add note
          </Button>
        </form>
      )}
    </>
  );
}

function deed({ from, to }: Entry): string {
  if (from === null) return 'opened it';
  if (from === to) return 'noted';
  return `set it from ${statusName(from)} to ${statusName(to)}`;
}
