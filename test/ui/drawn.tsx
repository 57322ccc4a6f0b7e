// A screen as a terminal shows it: drawn by the framework into a terminal emulator, cell by cell, with what each cell looks like.

import xterm from '@xterm/headless';
import { render, renderToString } from 'ink';
import { ReaderPane } from '../../src/ui/panes/reader.tsx';
import { Screen, type ScreenProps } from '../../src/ui/screen.tsx';
import { viewOf } from '../../src/ui/view.ts';
import { openFakeTerminal } from '../support/terminal.ts';

export interface DrawnCell {
  /** Empty for the right half of a wide character. */
  text: string;
  /** Number of one of the 16 colours, or null for the terminal's own. */
  color: number | null;
  bold: boolean;
  dim: boolean;
  inverse: boolean;
}

export type Drawing = DrawnCell[][];

/** Colours beyond the 16 are nobody's to use: a light background would not stand them. */
function colorOf(cell: { isFgDefault(): boolean; isFgPalette(): boolean; getFgColor(): number }): number | null {
  if (cell.isFgDefault()) return null;
  if (!cell.isFgPalette() || cell.getFgColor() > 15) throw new Error('a colour that is none of the 16');
  return cell.getFgColor();
}

export async function drawn({ size, ...props }: ScreenProps): Promise<Drawing> {
  const { columns, rows } = size;
  const term = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true, scrollback: 0 });
  const text = renderToString(<Screen {...props} size={size} />, { columns });
  await new Promise<void>((resolve) => term.write(text, resolve));
  return Array.from({ length: rows }, (_, y) =>
    Array.from({ length: columns }, (__, x) => {
      const cell = term.buffer.active.getLine(y)?.getCell(x);
      if (cell === undefined) throw new Error(`there is no cell ${x}, ${y}`);
      return {
        text: cell.getWidth() === 0 ? '' : cell.getChars() || ' ',
        color: colorOf(cell),
        bold: cell.isBold() !== 0,
        dim: cell.isDim() !== 0,
        inverse: cell.isInverse() !== 0,
      };
    }),
  );
}

/** The lines of a drawing as text. */
export function textOf(drawing: Drawing): string[] {
  return drawing.map((line) =>
    line
      .map((cell) => cell.text)
      .join('')
      .trimEnd(),
  );
}

const COLOR_MARKS: Readonly<Record<number, string>> = { 1: 'r', 2: 'g', 3: 'y', 6: 'c' };

/** One letter for the look of a cell: `r g y c` its colour, capital when bold; `B` bold, `d` dim, `i` chosen; a space is as the terminal is. */
function markOf({ text, color, bold, dim, inverse }: DrawnCell): string {
  if (inverse) return 'i';
  if (text.trim() === '') return ' ';
  if (color === null) return bold ? 'B' : dim ? 'd' : ' ';
  const mark = COLOR_MARKS[color];
  if (mark === undefined) throw new Error(`colour ${color} is nobody's role`);
  return bold ? mark.toUpperCase() : mark;
}

/** Each line of a drawing, and under it the looks of its cells where they are not all plain. */
export function marksOf(drawing: Drawing): string[] {
  const texts = textOf(drawing);
  return drawing.flatMap((line, row) => {
    const marks = line
      .filter(({ text }) => text !== '')
      .map(markOf)
      .join('')
      .trimEnd();
    return marks === '' ? [texts[row] ?? ''] : [texts[row] ?? '', marks];
  });
}

/** Lines that a screen reader is given, each in one piece. */
export async function spokenLines({ snapshot, state, now }: ScreenProps): Promise<string[]> {
  const terminal = openFakeTerminal(1_000, 120);
  const { stdout, stdin } = terminal;
  const options = { stdout, stdin, interactive: true, patchConsole: false, isScreenReaderEnabled: true };
  const instance = render(<ReaderPane view={viewOf(snapshot, state, now)} />, options);
  await terminal.settle();
  instance.unmount();
  return terminal.rows().filter((line) => line !== '');
}
