// The connections pane: public, user and REST this second.

import type { ReactElement } from 'react';
import { paneTitle } from '../pane-title.ts';
import { connectionsRows } from '../rows/connections.ts';
import { Panel, roomIn } from '../widgets/panel.tsx';
import type { PaneProps } from './pane-props.ts';

export function ConnectionsPane({ view, rect, focused, chosen, zoomed }: PaneProps): ReactElement {
  const title = paneTitle(view.state, 'connections');
  const rows = connectionsRows(view, roomIn(rect, zoomed));
  return (
    <Panel
      rect={rect}
      look={view.state.look}
      title={rect.height < 8 ? `${title} · ${paneTitle(view.state, 'heartbeats')}` : title}
      focused={focused}
      rows={rows}
      chosen={chosen}
    />
  );
}
