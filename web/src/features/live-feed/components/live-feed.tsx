/** Events as they arrive. Never jumps under the pointer: hovering, scrolling or Space holds it and shows a count. */
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { SEVERITIES, SEVERITY_FLOOR, severityOf, type LaneFilter } from '@vedette/contracts';
import { IconPlayerPause, IconPlayerPlay, IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { fieldOf, fieldText, lineOf, type EventDocument } from '../../../lib/documents.ts';
import { formatShort, plural } from '../../../lib/format.ts';
import { useLiveMessages, useLiveState } from '../../../lib/live.ts';
import { useShortcuts } from '../../../lib/use-shortcuts.ts';
import { LogText } from '../../../ui/log-text.tsx';
import { SeverityMark, severityName } from '../../../ui/severity.tsx';
import { RowTime } from '../../../ui/time.tsx';
import { Value } from '../../../ui/value.tsx';
import { useRecentEvents } from '../api/recent-events.ts';
import { EMPTY_FEED, passesFilter, receive, release, seed } from '../feed.ts';
import type { FeedSearch } from '../search.ts';
import classes from './live-feed.module.css';
import { Sparkline } from './sparkline.tsx';

interface LiveFeedProps {
  search: FeedSearch;
  lane: LaneFilter;
  onChange: (search: FeedSearch) => void;
  empty: React.ReactNode;
}

const ROW = 28;
const SPARK_SECONDS = 60;

export function LiveFeed({ search, lane, onChange, empty }: LiveFeedProps) {
  const [feed, setFeed] = useState(EMPTY_FEED);
  const [paused, setPaused] = useState(false);
  const [hovered, setHovered] = useState(false);
  const [scrolled, setScrolled] = useState(false);
  const [rates, setRates] = useState<number[]>([]);
  const { health } = useLiveState();
  const held = paused || hovered || scrolled;
  const scroller = useRef<HTMLDivElement>(null);

  useLiveMessages((message) => {
    if (message.event === 'health')
      setRates((previous) => [...previous, message.data.eventsPerSecond].slice(-SPARK_SECONDS));
    if (message.event !== 'events') return;
    const items = (message.data.items as EventDocument[]).filter(
      (event) =>
        passesFilter(event, search) && (lane === 'all' || (fieldText(event, 'vedette.lane') || 'live') === lane),
    );
    setFeed((previous) => receive(previous, items, held));
  });
  const recent = useRecentEvents(lane);
  const seeds = recent.data;
  const filterText = JSON.stringify(search);
  useEffect(() => {
    // Another filter or lane: the feed starts anew with what is stored.
    if (seeds)
      setFeed(
        seed(
          EMPTY_FEED,
          (seeds as EventDocument[]).filter((event) => passesFilter(event, search)),
        ),
      );
  }, [seeds, filterText]);
  useEffect(() => {
    if (!held) setFeed(release);
  }, [held]);
  useShortcuts({ ' ': () => setPaused(!paused) });

  const virtualizer = useVirtualizer({
    count: feed.shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    getItemKey: (index) => feed.shown[index]!._id,
    overscan: 10,
  });
  const showWaiting = () => {
    setFeed(release);
    setPaused(false);
    scroller.current?.scrollTo({ top: 0 });
  };
  return (
    <div className={classes.feed}>
      <div className={classes.bar}>
        <Button
          variant={paused ? 'filled' : 'default'}
          leftSection={paused ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />}
          aria-pressed={paused}
          onClick={() => setPaused(!paused)}
        >
          {paused ? 'Go on' : 'Pause'}
        </Button>
        <NativeSelect
          aria-label="Least severity"
          value={search.minLevel ?? ''}
          onChange={(event) => onChange({ ...search, minLevel: Number(event.currentTarget.value) || undefined })}
          data={[
            { value: '', label: 'Any severity' },
            ...SEVERITIES.slice(1).map((severity) => ({
              value: String(SEVERITY_FLOOR[severity]),
              label: `${severityName(severity)} and above`,
            })),
          ]}
        />
        <FilterField
          key={search.text ?? ''}
          value={search.text ?? ''}
          onSubmit={(text) => onChange({ ...search, text: text || undefined })}
        />
        <span className={classes.state} role="status" data-testid="feed-state">
          {held ? (paused ? 'Paused' : 'Held while you look') : 'Following'}
        </span>
        {feed.waitingCount > 0 && (
          <Button variant="light" data-testid="feed-waiting" onClick={showWaiting}>
            {formatShort(feed.waitingCount)} new
          </Button>
        )}
        <div className={classes.rate}>
          <Sparkline values={rates} />
          <span data-testid="feed-rate">{health ? `${formatShort(health.eventsPerSecond)} events/s` : ''}</span>
        </div>
      </div>
      {feed.shown.length === 0 && feed.waitingCount === 0 ? (
        empty
      ) : (
        <div
          ref={scroller}
          className={classes.rows}
          role="log"
          aria-live="off"
          aria-label={`Live events, ${plural(feed.shown.length, 'row')}`}
          tabIndex={0}
          onMouseEnter={() => setHovered(true)}
          onMouseLeave={() => setHovered(false)}
          onScroll={(event) => setScrolled(event.currentTarget.scrollTop > ROW)}
        >
          <div style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
            {virtualizer.getVirtualItems().map((item) => (
              <FeedRow key={item.key} event={feed.shown[item.index]!} top={item.start} />
            ))}
          </div>
        </div>
      )}
    </div>
  );
}

function FeedRow({ event, top }: { event: EventDocument; top: number }) {
  const level = Number(fieldOf(event, 'event.severity') ?? 0);
  return (
    <div
      className={classes.row}
      style={{ transform: `translateY(${top}px)` }}
      data-severity={severityOf(level)}
      data-testid="feed-row"
    >
      <span className={classes.time}>
        <RowTime iso={fieldText(event, '@timestamp')} />
      </span>
      <SeverityMark level={level} compact />
      <span className={classes.type}>
        <LogText text={fieldText(event, 'vedette.source_type')} />
      </span>
      <span className={classes.address}>
        <Value quiet field="source.ip" value={fieldText(event, 'source.ip')} />
      </span>
      <span className={classes.line}>
        <LogText text={lineOf(event).slice(0, 600)} />
      </span>
    </div>
  );
}

function FilterField({ value, onSubmit }: { value: string; onSubmit: (text: string) => void }) {
  const [text, setText] = useState(value);
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(text.trim());
      }}
    >
      <TextInput
        aria-label="Only lines with"
        placeholder="Only lines with…"
        data-page-search
        leftSection={<IconSearch size={14} />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={() => text.trim() !== value && onSubmit(text.trim())}
      />
    </form>
  );
}
