/** A command to copy: monospace, scrolls sideways, one button. */
import { CopyButton } from './copy-button.tsx';
import classes from './command-block.module.css';

interface CommandBlockProps {
  command: string;
  label: string;
  /** Long lines wrap; else they scroll, as source code should. */
  wrap?: boolean;
}

export function CommandBlock({ command, label, wrap = false }: CommandBlockProps) {
  return (
    <div className={classes.block}>
      <pre className={classes.text} data-wrap={wrap || undefined} tabIndex={wrap ? undefined : 0} aria-label={label}>
        {command}
      </pre>
      <CopyButton text={command} label={`Copy: ${label}`} />
    </div>
  );
}
