/** An open row: the line as received, every field, or the document. */
import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { rawOf, type EventDocument } from '../../../lib/documents.ts';
import { FieldTable } from '../../../ui/field-table.tsx';
import { RawText } from '../../../ui/raw-text.tsx';
import classes from './event-table.module.css';

type View = 'fields' | 'raw' | 'json';

export function EventDetail({ event }: { event: EventDocument }) {
  const [view, setView] = useState<View>('fields');
  const raw = rawOf(event);
  return (
    <div className={classes.detail} data-testid="event-detail">
      <SegmentedControl
        aria-label="View"
        value={view}
        onChange={(value) => setView(value as View)}
        data={[
          { value: 'fields', label: 'Fields' },
          { value: 'raw', label: 'Raw' },
          { value: 'json', label: 'JSON' },
        ]}
      />
      {view === 'fields' && <FieldTable event={event} />}
      {view === 'raw' && <RawText text={raw === '' ? 'This event has no raw line.' : raw} />}
      {view === 'json' && <RawText text={JSON.stringify(event, null, 2)} label="Event as JSON" />}
    </div>
  );
}
