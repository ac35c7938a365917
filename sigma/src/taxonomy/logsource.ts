/** Whether a rule's log source covers an event's: every attribute that the rule sets must be satisfied. */
import type { Logsource } from '@vedette/contracts';
import type { SigmaLogsource } from '../ast/document.ts';
import { NO_FALLBACKS, type FieldFallbacks } from '../match/view.ts';
import { classifyWindows } from './windows.ts';

/** Where an event comes from. `channel` and `code` (event id) are of Windows events, and imply the product. */
export interface EventLogsource extends Logsource {
  readonly channel?: string;
  readonly code?: string | number;
}

/** What an event's log source satisfies. */
export interface LogsourceClass {
  readonly products: ReadonlySet<string>;
  readonly services: ReadonlySet<string>;
  readonly categories: ReadonlySet<string>;
  readonly fallbacks: FieldFallbacks;
}

/** Linux services whose lines are also found in the common log files that Sigma has as services. */
const WITHIN: Readonly<Record<string, readonly string[]>> = {
  sshd: ['auth', 'syslog'],
  sudo: ['auth', 'syslog'],
  su: ['auth', 'syslog'],
  login: ['auth', 'syslog'],
  auth: ['syslog'],
  cron: ['syslog'],
  clamav: ['syslog'],
  vsftpd: ['syslog'],
  guacamole: ['syslog'],
};
const ANTIVIRUS: FieldFallbacks = new Map([
  ['Signature', ['rule.name']],
  ['Filename', ['file.path']],
  ['User', ['user.name']],
]);

export function classifyLogsource(source: EventLogsource, security4688: boolean): LogsourceClass {
  const lower = (text: string | undefined): string[] => (text === undefined || text === '' ? [] : [text.toLowerCase()]);
  const services = lower(source.service);
  const categories = lower(source.category);
  if (source.channel !== undefined && source.channel !== '') {
    const windows = classifyWindows(source.channel, String(source.code ?? ''), security4688);
    return {
      products: new Set(['windows']),
      services: new Set([...services, ...windows.services]),
      categories: new Set([...categories, ...windows.categories]),
      fallbacks: windows.fallbacks,
    };
  }
  return {
    products: new Set(lower(source.product)),
    services: new Set(
      services.flatMap((service) => [service, ...(Object.hasOwn(WITHIN, service) ? WITHIN[service]! : [])]),
    ),
    categories: new Set(categories),
    fallbacks: categories.includes('antivirus') ? ANTIVIRUS : NO_FALLBACKS,
  };
}

/** `rule`'s attributes are lower case, as the parser leaves them. */
export function covers(rule: SigmaLogsource, event: LogsourceClass): boolean {
  if (rule.product !== undefined && !event.products.has(rule.product)) return false;
  if (rule.service !== undefined && !event.services.has(rule.service)) return false;
  return rule.category === undefined || event.categories.has(rule.category);
}
