// The closes pane: every close and failed upgrade.

import type { ReactElement } from 'react';
import { paneTitle } from '../pane-title.ts';
import { closesRows } from '../rows/closes.ts';
import { Panel, roomIn } from '../widgets/panel.tsx';
import type { PaneProps } from './pane-props.ts';

export function ClosesPane({ view, rect, focused, chosen, zoomed }: PaneProps): ReactElement {
  const rows = closesRows(view, roomIn(rect, zoomed));
  return (
    <Panel
      rect={rect}
      look={view.state.look}
      title={paneTitle(view.state, 'closes')}
      focused={focused}
      rows={rows}
      chosen={chosen}
    />
  );
}
