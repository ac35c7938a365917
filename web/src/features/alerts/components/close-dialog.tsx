/** Asks why before alerts are closed. Arrow keys choose, Ctrl-Enter confirms. */
import { Button, Radio, Textarea } from '@mantine/core';
import { REASONS, type Status } from '@vedette/contracts';
import { useState } from 'react';
import { plural } from '../../../lib/format.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import type { AlertChange } from '../api/change-alerts.ts';
import classes from './alert-detail.module.css';

type Reason = (typeof REASONS)[number];

const NAMES: Readonly<Record<Reason, string>> = {
  confirmed_attack: 'Confirmed attack',
  false_positive: 'False positive',
  benign_activity: 'Benign activity',
  duplicate: 'Duplicate',
  other: 'Other',
};

export function reasonName(reason: Reason): string {
  return NAMES[reason];
}

interface CloseDialogProps {
  status: Extract<Status, 'resolved' | 'false_positive'>;
  count: number;
  onCancel: () => void;
  onConfirm: (change: AlertChange) => void;
}

export function CloseDialog({ status, count, onCancel, onConfirm }: CloseDialogProps) {
  const resolving = status === 'resolved';
  const [reason, setReason] = useState<Reason>(resolving ? 'confirmed_attack' : 'false_positive');
  const [comment, setComment] = useState('');
  const title = `${resolving ? 'Resolve' : 'Mark as false positive'}${count > 1 ? `: ${plural(count, 'alert')}` : ''}`;
  const confirm = () => onConfirm({ status, reason, ...(comment.trim() === '' ? {} : { comment: comment.trim() }) });
  return (
    <Dialog title={title} size={420} onClose={onCancel}>
      <form
        className={classes.dialog}
        onSubmit={(event) => {
          event.preventDefault();
          confirm();
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            confirm();
          }
        }}
      >
        <Radio.Group label="Reason" value={reason} onChange={(value) => setReason(value as Reason)}>
          <div className={classes.reasons}>
            {REASONS.map((value) => (
              <Radio
                key={value}
                size="xs"
                value={value}
                label={NAMES[value]}
                data-autofocus={value === reason || undefined}
              />
            ))}
          </div>
        </Radio.Group>
        <Textarea
          label="Comment"
          description="Kept in the history"
          autosize
          minRows={2}
          maxRows={8}
          maxLength={10_000}
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
        />
        <div className={classes.dialogActions}>
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit">{resolving ? 'Resolve' : 'Mark as false positive'}</Button>
        </div>
      </form>
    </Dialog>
  );
}
