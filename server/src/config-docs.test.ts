/** The documentation's tables, held to what they describe. */
import { readFileSync } from 'node:fs';
import { EcsEvent } from '@vedette/contracts';
import { describe, expect, it } from 'vitest';
import { SETTINGS_PAGE, settingsPage } from '../../docs/settings.generate.ts';
import { SETTINGS } from './config.ts';
import { parsers } from './parsers/index.ts';
import { createSourceParsers } from './parsers/source-parsers.ts';

it('docs/settings.md says what the settings are; `node docs/settings.generate.ts` writes it', async () => {
  const page = readFileSync(SETTINGS_PAGE, 'utf8');
  expect(page).toBe(await settingsPage());
  for (const { name, variable } of SETTINGS) expect(page).toMatch(new RegExp(`\`${name}\` +\\| \`${variable}\``));
});

describe('docs/sources.md', () => {
  const page = readFileSync(new URL('../../docs/sources.md', import.meta.url), 'utf8');
  const formats = page.slice(page.indexOf('## Formats'));
  const examples = /```text\n(.*?)```/s
    .exec(formats)![1]!
    .split('\n\n')
    .map((example) => example.trim().split('\n'))
    .map(([title, ...lines]) => ({ name: title!.replace('# ', ''), lines }));

  it('lists every format in the order of detection', () => {
    const listed = [...formats.matchAll(/^\| `([\w-]+)`/gm)].map(([, name]) => name);
    expect(listed).toEqual(parsers.map(({ name }) => name));
    expect(examples.map(({ name }) => name)).toEqual(listed);
  });

  it.each(examples)('has an example that is detected as $name', ({ name, lines }) => {
    const source = createSourceParsers();
    const context = { receivedAt: Date.UTC(2026, 1, 7), source: 'docs', peer: '' };
    const results = lines.map((line) => source.parse('docs', '', line, context));
    results.push(source.flush('docs', context));
    const events = results.flat().filter((result) => result !== null);
    expect(events).toHaveLength(1);
    expect(events[0]).toBeInstanceOf(EcsEvent);
    expect(source.parserOf('docs')).toBe(name);
  });
});
