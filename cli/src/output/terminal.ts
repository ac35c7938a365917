/**
 * What only a terminal gets: colours and progress bars. Log text is hostile: everything of it that is printed for people
 * goes through `printable` first, or it could move the cursor, recolour the screen or reverse the reading direction.
 */
import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import pc from 'picocolors';

type Colours = ReturnType<typeof pc.createColors>;

export const onStdout: Colours = pc.createColors(wantsColour(process.stdout));
export const onStderr: Colours = pc.createColors(wantsColour(process.stderr));

function wantsColour(stream: { isTTY?: boolean }): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return false;
  return Boolean(FORCE_COLOR) || (stream.isTTY === true && TERM !== 'dumb');
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Says something about the result, beside it. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** C0, DEL, C1, line and paragraph separators, and the characters that change the direction of text. */
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Text with unprintable characters shown as `\x1b` or `\u202e`. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (char) => {
    const code = char.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** One line of JSON that is safe to show on a terminal, too. */
export function jsonLine(value: unknown): string {
  // JSON escapes the C0 characters itself.
  return JSON.stringify(value).replace(UNPRINTABLE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** At most `width` characters, the last one an ellipsis where something was cut. */
export function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

export interface Progress {
  /** Adds to what is done. `label` is what is being worked on. */
  advance(amount: number, label?: string): void;
  stop(): void;
}

/** A bar on stderr while it is a terminal, else nothing. `total` and `advance` are bytes. */
export function byteProgress(total: number): Progress {
  if (process.stderr.isTTY !== true) return { advance() {}, stop() {} };
  const bars = new MultiBar(
    {
      format: '{bar} {percentage}% {label}',
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
      barsize: 30,
      fps: 8,
    },
    Presets.shades_classic,
  );
  const bar: SingleBar = bars.create(Math.max(total, 1), 0, { label: '' });
  return {
    advance(amount, label) {
      bar.increment(amount, label === undefined ? {} : { label: clip(printable(label), 60) });
    },
    stop: () => bars.stop(),
  };
}
