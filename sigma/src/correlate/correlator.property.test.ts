import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCorrelator, type Firing } from './correlator.ts';

interface Event {
  group: string;
  time: number;
  id: number;
}

const TIMESPAN = 100;

/** The definition: which events fire, and which are held by a window that fires. */
function reference(events: readonly Event[], threshold: number): { fired: Set<number>; covered: Set<number> } {
  const fired = new Set<number>();
  const covered = new Set<number>();
  for (const event of events) {
    const window = events.filter(
      ({ group, time, id }) =>
        group === event.group &&
        time > event.time - TIMESPAN &&
        (time < event.time || (time === event.time && id <= event.id)),
    );
    if (window.length < threshold) continue;
    fired.add(event.id);
    for (const { id } of window) covered.add(id);
  }
  return { fired, covered };
}

const events = fc
  .array(fc.tuple(fc.constantFrom('a', 'b'), fc.integer({ min: 0, max: 1000 })), { maxLength: 60 })
  .map((list) => list.map(([group, time], id): Event => ({ group, time, id })));
const threshold = fc.integer({ min: 1, max: 5 });
const inOrder = (list: readonly Event[]): Event[] => [...list].sort((a, b) => a.time - b.time || a.id - b.id);

function run(list: readonly Event[], needed: number): Firing[] {
  const correlator = createCorrelator({ timespanMs: TIMESPAN, threshold: needed });
  return list.flatMap(({ group, time, id }) => correlator.observe(group, time, id) ?? []);
}

describe('event_count', () => {
  it('in order: every event that completes a window fires, once, with that window', () => {
    fc.assert(
      fc.property(events, threshold, (list, needed) => {
        const ordered = inOrder(list);
        const { fired } = reference(ordered, needed);
        const firings = run(ordered, needed);
        expect(firings.map(({ eventIds }) => eventIds.at(-1))).toEqual(
          ordered.filter(({ id }) => fired.has(id)).map(({ id }) => id),
        );
        const last = new Map<string, number>();
        for (const firing of firings) {
          const { time } = list[firing.eventIds.at(-1)!]!;
          const before = last.get(firing.groupKey);
          expect(firing.lastSeen).toBe(time);
          expect(firing.continues).toBe(before !== undefined && time - before <= TIMESPAN);
          expect(firing.count).toBeGreaterThanOrEqual(needed);
          expect(firing.eventIds).toHaveLength(firing.count);
          expect(firing.firstSeen).toBe(Math.min(...firing.eventIds.map((id) => list[id]!.time)));
          expect(firing.firstSeen).toBeGreaterThan(time - TIMESPAN);
          last.set(firing.groupKey, time);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('shuffled: the same events end up in alerts, each counted once', () => {
    fc.assert(
      fc.property(
        events.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        threshold,
        ([list, shuffled], needed) => {
          const { covered } = reference(list, needed);
          const firings = run(shuffled, needed);
          expect(new Set(firings.flatMap(({ eventIds }) => eventIds))).toEqual(covered);
          expect(firings.reduce((sum, { added }) => sum + added, 0)).toBe(covered.size);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('an event seen again changes nothing', () => {
    fc.assert(
      fc.property(events, threshold, (list, needed) => {
        const correlator = createCorrelator({ timespanMs: TIMESPAN, threshold: needed });
        for (const { group, time, id } of list) {
          correlator.observe(group, time, id);
          expect(correlator.observe(group, time, id)).toBeNull();
        }
      }),
    );
  });

  it('goes on from a snapshot as if nothing had happened', () => {
    fc.assert(
      fc.property(events, threshold, fc.nat(60), (list, needed, cut) => {
        const whole = run(list, needed);
        const first = createCorrelator({ timespanMs: TIMESPAN, threshold: needed });
        const before = list.slice(0, cut).flatMap(({ group, time, id }) => first.observe(group, time, id) ?? []);
        const second = createCorrelator({ timespanMs: TIMESPAN, threshold: needed });
        expect(second.restore(JSON.parse(JSON.stringify(first.snapshot())))).toBe(true);
        expect(second.snapshot()).toEqual(first.snapshot());
        const after = list.slice(cut).flatMap(({ group, time, id }) => second.observe(group, time, id) ?? []);
        expect([...before, ...after]).toEqual(whole);
      }),
    );
  });
});
