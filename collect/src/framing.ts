/**
 * RFC 6587 framing of syslog over a stream, decided once for each connection: octet counting (`LEN SP <PRI>…`) or lines.
 * The splitter does as little as possible for each byte: it gives back what it was given up to the last whole frame, and
 * leaves dividing that into events to whoever parses it.
 *
 * Failure is a value: a frame that is too large or no frame at all ends the stream, with the first bytes as evidence; whole
 * frames before it are still given back. Memory is bounded by one frame and one chunk, however small the chunks are.
 */
const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const LESS_THAN = 60;
const ZERO = 48;
const NINE = 57;
/** Digits of a length: 9,999,999,999 is beyond every limit already. */
const MAX_DIGITS = 10;
const EVIDENCE_BYTES = 8192;

export interface FrameError {
  code: 'line_too_long' | 'bad_frame';
  reason: string;
  /** The first bytes of what could not be read. */
  head: Buffer;
}

export interface Frames {
  framing: 'lines' | 'octets';
  /** Whole frames; a view of the chunk where possible. */
  payload: Buffer | null;
  /** How many frames; empty lines count. */
  count: number;
  /** The stream cannot be read on. */
  error: FrameError | null;
}

export interface FrameSplitter {
  /** Never call it again after an error. */
  push(chunk: Buffer): Frames;
  /** The stream has ended: what is left. A last line without newline counts; half a counted frame is an error. */
  end(): Frames;
  /** Bytes held back until their frame is whole. */
  readonly held: number;
}

const NOTHING: Buffer = Buffer.alloc(0);

export function createFrameSplitter(options: { maxFrameBytes: number }): FrameSplitter {
  const { maxFrameBytes } = options;
  const rest = createRest();
  let framing: 'lines' | 'octets' | null = null;
  /** Octet counting: bytes that the frame at the start of `rest` needs, 0 while its header is not whole. */
  let needed = 0;

  const give = (payload: Buffer | null, count = 0, error: FrameError | null = null): Frames => ({
    framing: framing ?? 'lines',
    payload: payload && payload.length > 0 ? payload : null,
    count,
    error,
  });

  function tooLong(bytes: Buffer): FrameError {
    const reason = `the frame is larger than ${maxFrameBytes} bytes`;
    return { code: 'line_too_long', reason, head: Buffer.from(bytes.subarray(0, EVIDENCE_BYTES)) };
  }

  function pushLines(chunk: Buffer): Frames {
    const first = chunk.indexOf(NEWLINE);
    if (rest.length + (first < 0 ? chunk.length : first) > maxFrameBytes) {
      return give(null, 0, tooLong(rest.joined(chunk.subarray(0, EVIDENCE_BYTES))));
    }
    if (first < 0) {
      rest.add(chunk);
      return give(null);
    }
    const last = chunk.lastIndexOf(NEWLINE) + 1;
    const payload = rest.joined(chunk.subarray(0, last));
    const left = chunk.subarray(last);
    if (left.length > maxFrameBytes) return give(payload, countLines(payload), tooLong(left));
    rest.set(left);
    return give(payload, countLines(payload));
  }

  function pushOctets(chunk: Buffer): Frames {
    if (rest.length + chunk.length < needed) {
      rest.add(chunk);
      return give(null);
    }
    const bytes = rest.joined(chunk);
    let at = 0;
    let count = 0;
    needed = 0;
    for (;;) {
      // Some senders end counted frames with a newline that they do not count.
      while (bytes[at] === NEWLINE || bytes[at] === RETURN) at++;
      const header = readHeader(bytes, at);
      if (header === null) break;
      if (header === undefined) {
        const head = Buffer.from(bytes.subarray(at, at + EVIDENCE_BYTES));
        return give(bytes.subarray(0, at), count, {
          code: 'bad_frame',
          reason: 'a frame does not begin with its length',
          head,
        });
      }
      if (header.length > maxFrameBytes) return give(bytes.subarray(0, at), count, tooLong(bytes.subarray(at)));
      if (header.start + header.length > bytes.length) {
        needed = header.start + header.length - at;
        break;
      }
      at = header.start + header.length;
      count++;
    }
    rest.set(bytes.subarray(at));
    return give(bytes.subarray(0, at), count);
  }

  return {
    push(chunk) {
      if (framing === null) {
        const bytes = rest.joined(chunk);
        framing = detect(bytes);
        if (framing === null) {
          rest.set(bytes);
          return give(null);
        }
        rest.set(NOTHING);
        chunk = bytes;
      }
      return framing === 'lines' ? pushLines(chunk) : pushOctets(chunk);
    },
    end() {
      const left = Buffer.from(rest.joined(NOTHING));
      rest.set(NOTHING);
      if (framing !== 'octets' || left.length === 0) return give(left, countLines(left));
      const reason = 'the stream ended inside a frame';
      return give(null, 0, { code: 'bad_frame', reason, head: left.subarray(0, EVIDENCE_BYTES) });
    },
    get held() {
      return rest.length;
    },
  };
}

/** Lines in the bytes; a last one without newline counts. */
export function countLines(bytes: Buffer): number {
  let count = 0;
  let at = 0;
  while (at < bytes.length) {
    const newline = bytes.indexOf(NEWLINE, at);
    at = newline < 0 ? bytes.length : newline + 1;
    count++;
  }
  return count;
}

/** `LEN SP <` is octet counting; anything else, also a line that begins with a date, is lines. Null: too early to tell. */
function detect(bytes: Buffer): 'lines' | 'octets' | null {
  let at = 0;
  while (at < bytes.length && at <= MAX_DIGITS && isDigit(bytes[at]!)) at++;
  if (at === bytes.length && at <= MAX_DIGITS) return null;
  if (at === 0 || at > MAX_DIGITS || bytes[0] === ZERO || bytes[at] !== SPACE) return 'lines';
  if (at + 1 === bytes.length) return null;
  return bytes[at + 1] === LESS_THAN ? 'octets' : 'lines';
}

/** Where the frame at `at` starts and its length; null when the header is not whole yet, undefined when it is none. */
function readHeader(bytes: Buffer, at: number): { start: number; length: number } | null | undefined {
  let length = 0;
  for (let digits = 0; at < bytes.length; at++, digits++) {
    const byte = bytes[at]!;
    if (byte === SPACE && digits > 0) return length > 0 ? { start: at + 1, length } : undefined;
    if (!isDigit(byte) || digits === MAX_DIGITS) return undefined;
    length = length * 10 + (byte - ZERO);
  }
  return null;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

/** Bytes of an unfinished frame in a buffer that doubles, so that a frame that comes byte by byte costs linear time. */
function createRest(): {
  readonly length: number;
  add(bytes: Buffer): void;
  set(bytes: Buffer): void;
  joined(bytes: Buffer): Buffer;
} {
  let buffer = NOTHING;
  let length = 0;
  return {
    get length() {
      return length;
    },
    add(bytes) {
      if (length + bytes.length > buffer.length) {
        const larger = Buffer.allocUnsafeSlow(Math.max(1024, 2 * buffer.length, length + bytes.length));
        buffer.copy(larger, 0, 0, length);
        buffer = larger;
      }
      bytes.copy(buffer, length);
      length += bytes.length;
    },
    set(bytes) {
      // A copy: what is given back may still be in use, and a small rest must not hold on to a large chunk.
      buffer = bytes.length === 0 ? NOTHING : Buffer.from(bytes);
      length = bytes.length;
    },
    joined(bytes) {
      return length === 0 ? bytes : Buffer.concat([buffer.subarray(0, length), bytes]);
    },
  };
}
