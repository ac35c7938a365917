import { describe, expect, it } from 'vitest';
import { attackOfTags, tactics, techniqueOf, techniques } from './attack.ts';

describe('attackOfTags', () => {
  it('pairs a technique with the tactic that the rule names', () => {
    expect(attackOfTags(['attack.credential-access', 'attack.t1110.001'])).toEqual([
      {
        technique: 'T1110.001',
        tactic: 'TA0006',
        techniqueName: 'Password Guessing',
        tacticName: 'Credential Access',
      },
    ]);
  });

  it('reads the older spelling with underscores and any case', () => {
    expect(attackOfTags(['attack.Credential_Access', 'attack.T1110'])).toMatchObject([
      { technique: 'T1110', tactic: 'TA0006', techniqueName: 'Brute Force' },
    ]);
  });

  it('gives all tactics of a technique when the rule names none of them', () => {
    expect(attackOfTags(['attack.t1078']).map(({ tactic }) => tactic)).toEqual([
      'TA0001',
      'TA0003',
      'TA0004',
      'TA0005',
    ]);
  });

  it('keeps a tactic that is named alone', () => {
    expect(attackOfTags(['attack.t1110', 'attack.credential-access', 'attack.impact'])).toMatchObject([
      { technique: 'T1110' },
      { technique: '', tactic: 'TA0040', tacticName: 'Impact' },
    ]);
  });

  it('keeps ids that the table does not know, without names', () => {
    expect(attackOfTags(['attack.t9999', 'attack.made-up'])).toEqual([
      { technique: 'T9999', tactic: 'made-up', techniqueName: '', tacticName: '' },
    ]);
    expect(attackOfTags(['attack.t9999'])).toMatchObject([{ technique: 'T9999', tactic: '' }]);
    expect(attackOfTags(['attack.made-up'])).toMatchObject([{ technique: '', tactic: 'made-up' }]);
  });

  it('skips groups, software and other namespaces', () => {
    expect(attackOfTags(['attack.g0016', 'attack.s0002', 'cve.2021-44228', 'attack.', 'attack.__proto__'])).toEqual([]);
  });

  it('follows a revoked id for its tactics', () => {
    const revoked = techniques.find(({ revokedBy }) => revokedBy !== null)!;
    expect(attackOfTags([`attack.${revoked.id.toLowerCase()}`])[0]!.tacticName).not.toBe('');
  });
});

describe('the table', () => {
  it('names 14 tactics and only techniques whose tactics exist', () => {
    expect(tactics).toHaveLength(14);
    const ids = new Set(tactics.map(({ id }) => id));
    expect(techniques.length).toBeGreaterThan(800);
    for (const technique of techniques) for (const id of technique.tactics) expect(ids).toContain(id);
    expect(techniqueOf('T1110.001')).toMatchObject({ name: 'Password Guessing', isSubtechnique: true });
    expect(techniqueOf('T0000')).toBeUndefined();
  });
});
