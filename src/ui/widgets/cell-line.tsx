// One line of placed cells as real boxes: no padding is drawn, which is what makes a screen cheap.

import { Box } from 'ink';
import { memo, type ReactElement } from 'react';
import { cellWidth } from '../../base/text.ts';
import type { Line } from '../rows/cells.ts';
import type { Look } from '../theme.ts';
import { WireText } from './wire-text.tsx';

/** The whole line as one inverse run: how the chosen line looks, with or without colour. */
function selectedLine(line: Line, width: number): Line {
  let text = '';
  let at = 0;
  for (const part of line) {
    text += ' '.repeat(Math.max(0, part.x - at)) + part.text;
    at = Math.max(at, part.x) + part.width;
  }
  text += ' '.repeat(Math.max(0, width - at));
  return [{ text, role: 'selected', x: 0, width: cellWidth(text) }];
}

/** Spaces that are cheaper to draw than another box. */
const GAP_DRAWN_MAX = 3;

/** Neighbours of one role become one run: fewer boxes for the layout, the same picture. */
function joined(line: Line): Line {
  const out: Line = [];
  for (const part of line) {
    const last = out.at(-1);
    const gap = last === undefined ? -1 : part.x - last.x - last.width;
    if (last === undefined || last.role !== part.role || gap < 0 || gap > GAP_DRAWN_MAX) {
      out.push(part);
      continue;
    }
    out[out.length - 1] = {
      ...last,
      text: last.text + ' '.repeat(gap) + part.text,
      width: last.width + gap + part.width,
    };
  }
  return out;
}

interface CellLineProps {
  line: Line;
  width: number;
  look: Look;
  selected?: boolean;
  top?: number;
}

function DrawnLine(props: CellLineProps): ReactElement {
  const { line, width, look, selected = false, top = 0 } = props;
  const shown = selected ? selectedLine(line, width) : joined(line);
  return (
    <Box position="absolute" top={top} height={1} width={width}>
      {shown.map((part) => (
        <Box key={part.x} position="absolute" left={part.x} width={part.width} height={1}>
          <WireText text={part.text} tone={part.role} look={look} />
        </Box>
      ))}
    </Box>
  );
}

function sameCells(before: Line, after: Line): boolean {
  if (before.length !== after.length) return false;
  return after.every((part, index) => {
    const old = before[index];
    return old?.text === part.text && old.role === part.role && old.x === part.x && old.width === part.width;
  });
}

function sameLook(before: Look, after: Look): boolean {
  return before.color === after.color && before.ascii === after.ascii;
}

/** Lines are made anew for every screen, and most of them say the same. */
export const CellLine = memo(DrawnLine, (before, after) => {
  const samePlace = before.width === after.width && before.top === after.top && before.selected === after.selected;
  return samePlace && sameLook(before.look, after.look) && sameCells(before.line, after.line);
});
