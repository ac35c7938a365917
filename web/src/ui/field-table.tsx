/** Every field of an event; values can be followed, matches are marked. */
import { useMemo } from 'react';
import { fieldsOf, type EventDocument } from '../lib/documents.ts';
import { displayText } from '../lib/log-text.ts';
import classes from './field-table.module.css';
import { Value } from './value.tsx';

interface FieldTableProps {
  event: EventDocument;
  /** Field → what to mark in its value. */
  marks?: ReadonlyMap<string, readonly string[]>;
}

export function FieldTable({ event, marks }: FieldTableProps) {
  const fields = useMemo(() => fieldsOf(event), [event]);
  return (
    <table className={classes.table}>
      <tbody>
        {fields.map(({ field, values }) => (
          <tr key={field} data-matched={marks?.has(field) || undefined}>
            <th scope="row">{displayText(field)}</th>
            <td>
              {values.map((value, index) => (
                <span key={index}>
                  {index > 0 && ', '}
                  <Value field={field} value={value} needles={marks?.get(field)} />
                </span>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
