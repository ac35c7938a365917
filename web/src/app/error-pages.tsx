/** What shows when a route does not exist or fails to load. */
import { Button } from '@mantine/core';
import { IconCompass } from '@tabler/icons-react';
import { Link, useRouter } from '@tanstack/react-router';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';

export function NotFoundPage() {
  return (
    <main>
      <h1 hidden>Not found</h1>
      <EmptyState
        title="There is no page at this address"
        icon={<IconCompass size={28} stroke={1.5} />}
        actions={
          <Button variant="default" renderRoot={(props) => <Link to="/" {...props} />}>
            Go to the overview
          </Button>
        }
      >
        The link may be of another version, or mistyped.
      </EmptyState>
    </main>
  );
}

export function RouteErrorPage({ error }: { error: unknown }) {
  const router = useRouter();
  return <ErrorState error={error} onRetry={() => void router.invalidate()} />;
}
