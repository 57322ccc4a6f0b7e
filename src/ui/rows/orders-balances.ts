// The orders and balances pane: what the user channel, REST and the fills say beside each other, and how long they have disagreed. Pure.

import type { BalanceView, OrderView } from '../../core/snapshot.ts';
import { clockDuration, counted } from '../units.ts';
import { chosenIndex, type View } from '../view.ts';
import {
  type Cell,
  type Column,
  cell,
  fitColumns,
  type PaneLine,
  type PaneRows,
  type Room,
  sentence,
  tableLine,
} from './cells.ts';

/** Each source has the room that what it says needs; where that is too much, side and fills go first. */
function orderColumns(orders: readonly OrderView[]): Column[] {
  const said = (pick: (order: OrderView) => string): number =>
    Math.max(6, ...orders.map((order) => pick(order).length));
  return [
    { width: 9 },
    { width: 9, gap: 1 },
    { width: 4, gap: 1, drop: 2 },
    { width: '*', gap: 1, min: said((order) => order.user) },
    { width: '*', gap: 1, min: said((order) => order.rest) },
    { width: '*', gap: 1, min: said((order) => order.filled), drop: 1 },
    { width: 9, align: 'right', gap: 1 },
  ];
}

const ORDER_TITLES = ['order', 'product', 'side', 'user', 'REST', 'fills', 'for'].map((text) => cell(text, 'label'));

const BALANCE_COLUMNS: readonly Column[] = [
  { width: 9 },
  { width: '*', align: 'right', gap: 1 },
  { width: '*', align: 'right', gap: 1 },
  { width: '*', align: 'right', gap: 1, drop: 1 },
  { width: 12, align: 'right', gap: 1 },
];
const BALANCE_TITLES = ['currency', 'accounts', 'breakdown', 'web page', 'for'].map((text) => cell(text, 'label'));

const shortId = (id: string): string => (id.length > 9 ? `${id.slice(0, 8)}…` : id);

function agreement(agrees: boolean, forMs: number | null, view: View): Cell {
  if (agrees) return cell(`${view.glyphs.pass} agree`, 'good');
  if (forMs === null) return cell(`${view.glyphs.fail} differ`, 'critical');
  return cell(`${view.glyphs.fail} ${clockDuration(forMs + view.driftMs)}`, 'critical');
}

function orderCells(order: OrderView, view: View): Cell[] {
  const silent = (text: string): Cell => (text === '' ? cell('silent', 'dim') : cell(text));
  return [
    cell(shortId(order.orderId), 'strong'),
    cell(order.productId),
    cell(order.side, 'dim'),
    silent(order.user),
    silent(order.rest),
    silent(order.filled),
    agreement(order.agrees, order.disagreesForMs, view),
  ];
}

function balanceCells(balance: BalanceView, view: View): Cell[] {
  const silent = (text: string): Cell => (text === '' ? cell('silent', 'dim') : cell(text));
  return [
    cell(balance.currency, 'strong'),
    silent(balance.accounts),
    silent(balance.breakdown),
    silent(balance.ui),
    agreement(balance.agrees, balance.disagreesForMs, view),
  ];
}

function nothing(view: View): string {
  const { key } = view.snapshot;
  if (key === null || !key.usable) return 'none: orders and balances need a key that can view';
  return 'none seen yet: neither the user channel nor REST has told of an order or a balance';
}

export function ordersRows(view: View, room: Room): PaneRows {
  const { orders, balances } = view.snapshot;
  if (orders.length === 0 && balances.length === 0) return { lines: sentence(room.width, room.height, nothing(view)) };
  const lines: PaneLine[] = [];
  if (orders.length > 0) {
    const fitted = fitColumns(room.width, orderColumns(orders));
    lines.push({ cells: tableLine(fitted, ORDER_TITLES) });
    lines.push(...orders.map((order, item) => ({ cells: tableLine(fitted, orderCells(order, view)), item })));
  }
  if (balances.length > 0) {
    const fitted = fitColumns(room.width, BALANCE_COLUMNS);
    lines.push({ cells: tableLine(fitted, BALANCE_TITLES) });
    const first = orders.length;
    lines.push(
      ...balances.map((balance, index) => ({
        cells: tableLine(fitted, balanceCells(balance, view)),
        item: first + index,
      })),
    );
  }
  const chosen = chosenIndex(view, 'orders');
  const at = lines.findIndex((line) => line.item === chosen && chosen >= 0);
  const from = at < room.height ? 0 : Math.min(at - Math.floor(room.height / 2), lines.length - room.height);
  const wrong = [...orders, ...balances].filter((item) => !item.agrees).length;
  return {
    lines: lines.slice(from, from + room.height),
    right: wrong > 0 ? `${counted(wrong, 'disagreement')}` : 'all agree',
  };
}
