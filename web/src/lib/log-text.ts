/**
 * Log content is written by whoever can reach a log, so it is only ever shown as text: control characters and
 * direction marks become visible names, URLs are defanged, matches can be marked. Pure: text in, segments out.
 */

/** A piece of displayed text. `special` is a character that would otherwise be invisible; `marked` lies in a match. */
export interface Segment {
  text: string;
  special: boolean;
  marked: boolean;
}

interface Edit {
  start: number;
  end: number;
  text: string;
  special: boolean;
}

// C0 (but tab and newline), DEL, C1, zero-width and direction marks, line separators, tag characters, lone surrogates.
const INVISIBLE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;
const URL_START = /\b(https?|ftps?):\/\/([^\s/?#"'<>]*)/gi;

/** Longest text that is drawn; the rest is one click away as a copy. */
export const MAX_SHOWN = 20_000;

// Names rather than the symbols of U+2400: few fonts have those, and all missing glyphs look alike.
const CONTROL_NAMES = (
  'NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI ' +
  'DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'
).split(' ');

/** `\0` → `⟨NUL⟩`, right-to-left override → `⟨U+202E⟩`. */
function visibleCharacter(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x20) return `⟨${CONTROL_NAMES[code]!}⟩`;
  if (code === 0x7f) return '⟨DEL⟩';
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

function editsOf(text: string): Edit[] {
  const edits: Edit[] = [];
  for (const match of text.matchAll(INVISIBLE))
    edits.push({
      start: match.index,
      end: match.index + match[0].length,
      text: visibleCharacter(match[0]),
      special: true,
    });
  for (const match of text.matchAll(URL_START)) {
    const scheme = match[1]!;
    const hostStart = match.index + scheme.length + 3;
    const defanged = scheme.replace(/tt/i, 'xx').replace(/^ftp/i, 'fxp');
    edits.push({ start: match.index, end: match.index + scheme.length, text: defanged, special: false });
    for (let at = hostStart; at < match.index + match[0].length; at++)
      if (text[at] === '.') edits.push({ start: at, end: at + 1, text: '[.]', special: false });
  }
  return edits.sort((a, b) => a.start - b.start);
}

/** `text` as it is shown, with every occurrence of `needles` marked (case-insensitive). */
export function segmentsOf(text: string, needles: readonly string[] = []): Segment[] {
  const shown = text.length > MAX_SHOWN ? text.slice(0, MAX_SHOWN) : text;
  const marks = markRanges(shown, needles);
  const segments: Segment[] = [];
  let at = 0;
  let nextMark = 0;
  const push = (piece: string, special: boolean, marked: boolean) => {
    const last = segments.at(-1);
    if (last && last.special === special && last.marked === marked && !special) last.text += piece;
    else if (piece !== '') segments.push({ text: piece, special, marked });
  };
  const markedAt = (position: number) => {
    while (nextMark < marks.length && marks[nextMark]![1] <= position) nextMark++;
    return nextMark < marks.length && marks[nextMark]![0] <= position;
  };
  const pushPlain = (end: number) => {
    while (at < end) {
      const marked = markedAt(at);
      const mark = marks[nextMark];
      const stop = mark === undefined ? end : Math.min(end, marked ? mark[1] : Math.max(mark[0], at + 1));
      push(shown.slice(at, stop), false, marked);
      at = stop;
    }
  };
  for (const edit of editsOf(shown)) {
    if (edit.start < at) continue;
    pushPlain(edit.start);
    push(edit.text, edit.special, markedAt(edit.start));
    at = edit.end;
  }
  pushPlain(shown.length);
  return segments;
}

/** The displayed text without marks, for titles, tooltips and labels. */
export function displayText(text: string): string {
  return segmentsOf(text)
    .map((segment) => segment.text)
    .join('');
}

/** Merged, sorted [start, end) ranges of all needles of at least two characters. */
export function markRanges(text: string, needles: readonly string[]): [number, number][] {
  const haystack = text.toLowerCase();
  const ranges: [number, number][] = [];
  // Lower-casing may change the length of rare texts; then positions would be wrong, so only exact hits count.
  const folded = haystack.length === text.length;
  for (const needle of new Set(needles)) {
    if (needle.length < 2) continue;
    const wanted = folded ? needle.toLowerCase() : needle;
    const source = folded ? haystack : text;
    for (let at = source.indexOf(wanted); at !== -1; at = source.indexOf(wanted, at + wanted.length))
      ranges.push([at, at + wanted.length]);
  }
  ranges.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const merged: [number, number][] = [];
  for (const range of ranges) {
    const last = merged.at(-1);
    if (last && range[0] <= last[1]) last[1] = Math.max(last[1], range[1]);
    else merged.push([...range]);
  }
  return merged;
}
