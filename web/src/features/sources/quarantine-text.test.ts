import { expect, it } from 'vitest';
import { quarantinedText } from './quarantine-text.ts';

it('shows text as it is and bytes one by one', () => {
  expect(quarantinedText({ raw: 'plain', encoding: 'utf8' })).toBe('plain');
  expect(quarantinedText({ raw: 'AP9B', encoding: 'base64' })).toBe('\0\xffA');
  expect(quarantinedText({ raw: '***', encoding: 'base64' })).toBe('***');
});
