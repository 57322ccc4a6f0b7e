// What each pane says, by its id: for whoever shows a pane otherwise than in its rectangle. Pure.

import type { PaneId } from '../selection.ts';
import type { View } from '../view.ts';
import type { PaneLine, PaneRows, Room } from './cells.ts';
import { closesRows } from './closes.ts';
import { connectionsRows } from './connections.ts';
import { findingsRows } from './findings.ts';
import { heartbeatsRows } from './heartbeats.ts';
import { limitsRows } from './limits.ts';
import { ordersRows } from './orders-balances.ts';
import { requestsRows } from './requests.ts';
import { selfRows } from './self.ts';
import { timelineRows } from './timeline.ts';
import { tokensRows } from './tokens.ts';

const ROWS: Record<PaneId, (view: View, room: Room) => PaneRows> = {
  connections: connectionsRows,
  findings: findingsRows,
  heartbeats: heartbeatsRows,
  tokens: tokensRows,
  limits: limitsRows,
  closes: closesRows,
  timeline: timelineRows,
  requests: requestsRows,
  orders: ordersRows,
  self: selfRows,
};

/** All of a pane, as if it had the largest of screens to itself; at most `height` lines. */
export function paneLines(pane: PaneId, view: View, height: number): PaneLine[] {
  return ROWS[pane](view, { width: 160, height, zoomed: true }).lines;
}
