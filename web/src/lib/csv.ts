/**
 * CSV that is safe to open in a spreadsheet: cells that would run as a formula get a leading apostrophe. Log text is
 * the attacker's to choose, and `=HYPERLINK(…)` in a user name must stay text.
 */
const FORMULA = /^\s*[=+\-@|\t\r]/;
const PLAIN_NUMBER = /^[+-]?\d+(\.\d+)?$/;

/** One cell, quoted where needed. */
export function csvCell(value: string): string {
  const guarded = FORMULA.test(value) && !PLAIN_NUMBER.test(value) ? `'${value}` : value;
  return /[",\r\n\t']/.test(guarded) || guarded !== guarded.trim() ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/** Header and rows, RFC 4180 line ends. */
export function csvText(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n') + '\r\n';
}

/** Hands the text to the browser as a file. */
export function downloadText(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
