// The verdict: whose fault, in capitals, and the sentence that proves it.

import { Box } from 'ink';
import type { ReactElement } from 'react';
import type { Rect } from '../layout.ts';
import { verdictLines } from '../rows/verdict.ts';
import type { View } from '../view.ts';
import { CellLine } from '../widgets/cell-line.tsx';

export function Verdict({ view, rect }: { view: View; rect: Rect }): ReactElement {
  const lines = verdictLines(view, rect.width, rect.height);
  return (
    <Box position="absolute" top={rect.y} width={rect.width} height={rect.height}>
      {lines.map((line, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line of the verdict is its place
        <CellLine key={row} line={line.cells} width={rect.width} look={view.state.look} top={row} />
      ))}
    </Box>
  );
}
