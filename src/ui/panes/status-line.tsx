// The last line: keys, what is being typed, or what just happened.

import type { ReactElement } from 'react';
import type { Rect } from '../layout.ts';
import { statusLine } from '../rows/status-line.ts';
import type { View } from '../view.ts';
import { CellLine } from '../widgets/cell-line.tsx';

export function StatusLine({ view, rect }: { view: View; rect: Rect }): ReactElement {
  return <CellLine line={statusLine(view, rect.width)} width={rect.width} look={view.state.look} top={rect.y} />;
}
