// The replay bar: where in the recording we are.

import type { ReactElement } from 'react';
import type { Rect } from '../layout.ts';
import { replayLine } from '../rows/replay-bar.ts';
import type { View } from '../view.ts';
import { CellLine } from '../widgets/cell-line.tsx';

export function ReplayBar({ view, rect }: { view: View; rect: Rect }): ReactElement {
  return <CellLine line={replayLine(view, rect.width)} width={rect.width} look={view.state.look} top={rect.y} />;
}
