// Lines of placed cells as one text of the framework, which then lays out, measures and walks one node in place of hundreds. What may take
// another number of cells than it should gets a box of its own, so that it moves nothing beside it.

import { Box, Transform } from 'ink';
import type { ReactElement } from 'react';
import { isOneCellEach } from '../../base/one-cell.ts';
import type { Rect } from '../layout.ts';
import type { Line, Placed } from '../rows/cells.ts';
import { type Look, painted, type Role } from '../theme.ts';
import { WireText, wireText } from './wire-text.tsx';

interface DrawnLine {
  plain: string;
  painted: string;
  /** Cells of doubtful width: their places in the line are left blank. */
  doubtful: Placed[];
}

/** Puts runs of one role behind each other; blanks between two cells of a role belong to its run, where they cannot be seen. */
class Brush {
  plain = '';
  #painted = '';
  #run = '';
  #role: Role = 'plain';
  readonly #look: Look;

  constructor(look: Look) {
    this.#look = look;
  }

  put(gap: number, text: string, role: Role): void {
    const blank = ' '.repeat(gap);
    this.plain += blank + text;
    if (role === this.#role && role !== 'selected') {
      this.#run += blank + text;
      return;
    }
    this.#painted = this.painted() + blank;
    this.#run = text;
    this.#role = role;
  }

  painted(): string {
    return this.#painted + painted(this.#run, this.#role, this.#look);
  }
}

function drawn(line: Line, width: number, look: Look): DrawnLine {
  const brush = new Brush(look);
  const doubtful: Placed[] = [];
  for (const part of line) {
    const text = wireText(part.text, look);
    const gap = part.x - brush.plain.length;
    const isSure = gap >= 0 && part.x + part.width <= width && text.length === part.width && isOneCellEach(text);
    if (isSure) brush.put(gap, text, part.role);
    else doubtful.push(part);
  }
  return { plain: brush.plain, painted: brush.painted(), doubtful };
}

interface BlockProps {
  rect: Rect;
  lines: readonly Line[];
  look: Look;
}

export function Block({ rect, lines, look }: BlockProps): ReactElement {
  const rows = lines.slice(0, rect.height).map((line) => drawn(line, rect.width, look));
  const doubtful = rows.flatMap((row, top) => row.doubtful.map((part) => ({ ...part, top })));
  // A line that the framework cut is not the one that was painted.
  const paint = (line: string, row: number): string => (line === rows[row]?.plain ? (rows[row]?.painted ?? '') : line);
  return (
    <Box position="absolute" left={rect.x} top={rect.y} width={rect.width} height={rect.height}>
      <Transform transform={paint}>{rows.map(({ plain }) => plain).join('\n')}</Transform>
      {doubtful.map(({ text, role, x, width, top }) => (
        <Box key={`${top} ${x}`} position="absolute" left={x} top={top} width={width} height={1}>
          <WireText text={text} tone={role} look={look} />
        </Box>
      ))}
    </Box>
  );
}
