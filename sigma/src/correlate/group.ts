/**
 * The events of one group, in order of (time, id), as far back as a window can need them. Events come mostly in order;
 * one that comes late is put in its place, where it may complete windows that end with it or after it.
 */

/** Per event: whether a window ending with it has fired, and whether a window that fired holds it. */
const FIRED = 1;
const COVERED = 2;
export const MAX_EVIDENCE = 100;
/** Events beyond the threshold that a group may keep without looking at their times. */
const SLACK = 16;

/** What one observation made fire; see `Firing`. */
export interface GroupFiring {
  firstSeen: number;
  lastSeen: number;
  count: number;
  added: number;
  eventIds: number[];
  continues: boolean;
}

export interface GroupLimits {
  readonly timespanMs: number;
  readonly threshold: number;
  /** How far behind the newest event of its group one may come and still find all its neighbours. */
  readonly latenessMs: number;
  /** Most events kept; those furthest in time from the event that came last go first. */
  readonly maxEvents: number;
}

/** Plain data of a group, for snapshots: three columns of equal length, and the newest firing that has been let go. */
export type GroupState = [times: number[], ids: number[], flags: number[], lastFired: number | null];

export class Group {
  private readonly times: number[];
  private readonly ids: number[];
  private readonly flags: number[];
  /** Newest firing among the events that are no longer kept. */
  private lastFired: number;

  constructor(state?: GroupState) {
    [this.times, this.ids, this.flags] = state ? [state[0].slice(), state[1].slice(), state[2].slice()] : [[], [], []];
    this.lastFired = state?.[3] ?? -Infinity;
  }

  /** Time of the newest event. */
  get newest(): number {
    return this.times[this.times.length - 1]!;
  }

  state(): GroupState {
    const { times, ids, flags, lastFired } = this;
    return [times.slice(), ids.slice(), flags.slice(), Number.isFinite(lastFired) ? lastFired : null];
  }

  /** Adds an event; returns what it made fire. An event that is there already changes nothing. */
  add(time: number, id: number, limits: GroupLimits): GroupFiring | null {
    const { times, ids, flags } = this;
    const last = times.length - 1;
    let at = times.length;
    if (last >= 0 && (time < times[last]! || (time === times[last] && id <= ids[last]!))) {
      at = this.place(time, id);
      if (times[at] === time && ids[at] === id) return null;
      times.splice(at, 0, time);
      ids.splice(at, 0, id);
      flags.splice(at, 0, 0);
    } else {
      times.push(time);
      ids.push(id);
      flags.push(0);
    }
    const firing = this.fire(at, limits);
    this.trim(time, limits);
    return firing;
  }

  /** Fires the windows that the event at `at` is in and that hold enough now; they overlap in it, so they are one. */
  private fire(at: number, { timespanMs, threshold }: GroupLimits): GroupFiring | null {
    const { times, ids, flags } = this;
    const end = times[at]! + timespanMs;
    let first = -1;
    let last = -1;
    for (let event = at; event < times.length && times[event]! < end; event++) {
      const needed = event - threshold + 1;
      const full = needed >= 0 && times[needed]! > times[event]! - timespanMs;
      if (!full && (flags[event]! & FIRED) === 0) continue;
      if (first < 0) first = event;
      last = event;
    }
    if (first < 0) return null;

    const continues = this.firedWithin(first, timespanMs) || this.firedWithin(last, timespanMs);
    for (let event = first; event <= last; event++) {
      const needed = event - threshold + 1;
      if (needed >= 0 && times[needed]! > times[event]! - timespanMs) flags[event]! |= FIRED;
    }
    const oldest = times[first]! - timespanMs;
    let start = last;
    let added = 0;
    for (; start >= 0 && times[start]! > oldest; start--) {
      if ((flags[start]! & COVERED) !== 0) continue;
      flags[start]! |= COVERED;
      added++;
    }
    start++;
    return {
      firstSeen: times[start]!,
      lastSeen: times[last]!,
      count: last - start + 1,
      added,
      eventIds: ids.slice(Math.max(start, last + 1 - MAX_EVIDENCE), last + 1),
      continues,
    };
  }

  /** Whether an event at most one timespan before or after has fired already. */
  private firedWithin(event: number, timespanMs: number): boolean {
    const { times, flags } = this;
    const time = times[event]!;
    if (Math.abs(time - this.lastFired) <= timespanMs) return true;
    for (let other = event; other >= 0 && time - times[other]! <= timespanMs; other--) {
      if ((flags[other]! & FIRED) !== 0) return true;
    }
    for (let other = event + 1; other < times.length && times[other]! - time <= timespanMs; other++) {
      if ((flags[other]! & FIRED) !== 0) return true;
    }
    return false;
  }

  /**
   * Lets go of what the events to come hardly need, once there are more than a few: what is further from the event that
   * came last than a window and the lateness. Measured from that one rather than from the newest, so that neither a
   * forged future time nor an old log after a new one empties a group. A flood is cut to the nearest `maxEvents`.
   */
  private trim(time: number, { timespanMs, threshold, latenessMs, maxEvents }: GroupLimits): void {
    const { times } = this;
    if (times.length <= threshold + SLACK) return;
    const reach = timespanMs + latenessMs;
    let start = 0;
    while (times[start]! < time - reach) start++;
    let end = times.length;
    while (times[end - 1]! > time + reach) end--;
    if (end - start > maxEvents) {
      // A quarter at a time, so that a flood does not move the whole buffer for every event.
      const keep = Math.ceil(maxEvents * 0.75);
      while (end - start > keep) {
        if (time - times[start]! >= times[end - 1]! - time) start++;
        else end--;
      }
    }
    this.letGo(end, times.length);
    this.letGo(0, start);
  }

  private letGo(start: number, end: number): void {
    if (start === end) return;
    const { times, ids, flags } = this;
    for (let event = start; event < end; event++) {
      if ((flags[event]! & FIRED) !== 0 && times[event]! > this.lastFired) this.lastFired = times[event]!;
    }
    times.splice(start, end - start);
    ids.splice(start, end - start);
    flags.splice(start, end - start);
  }

  /** First place whose event is not before (time, id). */
  private place(time: number, id: number): number {
    const { times, ids } = this;
    let low = 0;
    let high = times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle]! < time || (times[middle] === time && ids[middle]! < id)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
