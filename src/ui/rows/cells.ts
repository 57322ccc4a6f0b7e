// The cells that panes are made of: sanitised text with a role, placed at fixed columns of a line. Pure; never wider than it was told.

import { cellWidth, clipCells, safeText } from '../../base/text.ts';
import type { Role } from '../theme.ts';

export interface Cell {
  text: string;
  role: Role;
}

/** A cell with its place: `x` from the left edge of the line, `width` in terminal cells. */
export interface Placed extends Cell {
  x: number;
  width: number;
}

/** Placed cells of one line, left to right, not overlapping. */
export type Line = Placed[];

/** A line of a pane; `item` is the index of the item it opens, so that the selection can be shown. */
export interface PaneLine {
  cells: Line;
  item?: number;
}

/** What a pane shows: at most `height` lines, and a short text for the right end of its title. */
export interface PaneRows {
  lines: PaneLine[];
  right?: string;
  /** How many lines what is read can be scrolled; absent where nothing is. */
  scrollMax?: number;
}

/** The inside of a pane, and whether it has the screen to itself. */
export interface Room {
  width: number;
  height: number;
  zoomed: boolean;
}

export interface Column {
  /** Cells, or `*` for what is left. */
  width: number | '*';
  align?: 'left' | 'right';
  /** Columns with a higher number go first when there is no room; 0 or absent stays. */
  drop?: number;
  /** Least width of a `*` column; 8 unless told. */
  min?: number;
  /** Cells before it; 2 unless told. */
  gap?: number;
}

/** The lines of a long text that stand in a room, scrolled so far. */
export function scrolledTo(
  scroll: number,
  all: readonly Line[],
  room: Room,
): Required<Pick<PaneRows, 'lines' | 'scrollMax'>> & { below: number } {
  const scrollMax = Math.max(0, all.length - room.height);
  const from = Math.min(scroll, scrollMax);
  const lines = all.slice(from, from + room.height).map((cells) => ({ cells }));
  return { lines, scrollMax, below: scrollMax - from };
}

/** Text that may come from anywhere, made safe. */
export function cell(text: string, role: Role = 'plain'): Cell {
  return { text: safeText(text), role };
}

function placed(source: Cell, x: number, width: number, align: 'left' | 'right'): Placed | null {
  const text = clipCells(source.text, width);
  if (text === '') return null;
  const used = cellWidth(text);
  return { text, role: source.role, x: align === 'right' ? x + width - used : x, width: used };
}

/** Cells one after the other, one space apart unless told, the last one clipped. */
export function flow(width: number, cells: readonly Cell[], gap = 1, from = 0): Line {
  const line: Line = [];
  let x = from;
  for (const source of cells) {
    if (source.text === '') continue;
    const next = placed(source, x, width - x, 'left');
    if (next === null) break;
    line.push(next);
    x += next.width + gap;
  }
  return line;
}

/** The same, but a cell that does not fit whole is left out; the first one stays. */
export function flowWhole(width: number, cells: readonly Cell[], gap = 1, from = 0): Line {
  const kept: Cell[] = [];
  let x = from;
  for (const source of cells) {
    const size = cellWidth(source.text);
    if (size === 0 || (kept.length > 0 && x + size > width)) continue;
    kept.push(source);
    x += size + gap;
  }
  return flow(width, kept, gap, from);
}

/** Cells from the left and cells ending at the right edge; the left ones give way. */
export function ends(width: number, left: readonly Cell[], right: readonly Cell[], gap = 1): Line {
  const rightLine = flow(width, right, gap);
  const last = rightLine.at(-1);
  const rightWidth = last === undefined ? 0 : last.x + last.width;
  const shift = width - rightWidth;
  const leftLine = flow(rightWidth === 0 ? width : Math.max(0, shift - 1), left, gap);
  return [...leftLine, ...rightLine.map((item) => ({ ...item, x: item.x + shift }))];
}

interface Fitted {
  /** Index of the column in the definition. */
  index: number;
  x: number;
  width: number;
  align: 'left' | 'right';
}

const leastOf = (column: Column): number => (column.width === '*' ? (column.min ?? 8) : column.width);

const needed = (columns: readonly Column[], kept: readonly number[]): number => {
  let total = 0;
  for (const [position, index] of kept.entries()) {
    const column = columns[index];
    if (column === undefined) continue;
    total += (position === 0 ? 0 : (column.gap ?? 2)) + leastOf(column);
  }
  return total;
};

