/** Epochs are 32-bit; at this one they begin again. */
export const LAST_EPOCH = 0x7fffffff;

/** The predicates that hold for the current event: a stamp per predicate, so that clearing costs nothing. */
export class Hits {
  /** Predicates in the order they were found. */
  readonly list: number[] = [];
  epoch = 0;
  readonly stamps: Int32Array;

  constructor(predicates: number) {
    this.stamps = new Int32Array(predicates);
  }

  clear(): void {
    this.list.length = 0;
    if (this.epoch === LAST_EPOCH) this.restart();
    this.epoch++;
  }

  restart(): void {
    this.stamps.fill(0);
    this.epoch = 0;
  }

  mark(predicate: number): void {
    if (this.stamps[predicate] === this.epoch) return;
    this.stamps[predicate] = this.epoch;
    this.list.push(predicate);
  }

  markAll(predicates: Int32Array): void {
    const { stamps, epoch, list } = this;
    for (let i = 0; i < predicates.length; i++) {
      const predicate = predicates[i]!;
      if (stamps[predicate] === epoch) continue;
      stamps[predicate] = epoch;
      list.push(predicate);
    }
  }
}
