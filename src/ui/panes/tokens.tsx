// The tokens pane: tokens in use and the clock they depend on.

import type { ReactElement } from 'react';
import { paneTitle } from '../pane-title.ts';
import { tokensRows } from '../rows/tokens.ts';
import { Panel, roomIn } from '../widgets/panel.tsx';
import type { PaneProps } from './pane-props.ts';

export function TokensPane({ view, rect, focused, chosen, zoomed }: PaneProps): ReactElement {
  const rows = tokensRows(view, roomIn(rect, zoomed));
  return (
    <Panel
      rect={rect}
      look={view.state.look}
      title={paneTitle(view.state, 'tokens')}
      focused={focused}
      rows={rows}
      chosen={chosen}
    />
  );
}
