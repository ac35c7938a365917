/**
 * Times as logs write them → milliseconds since the epoch, UTC. Readers return NaN for what is no time. They read
 * character codes and remember the last day: a log line costs no Date object.
 */
import type { EcsEvent } from '@vedette/contracts';
import type { ParseContext } from './parser.ts';

const DAY_MS = 86_400_000;
/** Times outside are somebody's sentinel or forgery (1601, 9999): the receipt time is used, the original kept. */
const EARLIEST = Date.UTC(1980, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
let lastDayKey = -1;
let lastDayMs = 0;

/** Midnight UTC of a day; NaN when there is no such day. `month` from 1. */
export function dayMs(year: number, month: number, day: number): number {
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= 31)) return Number.NaN;
  const key = (year * 16 + month) * 32 + day;
  if (key === lastDayKey) return lastDayMs;
  const ms = new Date(0).setUTCFullYear(year, month - 1, day);
  if (new Date(ms).getUTCDate() !== day) return Number.NaN;
  lastDayKey = key;
  lastDayMs = ms;
  return ms;
}

/** Two digits at `at`; NaN when there are none. */
export function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** `HH:MM:SS` at `at` → ms of the day; NaN when it is none. A leap second counts as the next second. */
export function clockMs(text: string, at: number): number {
  if (text.charCodeAt(at + 2) !== 58 || text.charCodeAt(at + 5) !== 58) return Number.NaN;
  const hours = twoDigits(text, at);
  const minutes = twoDigits(text, at + 3);
  const seconds = twoDigits(text, at + 6);
  return hours < 24 && minutes < 60 && seconds <= 60 ? (hours * 3600 + minutes * 60 + seconds) * 1000 : Number.NaN;
}

/** Month 1–12 by its three letters at `at`; 0 when they are none. */
export function monthAt(text: string, at: number): number {
  const index = MONTHS.indexOf(text.slice(at, at + 3));
  return index >= 0 && index % 3 === 0 && text.length >= at + 3 ? index / 3 + 1 : 0;
}

/** Where the last `isoTime` stopped reading; valid until its next call. */
export let isoEnd = 0;

/**
 * `YYYY-MM-DD` or `YYYY/MM/DD`, then `T`, space or `_`, `HH:MM:SS`, optional fraction after `.` or `,`, optional
 * `Z`, ` UTC`, ` GMT` or `±HH[:]MM` (also after a blank). Without a zone it is UTC. Sets `isoEnd`.
 */
export function isoTime(text: string, at = 0): number {
  const separator = text.charCodeAt(at + 4);
  if ((separator !== 45 && separator !== 47) || text.charCodeAt(at + 7) !== separator) return Number.NaN;
  const day = dayMs(
    twoDigits(text, at) * 100 + twoDigits(text, at + 2),
    twoDigits(text, at + 5),
    twoDigits(text, at + 8),
  );
  const joint = text.charCodeAt(at + 10);
  if (joint !== 84 && joint !== 32 && joint !== 116 && joint !== 95) return Number.NaN;
  const clock = clockMs(text, at + 11);
  if (Number.isNaN(day) || Number.isNaN(clock)) return Number.NaN;
  const fraction = fractionMs(text, at + 19);
  const zone = zoneMs(text, isoEnd);
  return day + clock + fraction - zone;
}

/** `.123456` or `,123` at `at` → whole ms; 0 when there is none. Sets `isoEnd`. */
function fractionMs(text: string, at: number): number {
  isoEnd = at;
  const point = text.charCodeAt(at);
  if (point !== 46 && point !== 44) return 0;
  let ms = 0;
  let scale = 100;
  let i = at + 1;
  for (; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) break;
    ms += digit * scale;
    scale = scale > 1 ? scale / 10 : 0;
  }
  if (i > at + 1) isoEnd = i;
  return ms;
}

/** Offset from UTC in ms of the zone at `at`; 0 when there is none. Sets `isoEnd` behind it. */
function zoneMs(text: string, at: number): number {
  isoEnd = at;
  let i = at;
  if (text.charCodeAt(i) === 32) i++;
  const sign = text.charCodeAt(i);
  if (sign === 90 || sign === 122) {
    isoEnd = i + 1;
    return 0;
  }
  if (sign === 85 || sign === 71) {
    if (text.startsWith('UTC', i) || text.startsWith('GMT', i)) isoEnd = i + 3;
    return 0;
  }
  if (sign !== 43 && sign !== 45) return 0;
  const hours = twoDigits(text, i + 1);
  const colon = text.charCodeAt(i + 3) === 58 ? 1 : 0;
  const minutes = twoDigits(text, i + 3 + colon);
  if (!(hours <= 18)) return 0;
  isoEnd = Number.isNaN(minutes) ? i + 3 : i + 5 + colon;
  const ms = (hours * 60 + (minutes < 60 ? minutes : 0)) * 60_000;
  return sign === 45 ? -ms : ms;
}

