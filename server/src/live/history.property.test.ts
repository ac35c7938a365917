import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createLiveHistory } from './history.ts';

it('holds the newest entries within both bounds and finds them by number', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.string({ maxLength: 10 })), { maxLength: 60 }),
      fc.integer({ min: 1, max: 10 }),
      fc.integer({ min: 1, max: 40 }),
      (pushes, maxEntries, maxChars) => {
        const history = createLiveHistory({ maxEntries, maxChars });
        let n = 0;
        const all = pushes.map(([step, text]) => ({ n: (n += step), text }));
        for (const entry of all) history.push(entry);

        const held = [];
        for (let place = history.oldest; place < history.next; place++) held.push(history.at(place)!);
        expect(held).toEqual(held.length === 0 ? [] : all.slice(-held.length));
        expect(held.length).toBeLessThanOrEqual(maxEntries);
        const chars = held.reduce((sum, { text }) => sum + text.length, 0);
        if (held.length > 1) expect(chars).toBeLessThanOrEqual(maxChars);
        expect(history.droppedUpTo).toBe(all[all.length - held.length - 1]?.n ?? -1);
        for (let after = 0; after <= n; after++)
          expect(history.at(history.placeAfter(after))).toEqual(held.find((entry) => entry.n > after));
      },
    ),
  );
});
