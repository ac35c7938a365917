/** Value transformations that are done once, at compile time: base64 in its three alignments, UTF-16, dashes. */

/** How text becomes bytes before base64. */
export type TextEncoding = 'utf8' | 'utf16le' | 'utf16be' | 'utf16';

export function bytesOf(text: string, encoding: TextEncoding): Buffer {
  if (encoding === 'utf8') return Buffer.from(text, 'utf8');
  const little = Buffer.from(text, 'utf16le');
  if (encoding === 'utf16be') return little.swap16();
  return encoding === 'utf16' ? Buffer.concat([Buffer.from([0xff, 0xfe]), little]) : little;
}

export function base64(text: string, encoding: TextEncoding): string {
  return bytesOf(text, encoding).toString('base64');
}

/** The characters that `text` always gives inside a longer base64 text, for each of its three alignments. */
export function base64Offsets(text: string, encoding: TextEncoding): string[] {
  const bytes = bytesOf(text, encoding);
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    // Characters that also hold bits of the bytes before or after are cut off.
    const start = Math.ceil((offset * 8) / 6);
    const end = Math.floor(((offset + bytes.length) * 8) / 6);
    return encoded.slice(start, end);
  });
}

const DASHES = ['-', '/', '–', '—', '―'];
const MAX_DASHES = 5;

/**
 * All ways to write the option dashes of a command line: every `-`, `/`, en dash, em dash or horizontal bar that begins a
 * word. Null when there are more than five, which would be too many ways.
 */
export function dashVariants(text: string): string[] | null {
  const positions = [...text.matchAll(/\B[-/–—―]\b/gu)].map((match) => match.index);
  if (positions.length > MAX_DASHES) return null;
  let variants = [text];
  for (const position of positions) {
    variants = variants.flatMap((variant) =>
      DASHES.map((dash) => variant.slice(0, position) + dash + variant.slice(position + 1)),
    );
  }
  return [...new Set(variants)];
}
