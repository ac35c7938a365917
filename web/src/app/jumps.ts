/** What the palette offers for a text. Pure: pages that match by name first, then what the text itself may be. */
import { addressQuery, quoteValue } from '../lib/query-text.ts';

export interface Jump {
  /** What choosing it does, in words. */
  kind: string;
  label: string;
  to: '/' | '/alerts' | '/live' | '/hunt' | '/pivot' | '/rules' | '/sources' | '/send' | '/admin';
  search: Record<string, string>;
}

interface PageEntry {
  to: Jump['to'];
  label: string;
  about: string;
}

const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;
const IPV6 = /^[0-9a-f]*:[0-9a-f:]+(\.\d+){0,3}$/i;
const FIELDED = /^@?[A-Za-z][\w.]*:\S/;

export function looksLikeAddress(text: string): boolean {
  return IPV4.test(text) || (IPV6.test(text) && text.includes(':') && text.length >= 3);
}

export function jumpsFor(input: string, pages: readonly PageEntry[]): Jump[] {
  const text = input.trim().slice(0, 1024);
  const wanted = text.toLowerCase();
  const matching = pages
    .filter((page) => wanted === '' || page.label.toLowerCase().includes(wanted))
    .map((page): Jump => ({ kind: page.about, label: page.label, to: page.to, search: {} }));
  if (text === '') return matching;
  if (FIELDED.test(text) && !looksLikeAddress(text))
    return [{ kind: 'Search events', label: text, to: '/hunt', search: { q: text } }, ...matching];
  const address = looksLikeAddress(text);
  const valueJumps: Jump[] = [
    {
      kind: address ? 'Everything about this address' : 'Everything about this value',
      label: text,
      to: '/pivot',
      search: { value: text },
    },
    { kind: 'Alerts that mention it', label: text, to: '/alerts', search: address ? { ip: text } : { q: text } },
    { kind: 'Open the alert with this id', label: text, to: '/alerts', search: { id: text } },
    { kind: 'Search events', label: text, to: '/hunt', search: { q: address ? addressQuery(text) : quoteValue(text) } },
  ];
  return [...matching, ...valueJumps.filter((jump) => jump.search['id'] === undefined || isAlertId(text))];
}

/** Ids have no blanks and some length; names of people rarely hold digits. */
function isAlertId(text: string): boolean {
  return /^[A-Za-z0-9_-]{8,64}$/.test(text) && /\d/.test(text);
}
