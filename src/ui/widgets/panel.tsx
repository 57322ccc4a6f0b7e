// A pane's frame: title and number in the border, lines inside, the chosen line marked. It fills exactly its rectangle.

import { Box } from 'ink';
import type { ReactElement } from 'react';
import { cellWidth, clipCells } from '../../base/text.ts';
import type { Rect } from '../layout.ts';
import { cell, type Line, type PaneLine, type PaneRows, type Room } from '../rows/cells.ts';
import { type Glyphs, glyphsOf, type Look, type Role, styleOf } from '../theme.ts';
import { CellLine } from './cell-line.tsx';
import { WireText } from './wire-text.tsx';

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

/** Both side borders, drawn by the framework in one go. */
function Sides({ rect, role, look }: { rect: Rect; role: Role; look: Look }): ReactElement {
  const { vertical } = glyphsOf(look);
  const { color, dim = false } = styleOf(role);
  const style = {
    left: vertical,
    right: vertical,
    top: ' ',
    bottom: ' ',
    topLeft: ' ',
    topRight: ' ',
    bottomLeft: ' ',
    bottomRight: ' ',
  };
  return (
    <Box
      position="absolute"
      top={1}
      width={rect.width}
      height={rect.height - 2}
      borderStyle={style}
      borderTop={false}
      borderBottom={false}
      borderDimColor={look.color && dim}
      {...(look.color && color !== undefined ? { borderColor: color } : {})}
    />
  );
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

export function Panel({ rect, look, title, titleRole, focused, rows, chosen }: PanelProps): ReactElement | null {
  if (rect.width < 4 || rect.height < 2) return null;
  const glyphs = glyphsOf(look);
  const border: Role = focused ? 'focus' : 'border';
  const inner = rect.height - 2;
  const lines = rows.lines.slice(0, inner);
  const marked = focused ? markedLine(lines, chosen) : -1;
  const bottom = glyphs.bottomLeft + glyphs.horizontal.repeat(rect.width - 2) + glyphs.bottomRight;
  const top = topLine(rect.width, glyphs, {
    title,
    right: rows.right ?? '',
    border,
    role: titleRole ?? (focused ? 'focus' : 'strong'),
  });
  return (
    <Box position="absolute" left={rect.x} top={rect.y} width={rect.width} height={rect.height}>
      <CellLine line={top} width={rect.width} look={look} />
      <Sides rect={rect} role={border} look={look} />
      <CellLine
        line={[{ text: bottom, role: border, x: 0, width: rect.width }]}
        width={rect.width}
        look={look}
        top={rect.height - 1}
      />
      <Box position="absolute" left={2} top={1} width={rect.width - 4} height={inner}>
        {lines.map((line, row) => (
          <CellLine
            // biome-ignore lint/suspicious/noArrayIndexKey: a line of a window is its place
            key={row}
            line={line.cells}
            width={rect.width - 4}
            look={look}
            selected={row === marked}
            top={row}
          />
        ))}
      </Box>
      {marked >= 0 && (
        <Box position="absolute" left={1} top={1 + marked} width={1} height={1}>
          <WireText text={glyphs.marker} tone="focus" look={look} />
        </Box>
      )}
    </Box>
  );
}
