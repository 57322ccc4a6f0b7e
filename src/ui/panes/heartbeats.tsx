// The heartbeats pane: the pulse of each socket.

import type { ReactElement } from 'react';
import { paneTitle } from '../pane-title.ts';
import { heartbeatsRows } from '../rows/heartbeats.ts';
import { Panel, roomIn } from '../widgets/panel.tsx';
import type { PaneProps } from './pane-props.ts';

export function HeartbeatsPane({ view, rect, focused, chosen, zoomed }: PaneProps): ReactElement {
  const rows = heartbeatsRows(view, roomIn(rect, zoomed));
  return (
    <Panel
      rect={rect}
      look={view.state.look}
      title={paneTitle(view.state, 'heartbeats')}
      focused={focused}
      rows={rows}
      chosen={chosen}
    />
  );
}
