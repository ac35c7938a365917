import { describe, expect, it } from 'vitest';
import { jumpsFor, looksLikeAddress } from './jumps.ts';

const pages = [
  { to: '/alerts', label: 'Alerts', about: 'What needs a decision' },
  { to: '/hunt', label: 'Hunt', about: 'Search all events' },
] as const;
const places = (text: string) => jumpsFor(text, pages).map((jump) => `${jump.to} ${JSON.stringify(jump.search)}`);

describe('jumpsFor', () => {
  it('lists the pages while nothing is typed', () => expect(places('')).toEqual(['/alerts {}', '/hunt {}']));
  it('puts pages by name first', () => expect(places('hun')[0]).toBe('/hunt {}'));
  it('pivots on an address and filters alerts by it', () => {
    expect(places('10.0.0.7').slice(0, 2)).toEqual(['/pivot {"value":"10.0.0.7"}', '/alerts {"ip":"10.0.0.7"}']);
    expect(looksLikeAddress('fe80::1')).toBe(true);
    expect(looksLikeAddress('user:x')).toBe(false);
  });
  it('takes field:value as a query', () => expect(places('user.name:root')[0]).toBe('/hunt {"q":"user.name:root"}'));
  it('offers an alert only for what may be an id', () => {
    expect(places('01HXYZ234567').some((place) => place.includes('"id"'))).toBe(true);
    expect(places('some words').some((place) => place.includes('"id"'))).toBe(false);
  });
});
