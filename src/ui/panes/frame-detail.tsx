// A fact, opened: a frame, a request, a close.

import type { ReactElement } from 'react';
import type { Rect } from '../layout.ts';
import { frameDetailRows } from '../rows/frame-detail.ts';
import type { View } from '../view.ts';
import { Panel, roomIn } from '../widgets/panel.tsx';

export function FrameDetail({ view, rect, seq }: { view: View; rect: Rect; seq: number }): ReactElement {
  const rows = frameDetailRows(view, roomIn(rect), seq);
  return <Panel rect={rect} look={view.state.look} title={rows.title} focused rows={rows} chosen={-1} />;
}
