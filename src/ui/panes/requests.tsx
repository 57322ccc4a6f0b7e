// The requests pane: REST endpoints, one line each.

import type { ReactElement } from 'react';
import { paneTitle } from '../pane-title.ts';
import { requestsRows } from '../rows/requests.ts';
import { Panel, roomIn } from '../widgets/panel.tsx';
import type { PaneProps } from './pane-props.ts';

export function RequestsPane({ view, rect, focused, chosen, zoomed }: PaneProps): ReactElement {
  const rows = requestsRows(view, roomIn(rect, zoomed));
  return (
    <Panel
      rect={rect}
      look={view.state.look}
      title={paneTitle(view.state, 'requests')}
      focused={focused}
      rows={rows}
      chosen={chosen}
    />
  );
}
