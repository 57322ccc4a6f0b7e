// A pane's frame: title and number in the border, lines inside, the chosen line marked. It fills exactly its rectangle.

import type { ReactElement } from 'react';
import { cellWidth, clipCells } from '../../base/text.ts';
import type { Rect } from '../layout.ts';
import { cell, type Line, type PaneLine, type PaneRows, type Room } from '../rows/cells.ts';
import { type Glyphs, glyphsOf, type Look, type Role } from '../theme.ts';
import { Block } from './block.tsx';

/** The inside of a panel: borders and one cell of air at either side taken off. */
export function roomIn(rect: Rect, zoomed = false): Room {
  return { width: Math.max(0, rect.width - 4), height: Math.max(0, rect.height - 2), zoomed };
}

interface TitleLook {
  title: string;
  right: string;
  border: Role;
  role: Role;
}

/** `╭─ 1 connections ─────── 2 open ─╮` */
function topLine(width: number, glyphs: Glyphs, look: TitleLook): Line {
  const { horizontal } = glyphs;
  const title = clipCells(cell(look.title).text, Math.max(0, width - 6));
  const titleEnd = title === '' ? 1 : 4 + cellWidth(title);
  const right = clipCells(cell(look.right).text, Math.max(0, width - titleEnd - 6));
  const rightStart = right === '' ? width - 1 : width - 4 - cellWidth(right);
  const between = horizontal.repeat(Math.max(0, rightStart - titleEnd));
  const parts: [string, Role][] = [
    [`${glyphs.topLeft}${title === '' ? '' : `${horizontal} `}`, look.border],
    [title, look.role],
    [`${title === '' ? '' : ' '}${between}${right === '' ? '' : ' '}`, look.border],
    [right, 'label'],
    [`${right === '' ? '' : ` ${horizontal}`}${glyphs.topRight}`, look.border],
  ];
  let x = 0;
  const line: Line = [];
  for (const [text, role] of parts) {
    const size = cellWidth(text);
    if (size > 0) line.push({ text, role, x, width: size });
    x += size;
  }
  return line;
}

export interface PanelProps {
  rect: Rect;
  look: Look;
  title: string;
  titleRole?: Role;
  focused: boolean;
  rows: PaneRows;
  /** Index of the chosen item, or -1. */
  chosen: number;
}

/** The first line of the chosen item is the marked one. */
function markedLine(lines: readonly PaneLine[], chosen: number): number {
  return chosen < 0 ? -1 : lines.findIndex((line) => line.item === chosen);
}

/** The chosen line as one inverse run: how it looks, with or without colour. */
function selected(line: Line, width: number): Line {
  let text = '';
  let at = 0;
  for (const part of line) {
    text += ' '.repeat(Math.max(0, part.x - at)) + part.text;
    at = Math.max(at, part.x) + part.width;
  }
  text += ' '.repeat(Math.max(0, width - at));
  return [{ text, role: 'selected', x: 0, width: cellWidth(text) }];
}

/** `│ the line │`, with the marker when it is the chosen one. */
function innerLine(line: PaneLine | undefined, width: number, glyphs: Glyphs, border: Role, isMarked: boolean): Line {
  const cells = line?.cells ?? [];
  const shown = isMarked ? selected(cells, width - 4) : cells;
  return [
    { text: glyphs.vertical, role: border, x: 0, width: 1 },
    ...(isMarked ? [{ text: glyphs.marker, role: 'focus', x: 1, width: 1 } as const] : []),
    ...shown.map((part) => ({ ...part, x: part.x + 2 })),
    { text: glyphs.vertical, role: border, x: width - 1, width: 1 },
  ];
}

export function Panel({ rect, look, title, titleRole, focused, rows, chosen }: PanelProps): ReactElement | null {
  const { width, height } = rect;
  if (width < 4 || height < 2) return null;
  const glyphs = glyphsOf(look);
  const border: Role = focused ? 'focus' : 'border';
  const right = rows.right ?? '';
  const lines = rows.lines.slice(0, height - 2);
  const marked = focused ? markedLine(lines, chosen) : -1;
  const bottom = glyphs.bottomLeft + glyphs.horizontal.repeat(width - 2) + glyphs.bottomRight;
  const drawn: Line[] = [
    topLine(width, glyphs, { title, right, border, role: titleRole ?? (focused ? 'focus' : 'strong') }),
    ...Array.from({ length: height - 2 }, (_, row) => innerLine(lines[row], width, glyphs, border, row === marked)),
    [{ text: bottom, role: border, x: 0, width }],
  ];
  return <Block rect={rect} lines={drawn} look={look} />;
}
