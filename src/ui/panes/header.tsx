// The header line: which world this is, what time it shows, the clock, the recording.

import type { ReactElement } from 'react';
import type { Rect } from '../layout.ts';
import { headerLine } from '../rows/header.ts';
import type { View } from '../view.ts';
import { CellLine } from '../widgets/cell-line.tsx';

export function Header({ view, rect }: { view: View; rect: Rect }): ReactElement {
  return <CellLine line={headerLine(view, rect.width)} width={rect.width} look={view.state.look} top={rect.y} />;
}
