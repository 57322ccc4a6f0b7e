// A block of lines looks as if each cell had a box of its own, in colour and without, whatever is written in it.

// The colour library reads this when it loads.
process.env['FORCE_COLOR'] = '1';

import fc from 'fast-check';
import type { ReactElement } from 'react';
import { expect, test } from 'vitest';
import { cellWidth, clipCells } from '../../src/base/text.ts';
import { lineCells } from '../../src/ui/line-cells.ts';
import type { Line } from '../../src/ui/rows/cells.ts';
import type { Look, Role } from '../../src/ui/theme.ts';

const { Box, renderToString } = await import('ink');
const { Block } = await import('../../src/ui/widgets/block.tsx');
const { WireText } = await import('../../src/ui/widgets/wire-text.tsx');

const WIDTH = 30;
const ROLES: readonly Role[] = ['plain', 'strong', 'dim', 'good', 'warning', 'critical', 'accent', 'focus', 'selected'];

function Boxes({ lines, look }: { lines: readonly Line[]; look: Look }): ReactElement {
  const placed = lines.flatMap((cells, top) => cells.map((part) => ({ ...part, top })));
  return (
    <Box position="absolute" width={WIDTH} height={lines.length}>
      {placed.map(({ text, role, x, width, top }) => (
        <Box key={`${top} ${x}`} position="absolute" left={x} top={top} width={width} height={1}>
          <WireText text={text} tone={role} look={look} />
        </Box>
      ))}
    </Box>
  );
}

const word = fc.oneof(
  fc.constantFrom('open', '│', '▁▂▃', '● ok', 'é→✓', '日本', '👩‍🚀', '⚠️', 'e\u0301', '\u001b[31m', ' '),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }),
);
const line = fc
  .array(fc.record({ text: word, role: fc.constantFrom(...ROLES), gap: fc.nat({ max: 4 }) }), { maxLength: 6 })
  .map((words) => {
    const cells: Line = [];
    let x = 0;
    for (const { text, role, gap } of words) {
      const shown = clipCells(text, WIDTH - x - gap);
      const width = cellWidth(shown);
      if (width > 0) cells.push({ text: shown, role, x: x + gap, width });
      x += gap + width;
    }
    return cells;
  });

/** Cells with their looks, as a terminal would have them. */
function pictureOf(tree: ReactElement, rows: number): unknown {
  const drawn = renderToString(
    <Box width={WIDTH} height={rows}>
      {tree}
    </Box>,
    { columns: WIDTH },
  );
  return drawn.split('\n').map((row) => {
    const { chars, styles } = lineCells(row);
    return chars.map((char, x) => `${char} ${styles[x]?.sgr}`);
  });
}

test.each([
  { ascii: false, color: true },
  { ascii: false, color: false },
  { ascii: true, color: false },
])('%j', (look) => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), (lines) => {
      const rect = { x: 0, y: 0, width: WIDTH, height: lines.length };
      const block = pictureOf(<Block rect={rect} lines={lines} look={look} />, lines.length);
      expect(block).toEqual(pictureOf(<Boxes lines={lines} look={look} />, lines.length));
    }),
    { numRuns: 300 },
  );
});
