/** Every field of an event; values can be followed, matches are marked. */
import { useMemo } from 'react';
import { fieldsOf, type EventDocument } from '../lib/documents.ts';
import { displayText } from '../lib/log-text.ts';
import classes from './field-table.module.css';
import { Value } from './value.tsx';

export interface FieldMatch {
  selection: string;
  field: string;
  value: string;
  pattern: string;
}

interface FieldTableProps {
  event: EventDocument;
  matched?: readonly FieldMatch[];
}

const NO_MATCHES: readonly FieldMatch[] = [];

export function FieldTable({ event, matched = NO_MATCHES }: FieldTableProps) {
  const fields = useMemo(() => fieldsOf(event), [event]);
  const needles = useMemo(() => {
    const byField = new Map<string, string[]>();
    for (const match of matched) byField.set(match.field, [...(byField.get(match.field) ?? []), match.value]);
    return byField;
  }, [matched]);
  return (
    <table className={classes.table}>
      <tbody>
        {fields.map(({ field, values }) => (
          <tr key={field} data-matched={needles.has(field) || undefined}>
            <th scope="row">{displayText(field)}</th>
            <td>
              {values.map((value, index) => (
                <span key={index}>
                  {index > 0 && ', '}
                  <Value field={field} value={value} needles={needles.get(field)} />
                </span>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