/** `10/Oct/2000:13:55:36 -0700` at `at` (access logs). */
export function clfTime(text: string, at: number): number {
  const month = monthAt(text, at + 3);
  const year = twoDigits(text, at + 7) * 100 + twoDigits(text, at + 9);
  if (month === 0 || text.charCodeAt(at + 2) !== 47 || text.charCodeAt(at + 11) !== 58) return Number.NaN;
  return dayMs(year, month, twoDigits(text, at)) + clockMs(text, at + 12) - zoneMs(text, at + 20);
}

/** `Sun Dec 04 04:47:44[.123456] 2005` at `at` (Apache errors, C's asctime). */
export function asctime(text: string, at: number): number {
  const month = monthAt(text, at + 4);
  const tens = text.charCodeAt(at + 8) === 32 ? 0 : text.charCodeAt(at + 8) - 48;
  const day = tens * 10 + text.charCodeAt(at + 9) - 48;
  const clock = clockMs(text, at + 11);
  if (month === 0 || Number.isNaN(clock)) return Number.NaN;
  const fraction = fractionMs(text, at + 19);
  const year = twoDigits(text, isoEnd + 1) * 100 + twoDigits(text, isoEnd + 3);
  return dayMs(year, month, day) + clock + fraction;
}

let lastYearlessKey = -1;
let lastYearlessMs = 0;

/**
 * A time without a year: the newest year in which it is not later than a day after receipt. `clock` in ms of the day.
 * February 29 goes back to a leap year.
 */
export function yearlessTime(month: number, day: number, clock: number, receivedAt: number): number {
  const key = (Math.floor(receivedAt / DAY_MS) * 16 + month) * 32 + day;
  if (key === lastYearlessKey && lastYearlessMs + clock <= receivedAt + DAY_MS) return lastYearlessMs + clock;
  let year = new Date(receivedAt + DAY_MS).getUTCFullYear();
  for (let back = 0; back < 9; back++, year--) {
    const ms = dayMs(year, month, day);
    if (Number.isNaN(ms) || ms + clock > receivedAt + DAY_MS) continue;
    // Around the anniversary the year depends on the hour: such days are not remembered.
    if (receivedAt - ms < 300 * DAY_MS) {
      lastYearlessKey = key;
      lastYearlessMs = ms;
    }
    return ms + clock;
  }
  return Number.NaN;
}

/** A number as a time: seconds, milliseconds, microseconds or nanoseconds since the epoch, by magnitude. */
export function epochTime(value: number): number {
  if (!Number.isFinite(value) || value <= 0) return Number.NaN;
  if (value < 1e11) return Math.round(value * 1000);
  if (value < 1e14) return Math.round(value);
  return Math.round(value < 1e17 ? value / 1000 : value / 1e6);
}

/** A time as JSON writes it: ISO text, digits, or a number. NaN for anything else. */
export function anyTime(value: unknown): number {
  if (typeof value === 'number') return epochTime(value);
  if (typeof value !== 'string' || value.length < 8 || value.length > 64) return Number.NaN;
  const iso = isoTime(value);
  if (!Number.isNaN(iso)) return iso;
  const number = Number(value);
  if (!Number.isNaN(number)) return epochTime(number);
  const clf = clfTime(value, value.charCodeAt(0) === 91 ? 1 : 0);
  if (!Number.isNaN(clf)) return clf;
  return value.length === 10 ? isoTime(`${value}T00:00:00Z`) : asctime(value, 0);
}

/**
 * Sets the event time. A time that cannot be true (1601, 9999) or cannot be read is replaced by the receipt time; the
 * original text is kept in `vedette.time_original` and the reason in `vedette.time_flag`.
 */
export function stamp(event: EcsEvent, ms: number, original: unknown, context: ParseContext): void {
  if (ms >= EARLIEST && ms < LATEST) {
    event.timestamp = ms;
    return;
  }
  event.timestamp = context.receivedAt;
  if (original === undefined || original === null || original === '') return;
  event.setExtra('vedette.time_original', String(original).slice(0, 64));
  event.setExtra('vedette.time_flag', Number.isNaN(ms) ? 'unreadable' : 'out_of_range');
}
