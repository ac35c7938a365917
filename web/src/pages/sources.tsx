import { useNavigate, useSearch } from '@tanstack/react-router';
import { SourcesView } from '../features/sources/components/sources-view.tsx';
import { useRange } from '../lib/use-range.ts';
import { ownSearch } from '../lib/url.ts';
import { Page } from '../ui/page.tsx';

export function SourcesPage() {
  const search = ownSearch(useSearch({ from: '/frame/sources' }));
  const range = useRange();
  const navigate = useNavigate();
  return (
    <Page title="Sources & health">
      <SourcesView
        search={search}
        range={range}
        onChange={(next) =>
          void navigate({
            to: '/sources',
            search: (previous) => ({ range: previous.range, lane: previous.lane, ...next }),
            replace: true,
          })
        }
      />
    </Page>
  );
}
