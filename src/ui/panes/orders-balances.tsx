// The orders and balances pane: the user channel beside REST.

import type { ReactElement } from 'react';
import { ordersRows } from '../rows/orders-balances.ts';
import { Panel, roomIn } from '../widgets/panel.tsx';
import type { PaneProps } from './pane-props.ts';

export function OrdersBalancesPane({ view, rect, focused, chosen, zoomed }: PaneProps): ReactElement {
  const rows = ordersRows(view, roomIn(rect, zoomed));
  return (
    <Panel
      rect={rect}
      look={view.state.look}
      title={'9 orders & balances'}
      focused={focused}
      rows={rows}
      chosen={chosen}
    />
  );
}
