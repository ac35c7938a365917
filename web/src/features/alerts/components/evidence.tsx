/** Why the rule fired: which fields matched which selection, in the event itself. */
import { Button } from '@mantine/core';
import type { AlertDetail } from '@vedette/contracts';
import { useMemo, useState } from 'react';
import { fieldText, lineOf, rawOf, type EventDocument } from '../../../lib/documents.ts';
import { displayText } from '../../../lib/log-text.ts';
import { FieldTable } from '../../../ui/field-table.tsx';
import { RawText } from '../../../ui/raw-text.tsx';
import { RowTime } from '../../../ui/time.tsx';
import { Value } from '../../../ui/value.tsx';
import { marksByField, needlesOf } from '../needles.ts';
import classes from './alert-detail.module.css';

type EvidenceItem = AlertDetail['evidence'][number];

/** The event that explains most: the newest one with matched fields, else the newest. */
export function explaining(evidence: readonly EvidenceItem[]): EvidenceItem | undefined {
  return evidence.find((item) => item.matched.length > 0) ?? evidence[0];
}

interface MatchesProps {
  item: EvidenceItem;
  /** Marked in the raw event when the rule names no matches: a correlation counts events, it reads none. */
  entities: readonly string[];
}

export function Matches({ item, entities }: MatchesProps) {
  const [all, setAll] = useState(false);
  const event = item.event as EventDocument;
  const raw = rawOf(event);
  const marks = useMemo(() => marksByField(item.matched), [item]);
  const needles = useMemo(() => (marks.size > 0 ? [...marks.values()].flat() : entities), [marks, entities]);
  return (
    <>
      {item.matched.length > 0 && (
        <table className={classes.matches} data-testid="matched-fields">
          <thead>
            <tr>
              <th scope="col">Selection</th>
              <th scope="col">Field</th>
              <th scope="col">Value</th>
              <th scope="col">Matches</th>
            </tr>
          </thead>
          <tbody>
            {item.matched.map((match, index) => (
              <tr key={index}>
                <td>{displayText(match.selection)}</td>
                <td>{displayText(match.field)}</td>
                <td className={classes.mono}>
                  <Value field={match.field} value={match.value} needles={needlesOf(match)} />
                </td>
                <td className={classes.mono}>{displayText(match.pattern)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {raw !== '' && <RawText text={raw} needles={needles} />}
      {all && <FieldTable event={event} marks={marks} />}
      <Button
        variant="subtle"
        size="compact-xs"
        className={classes.more}
        onClick={() => setAll(!all)}
        aria-expanded={all}
      >
        {all ? 'Fewer fields' : 'All fields'}
      </Button>
    </>
  );
}

/** The evidence events, oldest first, each opening to its fields. */
interface TimelineProps {
  evidence: readonly EvidenceItem[];
  entities: readonly string[];
}

export function EvidenceTimeline({ evidence, entities }: TimelineProps) {
  const [openId, setOpenId] = useState<string>();
  const ordered = useMemo(
    () => [...evidence].sort((a, b) => (fieldText(a.event, '@timestamp') < fieldText(b.event, '@timestamp') ? -1 : 1)),
    [evidence],
  );
  return (
    <ol className={classes.timeline} data-testid="evidence-timeline">
      {ordered.map((item) => {
        const event = item.event as EventDocument;
        const open = event._id === openId;
        return (
          <li key={event._id}>
            <button
              type="button"
              className={classes.moment}
              aria-expanded={open}
              onClick={() => setOpenId(open ? undefined : event._id)}
            >
              <span className={classes.when}>
                <RowTime iso={fieldText(event, '@timestamp')} />
              </span>
              <span className={classes.line}>{displayText(lineOf(event))}</span>
            </button>
            {open && <Matches item={item} entities={entities} />}
          </li>
        );
      })}
    </ol>
  );
}
