import { SendLogs } from '../features/send-logs/components/send-logs.tsx';
import { Page } from '../ui/page.tsx';

export function SendPage() {
  return (
    <Page title="Send logs">
      <SendLogs />
    </Page>
  );
}
