/** Lists for people: aligned columns, no frame. */
import Table from 'cli-table3';
import { onStdout, print, printable } from './terminal.ts';

/** Prints rows below a dim header; says `empty` when there are none. */
export function printRows(header: readonly string[], rows: readonly (readonly string[])[], empty: string): void {
  if (rows.length === 0) return print(onStdout.dim(empty));
  const none = { top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '' };
  const lines = { 'bottom-left': '', 'bottom-right': '', left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '' };
  const table = new Table({
    head: header.map((name) => onStdout.dim(name)),
    chars: { ...none, ...lines, 'right-mid': '', middle: '  ' },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  for (const row of rows) table.push(row.map(printable));
  print(table.toString());
}
