/** Our own rules: each is complete, loads without a warning, carries tests of both kinds, and passes them. */
import { describe, expect, it } from 'vitest';
import { compileRules, parseSigma } from '@vedette/sigma';
import { OWN_RULES } from '@vedette/server/detectors/rules.ts';
import { readRuleFiles } from './rules/rule-files.ts';
import { runRuleTests } from './rules/rule-tests.ts';

const files = readRuleFiles([OWN_RULES]);
const parsed = files.map(({ path, text }) => parseSigma(text, path));
const documents = parsed.flatMap((file) => file.documents);
const compiled = compileRules(documents);
const results = runRuleTests(files);

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const named = (words: RegExp) => documents.filter(({ title }) => words.test(title)).map(({ title }) => title);

describe('our own rules', () => {
  it('are one a file and load without errors or warnings', () => {
    expect([...parsed.flatMap(({ errors }) => errors), ...compiled.errors]).toEqual([]);
    expect(parsed.every((file) => file.documents.length === 1)).toBe(true);
    expect(documents.length).toBeGreaterThanOrEqual(60);
  });

  it.each(documents.map((document) => [document.title, document] as const))('%s: is complete', (_, document) => {
    expect(document.id).toMatch(UUID);
    expect(document.description?.length).toBeGreaterThan(20);
    expect(document.level).toBeDefined();
    expect(document.tags.some((tag) => tag.startsWith('attack.'))).toBe(true);
    expect(document.falsepositives.length).toBeGreaterThan(0);
    const tests = (document.custom['vedette'] as { tests: { expect: unknown }[] }).tests;
    expect(tests.some(({ expect: expected }) => expected === 'none')).toBe(true);
    expect(tests.some(({ expect: expected }) => expected !== 'none')).toBe(true);
  });

  it('have titles and ids of their own', () => {
    expect(new Set(documents.map(({ title }) => title)).size).toBe(documents.length);
    expect(new Set(documents.map(({ id }) => id)).size).toBe(documents.length);
  });

  it.each(results.map((result) => [`${result.title}: ${result.test}`, result] as const))('%s', (_, { reason }) => {
    expect(reason).toBe('');
  });

  it('say brute force and honeypot where checks look for it', () => {
    expect(named(/brute force/i)).toHaveLength(10);
    expect(named(/honeypot/i)).toHaveLength(1);
    const levels = Object.fromEntries(
      documents
        .filter(({ title }) => title.startsWith('SSH brute force'))
        .map(({ title, custom }) => [title, (custom['vedette'] as { level: number }).level]),
    );
    expect(levels).toEqual({ 'SSH brute force': 10, 'SSH brute force at a high rate': 12 });
  });
});
