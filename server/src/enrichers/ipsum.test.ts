import { EcsEvent } from '@vedette/contracts';
import { expect, test } from 'vitest';
import { parseFeed, type IpsumBuffers } from '../intel/table.ts';
import { createIpsumEnricher, severityFloor } from './ipsum.ts';

function buffersOf(text: string): IpsumBuffers {
  const steps = parseFeed(text);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value.buffers;
  }
}

const FEED =
  '# fixture\n213.209.159.158\t11\n198.51.100.1\t1\n198.51.100.2\t2\n198.51.100.3\t3\n198.51.100.5\t5\n2001:db8::bad\t4\n';

function enriched(fields: Partial<EcsEvent>, minLevel = 3): EcsEvent {
  const enricher = createIpsumEnricher({ minLevel });
  enricher.update(buffersOf(FEED));
  const event = Object.assign(new EcsEvent(), { severity: 5 }, fields);
  enricher.enrich([event]);
  return event;
}

test('both addresses are matched, the higher level wins', () => {
  const source = enriched({ sourceIp: '213.209.159.158', destinationIp: '10.0.0.10' });
  expect([source.intelLevel, source.intelIp, source.severity]).toEqual([11, '213.209.159.158', 14]);
  const destination = enriched({ sourceIp: '10.0.0.10', destinationIp: '213.209.159.158' });
  expect([destination.intelLevel, destination.intelIp]).toEqual([11, '213.209.159.158']);
  const both = enriched({ sourceIp: '198.51.100.3', destinationIp: '198.51.100.5' });
  expect([both.intelLevel, both.intelIp]).toEqual([5, '198.51.100.5']);
  const v6 = enriched({ sourceIp: '2001:db8::bad' });
  expect([v6.intelLevel, v6.severity]).toEqual([4, 8]);
});

test('levels 1 and 2 count, but never raise the severity', () => {
  for (const sourceIp of ['198.51.100.1', '198.51.100.2']) {
    const event = enriched({ sourceIp, severity: 0 });
    expect(event.intelLevel).toBeGreaterThan(0);
    expect(event.severity).toBe(0);
  }
});

test('the table of floors; a higher severity stays; minLevel moves its start', () => {
  expect([3, 4, 5, 9, 10, 255].map(severityFloor)).toEqual([8, 8, 11, 11, 14, 14]);
  expect(enriched({ sourceIp: '198.51.100.3' }).severity).toBe(8);
  expect(enriched({ sourceIp: '198.51.100.3', severity: 12 }).severity).toBe(12);
  expect(enriched({ sourceIp: '198.51.100.5' }, 6).severity).toBe(5);
});

test('no match is no match', () => {
  const event = enriched({ sourceIp: '10.0.0.1', destinationIp: '' });
  expect([event.intelLevel, event.intelIp, event.severity]).toEqual([0, '', 5]);
  const empty = Object.assign(new EcsEvent(), { sourceIp: '213.209.159.158' });
  createIpsumEnricher().enrich([empty]);
  expect(empty.intelLevel).toBe(0);
});
