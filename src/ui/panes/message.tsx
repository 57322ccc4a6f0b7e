// A dialog in the middle of the screen.

import type { ReactElement } from 'react';
import type { Rect } from '../layout.ts';
import { messageRows } from '../rows/message.ts';
import type { Mode } from '../state.ts';
import type { View } from '../view.ts';
import { Panel, roomIn } from '../widgets/panel.tsx';

export function MessagePane(props: { view: View; rect: Rect; mode: Extract<Mode, { mode: 'message' }> }): ReactElement {
  const { view, rect, mode } = props;
  return (
    <Panel
      rect={rect}
      look={view.state.look}
      title={mode.title}
      focused
      rows={messageRows(roomIn(rect), mode)}
      chosen={-1}
    />
  );
}
