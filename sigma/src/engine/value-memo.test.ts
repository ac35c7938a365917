import { describe, expect, it } from 'vitest';
import { MemoBudget, ValueMemo } from './value-memo.ts';

const FOUND = Int32Array.of(1, 2);

describe('the value memo', () => {
  it('remembers values, not long ones', () => {
    const memo = new ValueMemo(new MemoBudget(1e6));
    expect(memo.accepts('a value of some length')).toBe(true);
    memo.set('a value of some length', FOUND);
    expect(memo.get('a value of some length')).toBe(FOUND);
    expect(memo.accepts('x'.repeat(1025))).toBe(false);
  });

  it('is bounded in entries', () => {
    const memo = new ValueMemo(new MemoBudget(1e9));
    for (let i = 0; i < 50_000; i++) memo.set(`value ${i}`, FOUND);
    expect(memo.size).toBeLessThanOrEqual(8192);
  });

  it('shares a budget of bytes with the others', () => {
    const budget = new MemoBudget(100_000);
    const memos = [new ValueMemo(budget), new ValueMemo(budget)];
    for (let i = 0; i < 5000; i++) {
      memos[i % 2]!.set(`${'x'.repeat(500)}${i}`, FOUND);
      expect(budget.usedBytes).toBeLessThanOrEqual(100_000);
    }
    expect(memos[0]!.size + memos[1]!.size).toBeLessThan(100);
    expect(memos[0]!.size + memos[1]!.size).toBeGreaterThan(0);
  });

  it('pauses where values never repeat, and tries again', () => {
    const memo = new ValueMemo(new MemoBudget(1e9));
    let accepted = 0;
    for (let i = 0; i < 100_000; i++) {
      const value = `unique ${i}`;
      if (!memo.accepts(value)) continue;
      accepted++;
      memo.set(value, FOUND);
    }
    expect(accepted).toBeLessThan(20_000);
    expect(accepted).toBeGreaterThan(4096);
  });
});
