import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Signal } from '../detectors/detector.ts';
import { fold, runsOf, type Folded } from './folding.ts';

const WINDOW = 100;

const signals = fc
  .array(
    fc.record({ timestamp: fc.integer({ min: 0, max: 2000 }), key: fc.constantFrom('a', 'b'), level: fc.nat(15) }),
    { minLength: 1, maxLength: 60 },
  )
  .map((list) =>
    list.map(({ timestamp, key, level }, i): Signal => ({
      ruleId: 'r',
      level,
      lane: 'live',
      timestamp,
      firstSeen: timestamp,
      count: 1,
      eventIds: [i],
      matched: [],
      entities: [{ type: 'user', value: `u${i % 7}` }],
      foldKey: key,
      continues: false,
      summary: `signal ${i}`,
    })),
  );

describe('runs', () => {
  it('hold every signal once, none apart from its neighbours by more than the window, and part only there', () => {
    fc.assert(
      fc.property(signals, (given) => {
        const runs = runsOf(given, WINDOW);
        const held = runs.flatMap((run) => run.signals);
        expect(held).toHaveLength(given.length);
        expect(new Set(held)).toEqual(new Set(given));
        for (const run of runs) {
          const times = run.signals.map(({ timestamp }) => timestamp);
          times.slice(1).forEach((time, i) => expect(time - times[i]!).toBeLessThanOrEqual(WINDOW));
          expect([run.firstSeen, run.lastSeen]).toEqual([times[0], times.at(-1)]);
        }
        for (const one of runs)
          for (const other of runs)
            if (one !== other && one.foldKey === other.foldKey)
              expect(Math.max(one.firstSeen - other.lastSeen, other.firstSeen - one.lastSeen)).toBeGreaterThan(WINDOW);
      }),
    );
  });
});

describe('fold', () => {
  it('comes to the same whether signals arrive together or one by one', () => {
    fc.assert(
      fc.property(signals, (given) => {
        const [together] = runsOf(given, Infinity, 'k').map((run) => fold(null, run));
        let single: Folded | null = null;
        for (const signal of given) single = fold(single, runsOf([signal], Infinity, 'k')[0]!);
        const facts = ({ level, count, firstSeen, lastSeen, entities, eventIds }: Folded) => ({
          level,
          count,
          firstSeen,
          lastSeen,
          entities: new Set(entities.map(({ value }) => value)),
          eventIds: new Set(eventIds),
        });
        expect(facts(single!)).toEqual(facts(together!));
        expect(together!.count).toBe(given.length);
      }),
    );
  });
});
