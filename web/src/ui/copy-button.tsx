/** Copies a text and says so. */
import { ActionIcon, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { copyText } from '../lib/clipboard.ts';

export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1600);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <Tooltip label={copied ? 'Copied' : label}>
      <ActionIcon aria-label={label} onClick={() => void copyText(text).then(setCopied)}>
        {copied ? <IconCheck size={15} color="var(--ok)" /> : <IconCopy size={15} />}
      </ActionIcon>
    </Tooltip>
  );
}
