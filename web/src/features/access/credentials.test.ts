import { describe, expect, it } from 'vitest';
import { setupProblems, tokenOf } from './credentials.ts';

const good = { username: 'ada', password: 'correct horse battery', repeated: 'correct horse battery' };

describe('setupProblems', () => {
  it('finds nothing wrong with a good form', () => expect(setupProblems(good)).toEqual({}));
  it('says what is wrong, field by field', () => {
    expect(setupProblems({ ...good, username: '' }).username).toMatch(/letters/);
    expect(setupProblems({ ...good, password: 'short', repeated: 'short' }).password).toMatch(/12/);
    expect(setupProblems({ ...good, repeated: 'x' }).repeated).toMatch(/differ/);
    expect(setupProblems({ ...good, password: 'password-of-ADA' }).password).toMatch(/user name/);
  });
});

it('tokenOf reads the fragment only', () => {
  expect(tokenOf('#token=abc-123')).toBe('abc-123');
  expect(tokenOf('')).toBe('');
});
