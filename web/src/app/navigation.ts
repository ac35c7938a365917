/** The pages of the console in working order; the navigation, the palette and the router read this one list. */
import {
  IconActivity,
  IconArrowsSplit2,
  IconBell,
  IconBook2,
  IconDatabaseImport,
  IconLayoutDashboard,
  IconSearch,
  IconSend,
  IconSettings,
} from '@tabler/icons-react';
import type { Role } from '@vedette/contracts';

export const PAGES = [
  { to: '/', label: 'Overview', icon: IconLayoutDashboard, role: 'viewer', about: 'All figures at a glance' },
  { to: '/alerts', label: 'Alerts', icon: IconBell, role: 'viewer', about: 'What needs a decision' },
  { to: '/live', label: 'Live feed', icon: IconActivity, role: 'viewer', about: 'Events as they arrive' },
  { to: '/hunt', label: 'Hunt', icon: IconSearch, role: 'viewer', about: 'Search all events' },
  { to: '/pivot', label: 'Pivot', icon: IconArrowsSplit2, role: 'viewer', about: 'Everything about one value' },
  { to: '/rules', label: 'Rules', icon: IconBook2, role: 'viewer', about: 'What is detected, and how' },
  {
    to: '/sources',
    label: 'Sources & health',
    icon: IconDatabaseImport,
    role: 'viewer',
    about: 'What arrives, how well it parses',
  },
  { to: '/send', label: 'Send logs', icon: IconSend, role: 'viewer', about: 'Commands to copy' },
  { to: '/admin', label: 'Admin', icon: IconSettings, role: 'admin', about: 'Users and API keys' },
] as const satisfies readonly { to: string; label: string; icon: unknown; role: Role; about: string }[];
