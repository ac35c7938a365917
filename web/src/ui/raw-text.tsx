/** The line as received: monospace, wrapped, text only, with a copy button for the exact bytes. */
import { CopyButton } from './copy-button.tsx';
import { LogText } from './log-text.tsx';
import classes from './raw-text.module.css';

interface RawTextProps {
  text: string;
  needles?: readonly string[];
  label?: string;
}

export function RawText({ text, needles, label = 'Raw event' }: RawTextProps) {
  return (
    <div className={classes.box}>
      <pre className={classes.text} aria-label={label} data-testid="raw-event">
        <LogText text={text} needles={needles} />
      </pre>
      <CopyButton text={text} label="Copy as received" />
    </div>
  );
}
