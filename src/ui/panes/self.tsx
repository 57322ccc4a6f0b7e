// The self pane: this tool itself.

import type { ReactElement } from 'react';
import { paneTitle } from '../pane-title.ts';
import { selfRows } from '../rows/self.ts';
import { Panel, roomIn } from '../widgets/panel.tsx';
import type { PaneProps } from './pane-props.ts';

export function SelfPane({ view, rect, focused, chosen, zoomed }: PaneProps): ReactElement {
  const rows = selfRows(view, roomIn(rect, zoomed));
  return (
    <Panel
      rect={rect}
      look={view.state.look}
      title={paneTitle(view.state, 'self')}
      focused={focused}
      rows={rows}
      chosen={chosen}
    />
  );
}
