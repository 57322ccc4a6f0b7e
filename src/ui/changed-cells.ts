// The shortest writing that turns one line into another: runs of changed cells, with the moves and looks between them.

import { isOneCellEach } from '../base/one-cell.ts';
import { type CellStyle, type LineCells, PLAIN } from './line-cells.ts';

const RESET = '\u001b[m';
const ERASE_LINE = '\u001b[K';
/** A move over unchanged cells costs so many bytes; fewer are written again. */
const MOVE_BYTES = 4;

/** Writes cells at places, and knows where the terminal's cursor stands and what it writes in. */
export class Pen {
  #text = '';
  #style: CellStyle = PLAIN;
  /** -1: not known. */
  #x = -1;
  #y = -1;

  moveTo(x: number, y: number): void {
    if (x === this.#x && y === this.#y) return;
    const ahead = x - this.#x;
    if (y === this.#y && this.#x >= 0 && ahead > 0) this.#text += ahead === 1 ? '\u001b[C' : `\u001b[${ahead}C`;
    else if (x === 0 && y === this.#y + 1 && this.#y >= 0) this.#text += '\r\n';
    else this.#text += x === 0 ? `\u001b[${y + 1}H` : `\u001b[${y + 1};${x + 1}H`;
    this.#x = x;
    this.#y = y;
  }

  write(char: string, style: CellStyle): void {
    if (char !== ' ' || style.marksBlank || this.#style.marksBlank) this.wear(style);
    this.#text += char;
    this.#x += 1;
  }

  wear(style: CellStyle): void {
    if (style === this.#style) return;
    if (style === PLAIN) this.#text += RESET;
    else this.#text += this.#style === PLAIN ? `\u001b[${style.sgr}m` : `\u001b[0;${style.sgr}m`;
    this.#style = style;
  }

  eraseToEnd(): void {
    this.wear(PLAIN);
    this.#text += ERASE_LINE;
  }

  /** After the last column, or after a character of doubtful width, nobody knows where the cursor is. */
  lose(): void {
    this.#x = -1;
    this.#y = -1;
  }

  /** Everything written, and the look put back. */
  finish(): string {
    this.wear(PLAIN);
    return this.#text;
  }
}

const charAt = (line: LineCells, x: number): string => line.chars[x] ?? ' ';
const styleAt = (line: LineCells, x: number): CellStyle => line.styles[x] ?? PLAIN;

function sameAt(before: LineCells, after: LineCells, x: number): boolean {
  return charAt(before, x) === charAt(after, x) && styleAt(before, x).sgr === styleAt(after, x).sgr;
}

function writeWhole(pen: Pen, after: LineCells, y: number): void {
  pen.moveTo(0, y);
  pen.eraseToEnd();
  for (const [x, char] of after.chars.entries()) {
    // The second cell of a wide character.
    if (char === '') continue;
    pen.moveTo(x, y);
    pen.write(char, styleAt(after, x));
    if (!isOneCellEach(char)) pen.lose();
  }
  pen.lose();
}

/** Where the run that begins at `from` ends: unchanged cells between two changed ones belong to it when a move costs more. */
function runEnd(before: LineCells, after: LineCells, from: number, end: number): number {
  let last = from;
  let spared = 0;
  for (let x = from + 1; x < end && spared <= MOVE_BYTES; x += 1) {
    if (!sameAt(before, after, x)) {
      last = x;
      spared = 0;
      continue;
    }
    // A character of another alphabet is three bytes, another look more than a move.
    spared += charAt(after, x) < '\u0080' ? 1 : 3;
    if (styleAt(after, x) !== styleAt(after, x - 1)) spared += MOVE_BYTES;
  }
  return last + 1;
}

/** Writes what turns the line `before`, at row `y` of a terminal so many columns wide, into `after`. */
export function writeChanges(pen: Pen, before: LineCells, after: LineCells, y: number, columns: number): void {
  const end = Math.min(columns, Math.max(before.chars.length, after.chars.length));
  let x = 0;
  while (x < end && sameAt(before, after, x)) x += 1;
  if (x === end) return;
  if (before.odd || after.odd) return writeWhole(pen, after, y);
  const shown = Math.min(columns, after.chars.length);
  while (x < end) {
    pen.moveTo(x, y);
    if (x >= shown) return pen.eraseToEnd();
    const stop = Math.min(shown, runEnd(before, after, x, end));
    for (; x < stop; x += 1) pen.write(charAt(after, x), styleAt(after, x));
    if (x >= columns) return pen.lose();
    while (x < end && sameAt(before, after, x)) x += 1;
  }
}
