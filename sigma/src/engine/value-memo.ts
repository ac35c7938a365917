/**
 * Telemetry repeats: a value seen before gives the predicates found then. Bounded in entries per field and, through one
 * budget for all fields of all engines, in bytes; where values hardly ever repeat, a field stops remembering for a while.
 */

/** Bytes that all memos together may hold. When they would hold more, all forget. */
export class MemoBudget {
  private used = 0;
  private readonly limit: number;
  private readonly memos: ValueMemo[] = [];

  constructor(limitBytes: number) {
    this.limit = limitBytes;
  }

  get usedBytes(): number {
    return this.used;
  }

  join(memo: ValueMemo): void {
    this.memos.push(memo);
  }

  /** Books an entry; first makes room when it does not fit. */
  take(bytes: number): void {
    if (this.used + bytes > this.limit) {
      for (const memo of this.memos) memo.forget();
      this.used = 0;
    }
    this.used += bytes;
  }

  give(bytes: number): void {
    this.used -= bytes;
  }
}

const MAX_ENTRIES = 8192;
const ENTRY_OVERHEAD = 96;
/** Longer values are searched anew: they repeat less and cost more to keep. */
const MAX_LENGTH = 1024;
/** Lookups between two decisions whether remembering pays, and how many are let pass when it does not. */
const TRIAL = 4096;
const PAUSE = 65_536;
const WORST_MISS_RATE = 0.8;

export class ValueMemo {
  private readonly entries = new Map<string, Int32Array>();
  private readonly budget: MemoBudget;
  private bytes = 0;
  private lookups = 0;
  private misses = 0;
  private pause = 0;

  constructor(budget: MemoBudget) {
    this.budget = budget;
    budget.join(this);
  }

  get size(): number {
    return this.entries.size;
  }

  /** What was found in the value before; undefined when it is not remembered. */
  get(value: string): Int32Array | undefined {
    return this.entries.get(value);
  }

  /** Whether a value is to be looked up and remembered at all. */
  accepts(value: string): boolean {
    if (value.length > MAX_LENGTH) return false;
    if (this.pause > 0) {
      this.pause--;
      return false;
    }
    this.lookups++;
    return true;
  }

  /** Remembers what was found in a value that `accepts` let in and `get` did not know. */
  set(value: string, found: Int32Array): void {
    this.misses++;
    if (this.lookups >= TRIAL) {
      if (this.misses > this.lookups * WORST_MISS_RATE) this.pause = PAUSE;
      this.lookups = 0;
      this.misses = 0;
    }
    if (this.entries.size >= MAX_ENTRIES) {
      this.budget.give(this.bytes);
      this.forget();
    }
    const bytes = ENTRY_OVERHEAD + value.length * 2 + found.byteLength;
    this.budget.take(bytes);
    this.bytes += bytes;
    // A slice of a longer line would keep the whole line alive; this makes a copy of its own.
    this.entries.set(value.length < 13 ? value : (' ' + value).slice(1), found);
  }

  /** Drops everything; the budget is told by the caller. */
  forget(): void {
    this.entries.clear();
    this.bytes = 0;
  }
}
