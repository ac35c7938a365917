import { expect, test } from 'vitest';
import { seeded, torture, type Victim } from './torture.ts';

test.each<Victim>(['server', 'store'])(
  'kill −9 of the %s ten times under load: nothing lost, nothing doubled',
  async (victim) => {
    const seed = Date.now();
    console.log(`torture seed ${seed}`);
    const { attacks, ...wrong } = await torture(victim, 10, seeded(seed));
    expect(attacks).toBeGreaterThan(0);
    expect(wrong).toEqual({ missing: [], doubled: [], wrongAlerts: [] });
  },
);
