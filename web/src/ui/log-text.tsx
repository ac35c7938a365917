/** Log content on screen: always text, never markup or links. */
import { useMemo } from 'react';
import { segmentsOf } from '../lib/log-text.ts';
import classes from './log-text.module.css';

interface LogTextProps {
  text: string;
  /** Values to mark where they occur. */
  needles?: readonly string[];
}

export function LogText({ text, needles }: LogTextProps) {
  const segments = useMemo(() => segmentsOf(text, needles), [text, needles]);
  return segments.map((segment, index) => {
    if (segment.marked)
      return (
        <mark key={index} className={classes.mark}>
          {segment.text}
        </mark>
      );
    if (segment.special)
      return (
        <span key={index} className={classes.special}>
          {segment.text}
        </span>
      );
    return segment.text;
  });
}
