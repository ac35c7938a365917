import { expect, test } from 'vitest';
import { seeded, torture, type Victim } from './torture.ts';

// The short form of torture.verify.ts.
test.each<Victim>(['server', 'store'])(
  'kill −9 of the %s twice under load: nothing lost, nothing doubled',
  async (victim) => {
    const { attacks, ...wrong } = await torture(victim, 2, seeded(7));
    expect(attacks).toBeGreaterThan(0);
    expect(wrong).toEqual({ missing: [], doubled: [], wrongAlerts: [] });
  },
);
