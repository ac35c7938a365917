/** Lets a bounded number in at a time, first come first served. */
export interface Gate {
  enter(): Promise<void>;
  leave(): void;
  /** Lets everyone in from now on: for shutting down. */
  open(): void;
}

export function createGate(places: number): Gate {
  let free = places;
  const waiting: (() => void)[] = [];
  return {
    async enter() {
      if (free > 0) free--;
      else await new Promise<void>((enter) => waiting.push(enter));
    },
    leave() {
      const next = waiting.shift();
      if (next) next();
      else free++;
    },
    open() {
      free = Number.POSITIVE_INFINITY;
      for (const enter of waiting.splice(0)) enter();
    },
  };
}
