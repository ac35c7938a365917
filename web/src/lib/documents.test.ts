import { describe, expect, it } from 'vitest';
import { fieldOf, fieldsOf, fieldText, lineOf, rawOf } from './documents.ts';

const document = {
  _id: '7',
  '@timestamp': '2026-02-06T12:00:00Z',
  source: { ip: '10.0.0.1', port: 22 },
  'source.geo': { country: 'x' },
  event: { category: ['authentication', 'network'], original: 'raw line' },
};

describe('reading documents', () => {
  it('follows nested and dotted names', () => {
    expect(fieldText(document, 'source.port')).toBe('22');
    expect(fieldOf(document, 'source.geo')).toEqual({ country: 'x' });
    expect(fieldText(document, 'event.category')).toBe('authentication, network');
    expect(fieldText(document, 'source.nothing')).toBe('');
    expect(fieldOf(document, '__proto__.polluted')).toBeUndefined();
    expect(fieldOf(document, 'constructor')).toBeUndefined();
  });
  it('lists every leaf by name', () => {
    const fields = fieldsOf(document);
    expect(fields.map((field) => field.field)).toEqual([
      '@timestamp',
      'event.category',
      'event.original',
      'source.geo.country',
      'source.ip',
      'source.port',
    ]);
    expect(fields[1]!.values).toEqual(['authentication', 'network']);
  });
  it('always finds a line to show', () => {
    expect(lineOf(document)).toBe('raw line');
    expect(rawOf({ _id: '1', message: 'm' })).toBe('m');
    expect(lineOf({ _id: '1' })).toBe('');
  });
});
