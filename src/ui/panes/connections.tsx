// The connections pane: public, user and REST this second.

import type { ReactElement } from 'react';
import { connectionsRows } from '../rows/connections.ts';
import { Panel, roomIn } from '../widgets/panel.tsx';
import type { PaneProps } from './pane-props.ts';

export function ConnectionsPane({ view, rect, focused, chosen, zoomed }: PaneProps): ReactElement {
  const rows = connectionsRows(view, roomIn(rect, zoomed));
  return (
    <Panel
      rect={rect}
      look={view.state.look}
      title={rect.height < 8 ? '1 connections · 3 heartbeats' : '1 connections'}
      focused={focused}
      rows={rows}
      chosen={chosen}
    />
  );
}