function keptColumns(width: number, columns: readonly Column[]): number[] {
  let kept = columns.map((_, index) => index);
  while (kept.length > 1 && needed(columns, kept) > width) {
    const droppable = kept.filter((index) => (columns[index]?.drop ?? 0) > 0);
    if (droppable.length === 0) break;
    const worst = droppable.reduce((a, b) => ((columns[b]?.drop ?? 0) > (columns[a]?.drop ?? 0) ? b : a));
    kept = kept.filter((index) => index !== worst);
  }
  return kept;
}

/** Where each column goes at this width: columns that do not fit are left out, `*` takes the rest. */
export function fitColumns(width: number, columns: readonly Column[]): Fitted[] {
  const kept = keptColumns(width, columns);
  const stars = kept.filter((index) => columns[index]?.width === '*');
  const spare = Math.max(0, width - needed(columns, kept));
  const share = Math.floor(spare / Math.max(1, stars.length));
  // The last one takes what does not divide: the columns end at the edge.
  const rest = spare - share * stars.length;
  const fitted: Fitted[] = [];
  let x = 0;
  for (const [position, index] of kept.entries()) {
    const column = columns[index];
    if (column === undefined) continue;
    if (position > 0) x += column.gap ?? 2;
    const grown = column.width === '*' ? share + (index === stars.at(-1) ? rest : 0) : 0;
    const wanted = leastOf(column) + grown;
    const given = Math.min(wanted, Math.max(0, width - x));
    fitted.push({ index, x, width: given, align: column.align ?? 'left' });
    x += given;
  }
  return fitted;
}

/** One table line: a cell for each column as defined, those of dropped columns ignored. */
export function tableLine(fitted: readonly Fitted[], cells: readonly Cell[], from = 0): Line {
  const line: Line = [];
  for (const column of fitted) {
    const source = cells[column.index];
    if (source === undefined) continue;
    const next = placed(source, column.x + from, column.width, column.align);
    if (next !== null) line.push(next);
  }
  return line;
}

/** The text broken at spaces into lines of at most `width` cells; a longer word is cut through. */
export function wrapText(text: string, width: number, linesMax = 200): string[] {
  if (width <= 0) return [];
  const lines: string[] = [];
  let line = '';
  for (const word of safeText(text).split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (cellWidth(joined) <= width) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (cellWidth(line) > width && lines.length < linesMax) {
      const head = headOf(line, width);
      lines.push(head);
      line = line.slice(head.length);
    }
  }
  lines.push(line);
  return lines.slice(0, linesMax);
}

function headOf(text: string, width: number): string {
  let head = '';
  let used = 0;
  for (const character of text) {
    const cells = cellWidth(character);
    if (used + cells > width && head !== '') break;
    head += character;
    used += cells;
  }
  return head;
}

/** As many of the parts, joined, as fit whole into `width` cells, those that do not left out; the first always stays. */
export function wholeParts(parts: readonly string[], separator: string, width: number): string {
  let text = '';
  for (const part of parts) {
    if (part === '') continue;
    const next = text === '' ? part : `${text}${separator}${part}`;
    if (text === '' || cellWidth(safeText(next)) <= width) text = next;
  }
  return text;
}

/** Whole parts, one after the other, on at most `most` lines. */
export function partLines(parts: readonly string[], separator: string, width: number, most: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    if (part === '') continue;
    const last = lines.at(-1);
    const joined = last === undefined ? part : `${last}${separator}${part}`;
    if (last !== undefined && cellWidth(safeText(joined)) <= width) lines[lines.length - 1] = joined;
    else if (lines.length < most) lines.push(part);
  }
  return lines;
}

/** Which items to show so that the selected one stays in sight: `count` of them from index `from`. */
export function windowOf(total: number, selected: number, count: number): number {
  if (selected < 0 || total <= count) return 0;
  return Math.max(0, Math.min(selected - Math.floor(count / 2), total - count));
}

/** `note` as a dim sentence: what an empty pane says. */
export function sentence(width: number, height: number, text: string, role: Role = 'dim'): PaneLine[] {
  return wrapText(text, width, Math.max(0, height)).map((part) => ({ cells: flow(width, [{ text: part, role }]) }));
}
