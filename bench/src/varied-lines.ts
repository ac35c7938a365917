/**
 * Log lines to load a server with: real ones, changed in place before each time they are sent where live logs change too
 * (clock, process and port numbers, GUIDs, handles, addresses), so that nothing in the server lives off the repetition.
 * Changing a line costs well under a microsecond: the load must not take the processor away from what is measured.
 */
import { createRandom } from './engine-events.ts';

/** Which bytes of a line may change, and how. */
export type LineKind = 'sshd' | 'windows';

/** A piece of the log; `bytes` is valid until the next call of `next`. */
export interface VariedChunk {
  readonly bytes: Buffer;
  readonly lines: number;
}

interface Chunk extends VariedChunk {
  /** Bytes that take any hexadecimal digit, and any decimal one. */
  readonly hex: Uint32Array;
  readonly digits: Uint32Array;
  /** Where clocks begin. */
  readonly clocks: Uint32Array;
  /** Digits of addresses, with what tells addresses apart. */
  readonly addressDigits: Uint32Array;
  readonly addressHashes: Uint32Array;
}

/** Attackers move to other addresses this often; between, each keeps its own, so that correlations have work to do. */
const ADDRESS_MS = 5000;
const HEX = Buffer.from('0123456789abcdef');
const ZERO = 48;

const SYSLOG_CLOCK = /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d/gm;
const ISO_CLOCK = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/g;
const FRACTION = /(?<=\d\d:\d\d:\d\d\.)\d{3}/g;
const ADDRESS = /(?<![\d.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\d.])/g;
/** The first digit stays, so that a number remains one without a leading zero. */
const SSHD_NUMBERS = /(?<=\[\d|port \d)\d{1,4}/g;
const WINDOWS_NUMBERS = /(?<="(?:SourcePort|RecordNumber|EventRecordID|ThreadID|ProcessId|ProcessID)": ?"?\d)\d+/g;
const GUID = /[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}/g;
const HANDLE = /(?<=0x[1-9a-fA-F])[0-9a-fA-F]{3,15}/g;

/** Endless pieces of `linesEach` lines, each as if it was written now. `now` in epoch milliseconds. */
export class VariedLines {
  private readonly chunks: Chunk[] = [];
  private readonly kind: LineKind;
  private readonly now: () => number;
  private readonly random: () => number;
  private at = 0;

  constructor(kind: LineKind, lines: readonly string[], linesEach: number, now: () => number, seed = 1) {
    if (lines.length === 0) throw new Error('there are no lines to send');
    this.kind = kind;
    this.now = now;
    this.random = createRandom(seed);
    for (let i = 0; i < lines.length; i += linesEach) this.chunks.push(prepare(kind, lines.slice(i, i + linesEach)));
  }

  next(): VariedChunk {
    const chunk = this.chunks[this.at]!;
    this.at = (this.at + 1) % this.chunks.length;
    this.renew(chunk);
    return chunk;
  }

  private renew({ bytes, hex, digits, clocks, addressDigits, addressHashes }: Chunk): void {
    const now = this.now();
    const clock = Buffer.from(this.kind === 'sshd' ? syslogClock(now) : new Date(now).toISOString().slice(0, 19));
    for (const at of clocks) {
      const separator = bytes[at + 10]!;
      bytes.set(clock, at);
      if (this.kind === 'windows') bytes[at + 10] = separator;
    }
    let bits = 0;
    for (let i = 0; i < hex.length; i++) {
      bits = (i & 7) === 0 ? this.random() : bits >>> 4;
      bytes[hex[i]!] = HEX[bits & 15]!;
    }
    for (const at of digits) bytes[at] = ZERO + (this.random() % 10);
    const epoch = Math.floor(now / ADDRESS_MS);
    for (let i = 0; i < addressDigits.length; i++) {
      const mixed = Math.imul(addressHashes[i]! ^ Math.imul(epoch, 0x9e3779b1), 0x85ebca6b);
      bytes[addressDigits[i]!] = ZERO + ((mixed >>> 12) % 10);
    }
  }
}

/** `Feb  6 12:00:00`, UTC. */
export function syslogClock(time: number): string {
  const [, day, month, , clock] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(time).toUTCString())!;
  return `${month!} ${String(Number(day)).padStart(2)} ${clock!}`;
}

function prepare(kind: LineKind, lines: readonly string[]): Chunk {
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  // One character is one byte, so that places in the text are places in the buffer.
  const text = bytes.toString('latin1');
  const places = (...patterns: RegExp[]): Uint32Array =>
    Uint32Array.from(
      patterns.flatMap((pattern) =>
        [...text.matchAll(pattern)].flatMap(({ index, 0: match }) =>
          Array.from(match, (character, i) => (character === '-' ? -1 : index + i)).filter((at) => at >= 0),
        ),
      ),
    );
  const starts = (pattern: RegExp): Uint32Array => Uint32Array.from(text.matchAll(pattern), ({ index }) => index);
  const none = new Uint32Array();
  if (kind === 'windows') {
    return {
      bytes,
      lines: lines.length,
      hex: places(GUID, HANDLE),
      digits: places(FRACTION, WINDOWS_NUMBERS),
      clocks: starts(ISO_CLOCK),
      addressDigits: none,
      addressHashes: none,
    };
  }
  const addresses = addressPlaces(text);
  return {
    bytes,
    lines: lines.length,
    hex: none,
    digits: places(SSHD_NUMBERS),
    clocks: starts(SYSLOG_CLOCK),
    addressDigits: Uint32Array.from(addresses, ({ at }) => at),
    addressHashes: Uint32Array.from(addresses, ({ hash }) => hash),
  };
}

/** Digits that can take any value without making an octet too large; one hash for each digit of each address. */
function addressPlaces(text: string): { at: number; hash: number }[] {
  const found: { at: number; hash: number }[] = [];
  for (const { index, 0: address } of text.matchAll(ADDRESS)) {
    let at = index;
    for (const octet of address.split('.')) {
      const free = octet.length === 2 || (octet.length === 3 && octet.startsWith('1')) ? octet.length - 1 : 0;
      for (let i = octet.length - free; i < octet.length; i++) {
        found.push({ at: at + i, hash: hashOf(`${address} ${at + i - index}`) });
      }
      at += octet.length + 1;
    }
  }
  return found;
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
