/** A link from a figure to what is behind it. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

export interface Drill {
  to: '/hunt' | '/alerts' | '/pivot' | '/rules' | '/sources';
  search: Record<string, string | number | undefined>;
}

interface DrillLinkProps {
  drill: Drill;
  className?: string;
  label?: string;
  style?: React.CSSProperties;
  children: ReactNode;
}

export function DrillLink({ drill, className, label, style, children }: DrillLinkProps) {
  return (
    <Link to={drill.to} search={drill.search} className={className} aria-label={label} style={style} preload={false}>
      {children}
    </Link>
  );
}
