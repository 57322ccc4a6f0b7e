// The limits pane: how much of each limit is spent.

import type { ReactElement } from 'react';
import { paneTitle } from '../pane-title.ts';
import { limitsRows } from '../rows/limits.ts';
import { Panel, roomIn } from '../widgets/panel.tsx';
import type { PaneProps } from './pane-props.ts';

export function LimitsPane({ view, rect, focused, chosen, zoomed }: PaneProps): ReactElement {
  const rows = limitsRows(view, roomIn(rect, zoomed));
  return (
    <Panel
      rect={rect}
      look={view.state.look}
      title={paneTitle(view.state, 'limits')}
      focused={focused}
      rows={rows}
      chosen={chosen}
    />
  );
}
