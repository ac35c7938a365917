/** A modal dialog with a name, a close button and its content. Focus stays inside; Escape closes. */
import { ActionIcon, Modal } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './dialog.module.css';

interface DialogProps {
  title: string;
  /** Width in px. */
  size: number;
  /** A click beside it does not close it: its content cannot be had again. */
  sticky?: boolean;
  onClose: () => void;
  children: ReactNode;
}

export function Dialog({ title, size, sticky = false, onClose, children }: DialogProps) {
  return (
    <Modal
      opened
      onClose={onClose}
      size={size}
      padding={18}
      withCloseButton={false}
      closeOnClickOutside={!sticky}
      attributes={{ content: { 'aria-label': title } }}
    >
      <div className={classes.head}>
        <h2>{title}</h2>
        <ActionIcon aria-label="Close" onClick={onClose}>
          <IconX size={16} />
        </ActionIcon>
      </div>
      {children}
    </Modal>
  );
}
