/** Keyset cursors: where the last page ended, as (time in ms, id). */

/** The cursor is not one that a list returned. */
export class CursorError extends Error {
  override name = 'CursorError';
}

export interface Keyset {
  time: number;
  id: number;
}

export function printCursor({ time, id }: Keyset): string {
  return Buffer.from(`${time}.${id}`).toString('base64url');
}

export function parseCursor(text: string): Keyset {
  const match = /^(-?\d{1,15})\.(\d{1,16})$/.exec(Buffer.from(text.slice(0, 64), 'base64url').toString('latin1'));
  if (!match) throw new CursorError('The cursor is not one that this list returned.');
  return { time: Number(match[1]), id: Number(match[2]) };
}
