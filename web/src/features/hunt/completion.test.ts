import { describe, expect, it } from 'vitest';
import { choicesFor, completionAt, KNOWN_FIELDS } from './completion.ts';
import { columnsOf, columnsText, DEFAULT_COLUMNS, parseHuntSearch, toggleColumn } from './search.ts';

/** `|` marks the caret. */
const at = (marked: string) => {
  const caret = marked.indexOf('|');
  return completionAt(marked.replace('|', ''), caret);
};
const choose = (marked: string, candidates: readonly string[]) => {
  const caret = marked.indexOf('|');
  const text = marked.replace('|', '');
  const completion = completionAt(text, caret);
  return completion ? choicesFor(text, completion, candidates) : [];
};

describe('completionAt', () => {
  it('completes field names, also negated and in parentheses', () => {
    expect(at('sour|')).toMatchObject({ kind: 'field', prefix: 'sour', start: 0 });
    expect(at('a:1 AND NOT -use|')).toMatchObject({ kind: 'field', prefix: 'use', start: 13 });
    expect(at('(sou|)')).toMatchObject({ kind: 'field', prefix: 'sou', start: 1 });
  });
  it('completes values, also within quotes', () => {
    expect(at('user.name:ro|')).toMatchObject({ kind: 'value', field: 'user.name', prefix: 'ro', start: 10 });
    expect(at('user.name:|')).toMatchObject({ kind: 'value', prefix: '' });
    expect(at('x:1 process.name:"my pro|')).toMatchObject({ field: 'process.name', prefix: 'my pro', start: 17 });
  });
  it('keeps quiet where nothing can be completed', () => {
    for (const text of ['us|er', '"free te|', 'event.severity:[1 TO|', 'a:>1|', 'a:"b"|', '10:2|'])
      expect([text, at(text)?.kind]).not.toEqual([text, 'value']);
    expect(at('us|er')).toBeUndefined();
    expect(at('"free te|')).toBeUndefined();
  });
});

describe('choicesFor', () => {
  it('puts what begins with the prefix first', () => {
    const [first] = choose('source.i|', KNOWN_FIELDS);
    expect(first).toEqual({ label: 'source.ip', text: 'source.ip:', caret: 10 });
    expect(choose('ip|', KNOWN_FIELDS).map((choice) => choice.label)).toContain('source.ip');
  });
  it('quotes values where needed and keeps the rest of the query', () => {
    expect(choose('user.name:"o| AND x:1', ["o'hara b", 'root'])[0]).toEqual({
      label: "o'hara b",
      text: `user.name:"o'hara b" AND x:1`,
      caret: 21,
    });
  });
  it('offers nothing for an empty word', () => expect(choose('a:1 |', KNOWN_FIELDS)).toEqual([]));
});

describe('columns in the URL', () => {
  it('default when absent, and are left out when default', () => {
    expect(columnsOf(undefined)).toEqual([...DEFAULT_COLUMNS]);
    expect(columnsText(DEFAULT_COLUMNS)).toBeUndefined();
  });
  it('are names only, each once', () => {
    expect(columnsOf('user.name,<b>,user.name,@timestamp')).toEqual(['user.name', '@timestamp']);
    expect(columnsOf(Array.from({ length: 40 }, (_, index) => `f${index}`).join(','))).toHaveLength(12);
  });
  it('come and go before the message', () => {
    expect(toggleColumn(['user.name', 'message'], 'source.ip')).toEqual(['user.name', 'source.ip', 'message']);
    expect(toggleColumn(['user.name', 'message'], 'user.name')).toEqual(['message']);
    expect(toggleColumn(['message'], 'message')).toEqual([]);
  });
  it('survive with the query', () => {
    expect(parseHuntSearch({ q: 'a:"1"', cols: 'x' })).toEqual({ q: 'a:"1"', cols: 'x' });
    expect(parseHuntSearch({ q: '' })).toEqual({});
  });
});
