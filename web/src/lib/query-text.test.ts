import { describe, expect, it } from 'vitest';
import { allOf, hasTopLevelOr, protocolTerm, quoteValue, severityTerm, withTerm } from './query-text.ts';

describe('quoteValue', () => {
  it('leaves plain words bare and quotes the rest', () => {
    expect(quoteValue('10.0.0.1')).toBe('10.0.0.1');
    expect(quoteValue('fe80::1')).toBe('"fe80::1"');
    expect(quoteValue('a "b" \\c')).toBe('"a \\"b\\" \\\\c"');
    expect(quoteValue('and')).toBe('"and"');
    expect(quoteValue('*')).toBe('"*"');
  });
});

describe('joining', () => {
  it('keeps the meaning of OR', () => {
    expect(allOf('a OR b', 'c')).toBe('(a OR b) AND c');
    expect(allOf('"a OR b"', 'c')).toBe('"a OR b" AND c');
    expect(allOf('(a OR b) AND d', 'c')).toBe('(a OR b) AND d AND c');
    expect(allOf(undefined, ' ', 'c')).toBe('c');
  });
  it('narrows once', () => {
    const once = withTerm('', 'user.name', 'root');
    expect(once).toBe('user.name:root');
    expect(withTerm(once, 'user.name', 'root')).toBe(once);
    expect(withTerm(once, 'user.name', 'roo')).toBe('user.name:root AND user.name:roo');
    expect(withTerm(once, 'source.ip', '::1', true)).toBe('user.name:root AND NOT source.ip:"::1"');
  });
  it('sees quotes, escapes and nesting', () => {
    expect(hasTopLevelOr('a:"x \\" OR y"')).toBe(false);
    expect(hasTopLevelOr('a:x  OR b')).toBe(true);
    expect(hasTopLevelOr('a||b')).toBe(true);
    expect(hasTopLevelOr('a ORDER b')).toBe(false);
  });
});

it('severity and protocol mean what the overview counts', () => {
  expect(severityTerm('high')).toBe('event.severity:high');
  expect(protocolTerm('tcp')).toBe('network.protocol:tcp OR (network.transport:tcp AND NOT _exists_:network.protocol)');
});
