import { describe, expect, it } from 'vitest';
import { drillsOf, filterQuery } from './drills.ts';
import { parseOverviewSearch } from './search.ts';

describe('drill-down', () => {
  it('keeps the filters of the page', () => {
    const drills = drillsOf({ severity: 'high', protocol: 'tcp', sourceType: 'ids', q: 'a OR b' });
    expect(drills.source('10.0.0.1').search['q']).toBe(
      '(a OR b) AND event.severity:high AND ' +
        '(network.protocol:tcp OR (network.transport:tcp AND NOT _exists_:network.protocol)) AND ' +
        'vedette.source_type:ids AND source.ip:10.0.0.1',
    );
  });
  it('finds the events behind a malicious address on either side', () => {
    expect(drillsOf({}).maliciousIp('::1').search['q']).toBe(
      '(source.ip:"::1" OR destination.ip:"::1") AND vedette.intel.level:>=1',
    );
  });
  it('covers one cell or the open last column of the heat map', () => {
    expect(drillsOf({}).heat('low', 3, 3).search['q']).toBe('event.severity:low AND vedette.intel.level:3');
    expect(drillsOf({}).heat('low', 8, null).search['q']).toMatch(/>=8$/);
  });
  it('is everything without filters', () => expect(filterQuery({})).toBe(''));
});

it('filters are read from the URL and nothing else is', () => {
  expect(parseOverviewSearch({ severity: 'high', protocol: 'tcp', x: '1' })).toEqual({
    severity: 'high',
    protocol: 'tcp',
  });
  expect(parseOverviewSearch({ severity: 'awful' })).toEqual({});
});
