// The timeline pane: every fact, newest first.

import type { ReactElement } from 'react';
import { paneTitle } from '../pane-title.ts';
import { timelineRows } from '../rows/timeline.ts';
import { Panel, roomIn } from '../widgets/panel.tsx';
import type { PaneProps } from './pane-props.ts';

export function TimelinePane({ view, rect, focused, chosen, zoomed }: PaneProps): ReactElement {
  const rows = timelineRows(view, roomIn(rect, zoomed));
  return (
    <Panel
      rect={rect}
      look={view.state.look}
      title={paneTitle(view.state, 'timeline')}
      focused={focused}
      rows={rows}
      chosen={chosen}
    />
  );
}
