/**
 * A quick no: whether a value can hold any of a set of long literals, looking at every fourth run of four characters
 * only and without lower-casing. A literal of seven or more characters always has one such run whole, wherever it stands;
 * of each literal the seven that telemetry has least of are taken. It may say yes wrongly, never no.
 */

const WINDOW = 7;
/** Sets the case bit of all four characters: letters fold, other characters may share a code, which only costs a yes. */
const FOLD = 0x20202020;
const GOLDEN = 0x9e3779b1 | 0;
const BITS = 12;

export class SparseFilter {
  private readonly bitmap = new Int32Array((1 << BITS) / 32);
  private readonly grams = new Set<number>();

  /** Null when some literal is too short or not ASCII. */
  static of(literals: Iterable<string>): SparseFilter | null {
    const filter = new SparseFilter();
    for (const literal of literals) {
      if (literal.length < WINDOW || !isAscii(literal)) return null;
      filter.add(rarestWindow(literal));
    }
    // With more the bitmap would let too much through.
    return filter.grams.size <= 400 ? filter : null;
  }

  private add(window: string): void {
    for (let at = 0; at + 4 <= WINDOW; at++) {
      let gram = 0;
      for (let i = 0; i < 4; i++) gram = (gram << 8) | window.charCodeAt(at + i);
      gram |= FOLD;
      this.grams.add(gram);
      const bit = Math.imul(gram, GOLDEN) >>> (32 - BITS);
      this.bitmap[bit >> 5]! |= 1 << (bit & 31);
    }
  }

  mayHold(raw: string): boolean {
    const { bitmap } = this;
    const end = raw.length - 3;
    let codes = 0;
    let at = 0;
    for (; at < end; at += 4) {
      const a = raw.charCodeAt(at);
      const b = raw.charCodeAt(at + 1);
      const c = raw.charCodeAt(at + 2);
      const d = raw.charCodeAt(at + 3);
      codes |= a | b | c | d;
      const gram = (a << 24) | (b << 16) | (c << 8) | d | FOLD;
      const bit = Math.imul(gram, GOLDEN) >>> (32 - BITS);
      if (((bitmap[bit >> 5]! >>> (bit & 31)) & 1) !== 0 && this.grams.has(gram)) return true;
    }
    for (; at < raw.length; at++) codes |= raw.charCodeAt(at);
    // Other characters may become ASCII, or longer, in lower case.
    return codes > 127;
  }
}

const isAscii = (text: string): boolean => {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false;
  return true;
};

/** The seven characters with the most punctuation. */
function rarestWindow(literal: string): string {
  let best = '';
  let most = -1;
  for (let at = 0; at + WINDOW <= literal.length; at++) {
    const window = literal.slice(at, at + WINDOW);
    let rare = 0;
    for (let gram = 0; gram + 4 <= WINDOW; gram++) if (/[^a-z0-9 .\\/]/.test(window.slice(gram, gram + 4))) rare++;
    if (rare <= most) continue;
    most = rare;
    best = window;
  }
  return best;
}
