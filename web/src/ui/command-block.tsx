/** A command to copy: monospace, scrolls sideways, one button. */
import { CopyButton } from './copy-button.tsx';
import classes from './command-block.module.css';

export function CommandBlock({ command, label }: { command: string; label: string }) {
  return (
    <div className={classes.block}>
      <pre className={classes.text} tabIndex={0} aria-label={label}>
        {command}
      </pre>
      <CopyButton text={command} label={`Copy: ${label}`} />
    </div>
  );
}
