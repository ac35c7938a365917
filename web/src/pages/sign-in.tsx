import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Navigate, useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { Logo } from '../app/logo.tsx';
import { AccessCard } from '../features/access/components/access-card.tsx';
import { SignInForm } from '../features/access/components/sign-in-form.tsx';
import { setupQuery } from '../lib/session.ts';

export function SignInPage() {
  const { next } = useSearch({ from: '/sign-in' });
  const router = useRouter();
  const navigate = useNavigate();
  const client = useQueryClient();
  const setup = useQuery(setupQuery);
  if (setup.data?.needed === true) return <Navigate to="/setup" />;
  return (
    <AccessCard title="Sign in" logo={<Logo size={26} />}>
      <SignInForm
        onDone={() => {
          client.clear();
          if (next === undefined) void navigate({ to: '/' });
          else router.history.push(next);
        }}
      />
    </AccessCard>
  );
}
