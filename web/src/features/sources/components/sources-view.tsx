import { Tabs } from '@mantine/core';
import type { PageRange } from '../../../lib/use-range.ts';
import { Loaded } from '../../../ui/loaded.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { useFeeds, useHealth, usePipeline, useSources } from '../api/sources.ts';
import type { SourceSearch, SourceTab } from '../search.ts';
import { FeedTable } from './feed-table.tsx';
import { HealthPanel, PipelinePanels } from './pipeline-view.tsx';
import { QuarantineList } from './quarantine-list.tsx';
import { SourceTable } from './source-table.tsx';
import classes from './sources.module.css';

interface SourcesViewProps {
  search: SourceSearch;
  range: PageRange;
  onChange: (search: SourceSearch) => void;
}

export function SourcesView({ search, range, onChange }: SourcesViewProps) {
  return (
    <Tabs
      value={search.tab ?? 'sources'}
      onChange={(tab) => onChange({ tab: (tab ?? 'sources') as SourceTab })}
      keepMounted={false}
    >
      <Tabs.List>
        <Tabs.Tab value="sources">Sources</Tabs.Tab>
        <Tabs.Tab value="pipeline">Pipeline &amp; health</Tabs.Tab>
        <Tabs.Tab value="quarantine">Quarantine</Tabs.Tab>
        <Tabs.Tab value="intel">Threat intelligence</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="sources" className={classes.stack}>
        <Sources />
      </Tabs.Panel>
      <Tabs.Panel value="pipeline" className={classes.stack}>
        <Pipeline />
      </Tabs.Panel>
      <Tabs.Panel value="quarantine" className={classes.stack}>
        <QuarantineList range={range} source={search.source} onClearSource={() => onChange({ tab: 'quarantine' })} />
      </Tabs.Panel>
      <Tabs.Panel value="intel" className={classes.stack}>
        <Feeds />
      </Tabs.Panel>
    </Tabs>
  );
}

function Sources() {
  const sources = useSources();
  return (
    <Panel title="Sources" note="what arrives, from where" flush>
      <Loaded query={sources}>{(items) => <SourceTable sources={items} />}</Loaded>
    </Panel>
  );
}

function Pipeline() {
  const health = useHealth();
  const pipeline = usePipeline();
  return (
    <>
      <Loaded query={health} lines={2}>
        {(data) => <HealthPanel health={data} />}
      </Loaded>
      <Loaded query={pipeline} lines={8}>
        {(state) => <PipelinePanels state={state} />}
      </Loaded>
    </>
  );
}

function Feeds() {
  const feeds = useFeeds();
  return (
    <Panel title="Feeds" note="lists of bad addresses" flush>
      <Loaded query={feeds}>{(items) => <FeedTable feeds={items} />}</Loaded>
    </Panel>
  );
}
