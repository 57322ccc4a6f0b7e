// The findings pane: what is wrong and who settles it.

import type { ReactElement } from 'react';
import { paneTitle } from '../pane-title.ts';
import { findingsRows } from '../rows/findings.ts';
import { Panel, roomIn } from '../widgets/panel.tsx';
import type { PaneProps } from './pane-props.ts';

export function FindingsPane({ view, rect, focused, chosen, zoomed }: PaneProps): ReactElement {
  const rows = findingsRows(view, roomIn(rect, zoomed));
  return (
    <Panel
      rect={rect}
      look={view.state.look}
      title={paneTitle(view.state, 'findings')}
      focused={focused}
      rows={rows}
      chosen={chosen}
    />
  );
}
