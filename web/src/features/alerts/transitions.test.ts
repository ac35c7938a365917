import { describe, expect, it } from 'vitest';
import { actionsFor, sharedActions } from './transitions.ts';

const keys = (actions: { key: string }[]) => actions.map((action) => action.key).join('');

describe('actions', () => {
  it('are the legal transitions', () => {
    expect(keys(actionsFor('new'))).toBe('airf');
    expect(keys(actionsFor('acknowledged'))).toBe('irf');
    expect(keys(actionsFor('investigating'))).toBe('arf');
  });
  it('reopen what is closed', () => {
    expect(actionsFor('resolved')).toMatchObject([{ key: 'i', to: 'investigating', label: 'Reopen' }]);
  });
  it('for many are those legal for each', () => {
    expect(keys(sharedActions(['new', 'acknowledged']))).toBe('irf');
    expect(keys(sharedActions(['new', 'resolved']))).toBe('i');
    expect(keys(sharedActions([]))).toBe('');
  });
});
