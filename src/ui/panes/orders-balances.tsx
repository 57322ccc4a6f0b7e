// The orders and balances pane: the user channel beside REST.

import type { ReactElement } from 'react';
import { paneTitle } from '../pane-title.ts';
import { ordersRows } from '../rows/orders-balances.ts';
import { Panel, roomIn } from '../widgets/panel.tsx';
import type { PaneProps } from './pane-props.ts';

export function OrdersBalancesPane({ view, rect, focused, chosen, zoomed }: PaneProps): ReactElement {
  const rows = ordersRows(view, roomIn(rect, zoomed));
  return (
    <Panel
      rect={rect}
      look={view.state.look}
      title={paneTitle(view.state, 'orders')}
      focused={focused}
      rows={rows}
      chosen={chosen}
    />
  );
}
