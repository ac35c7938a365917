/** What no parser could read, with the reason and the bytes. */
import { Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { formatBytes } from '../../../lib/format.ts';
import { displayText } from '../../../lib/log-text.ts';
import type { PageRange } from '../../../lib/use-range.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Loaded } from '../../../ui/loaded.tsx';
import { RawText } from '../../../ui/raw-text.tsx';
import { RowTime } from '../../../ui/time.tsx';
import { useQuarantine } from '../api/sources.ts';
import { quarantinedText } from '../quarantine-text.ts';
import classes from './sources.module.css';

interface QuarantineListProps {
  range: PageRange;
  source: string | undefined;
  onClearSource: () => void;
}

export function QuarantineList({ range, source, onClearSource }: QuarantineListProps) {
  const quarantine = useQuarantine(range, source);
  const [openId, setOpenId] = useState<string>();
  const items = useMemo(() => (quarantine.data?.pages ?? []).flatMap((page) => page.items), [quarantine.data]);
  return (
    <>
      {source !== undefined && (
        <Button variant="light" className={classes.chip} rightSection={<IconX size={12} />} onClick={onClearSource}>
          Source: {displayText(source)}
        </Button>
      )}
      <Loaded query={quarantine} lines={6}>
        {() =>
          items.length === 0 ? (
            <EmptyState title="Nothing in quarantine in this time range">
              Input that no parser can read is kept here with its reason; nothing is dropped silently.
            </EmptyState>
          ) : (
            <ul className={classes.quarantine}>
              {items.map((item) => (
                <li key={item.id} data-testid="quarantine-row">
                  <button
                    type="button"
                    className={classes.refused}
                    aria-expanded={item.id === openId}
                    onClick={() => setOpenId(item.id === openId ? undefined : item.id)}
                  >
                    <span className={classes.dim}>
                      <RowTime iso={item.at} />
                    </span>
                    <span>{displayText(item.source)}</span>
                    <span className={classes.reason}>
                      <span className={classes.mono}>{item.code}</span> {displayText(item.reason)}
                    </span>
                    <span className={classes.dim}>{formatBytes(item.bytes)}</span>
                  </button>
                  {item.id === openId && (
                    <div className={classes.raw}>
                      <p className={classes.dim}>
                        Parser: {item.parser === '' ? 'none fitted' : displayText(item.parser)}
                        {item.encoding === 'base64' && ' · not UTF-8, shown byte by byte'}
                      </p>
                      <RawText text={quarantinedText(item)} label="Quarantined input" />
                    </div>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {quarantine.hasNextPage && (
        <Button
          variant="default"
          loading={quarantine.isFetchingNextPage}
          onClick={() => void quarantine.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </>
  );
}
