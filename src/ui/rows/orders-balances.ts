// The orders and balances pane: what the user channel, REST and the fills say beside each other, and how long they have disagreed. Pure.

import type { BalanceView, OrderView } from '../../core/snapshot.ts';
import { clockDuration, counted } from '../units.ts';
import { chosenIndex, type View } from '../view.ts';
import {
  type Cell,
  type Column,
  cell,
  fitColumns,
  flow,
  type PaneLine,
  type PaneRows,
  type Room,
  sentence,
  tableLine,
} from './cells.ts';

/** Each source has the room that what it says needs; where that is too much, side and fills go first. */
function orderColumns(orders: readonly OrderView[], whole: boolean): Column[] {
  const said = (pick: (order: OrderView) => string): number =>
    Math.max(6, ...orders.map((order) => pick(order).length));
  return [
    { width: whole ? said((order) => order.orderId) : SHORT_ID },
    { width: 9, gap: 1 },
    { width: 4, gap: 1, drop: 2 },
    { width: '*', gap: 1, min: said((order) => order.user) },
    { width: '*', gap: 1, min: said((order) => order.rest) },
    { width: '*', gap: 1, min: said((order) => order.filled), drop: 1 },
    { width: 10, align: 'right', gap: 1 },
  ];
}

const ORDER_TITLES = ['order', 'product', 'side', 'user', 'REST', 'fills', 'agree'].map((text) => cell(text, 'label'));

const BALANCE_COLUMNS: readonly Column[] = [
  { width: 9 },
  { width: '*', align: 'right', gap: 1 },
  { width: '*', align: 'right', gap: 1 },
  { width: '*', align: 'right', gap: 1, drop: 1 },
  { width: 12, align: 'right', gap: 1 },
];
const WEB_PAGE = 3;
const BALANCE_TITLES = ['currency', 'accounts', 'breakdown', 'web page', 'agree'].map((text) => cell(text, 'label'));

const SHORT_ID = 9;
/** Cells from which an id can be shown whole. */
const WHOLE_ID_FROM = 110;
const shortId = (id: string): string => (id.length > SHORT_ID ? `${id.slice(0, SHORT_ID - 1)}…` : id);

function agreement(agrees: boolean, forMs: number | null, view: View): Cell {
  if (agrees) return cell(`${view.glyphs.pass} agree`, 'good');
  if (forMs === null) return cell(`${view.glyphs.fail} differ`, 'critical');
  return cell(`${view.glyphs.fail} ${clockDuration(forMs + view.driftMs)}`, 'critical');
}

/** One source alone, or one that has yet to hear the newest, is neither agreement nor trouble. */
function orderAgreement(order: OrderView, view: View, index: number): Cell {
  // Amounts that privacy masks look alike.
  const { user, rest } = view.raw.orders[index] ?? order;
  if (order.agrees && (user === '' || rest === '')) return cell('one source', 'dim');
  if (order.agrees && user !== rest) return cell(`${view.glyphs.waiting} not yet`, 'dim');
  return agreement(order.agrees, order.disagreesForMs, view);
}

function balanceAgreement(balance: BalanceView, view: View, index: number): Cell {
  const { agrees, disagreesForMs } = balance;
  const { accounts, breakdown } = view.raw.balances[index] ?? balance;
  if (agrees && breakdown === '') return cell('one source', 'dim');
  if (agrees && accounts !== breakdown) return cell(`${view.glyphs.waiting} not yet`, 'dim');
  return agreement(agrees, disagreesForMs, view);
}

/** What a source says, or that it says nothing. */
const silent = (text: string): Cell => (text === '' ? cell('silent', 'dim') : cell(text));

function orderCells(order: OrderView, view: View, index: number, whole: boolean): Cell[] {
  return [
    cell(whole ? order.orderId : shortId(order.orderId), 'strong'),
    cell(order.productId),
    cell(order.side, 'dim'),
    silent(order.user),
    silent(order.rest),
    silent(order.filled),
    orderAgreement(order, view, index),
  ];
}

/** `12 345.67`: only the whole part is grouped. */
const amount = (text: string): string => text.replace(/\d(?=(\d{3})+(?!\d))(?<!\.\d*)/g, '$& ');

function balanceCells(balance: BalanceView, view: View, index: number): Cell[] {
  return [
    cell(balance.currency, 'strong'),
    silent(amount(balance.accounts)),
    silent(amount(balance.breakdown)),
    silent(amount(balance.ui)),
    balanceAgreement(balance, view, index),
  ];
}

function nothing(view: View): string {
  const { key } = view.snapshot;
  if (key === null || !key.usable) return 'none: orders and balances need a key that can view';
  return 'none seen yet: neither the user channel nor REST has told of an order or a balance';
}

function orderLines(view: View, { width, zoomed }: Room): PaneLine[] {
  const { orders } = view.snapshot;
  if (orders.length === 0) return [];
  const whole = zoomed && width >= WHOLE_ID_FROM;
  const fitted = fitColumns(width, orderColumns(orders, whole));
  const rows = orders.flatMap((order, item): PaneLine[] => {
    const line = { cells: tableLine(fitted, orderCells(order, view, item, whole)), item };
    return zoomed && order.note !== ''
      ? [line, { cells: flow(width, [cell(order.note, 'warning')], 1, 2), item }]
      : [line];
  });
  return [{ cells: tableLine(fitted, ORDER_TITLES) }, ...rows];
}

function balanceLines(view: View, { width }: Room): PaneLine[] {
  const { orders, balances } = view.snapshot;
  if (balances.length === 0) return [];
  const isShown = balances.some(({ ui }) => ui !== '');
  // What the web page shows is known only where somebody told.
  const columns = BALANCE_COLUMNS.map((column, index) => (index === WEB_PAGE && !isShown ? null : column));
  const fitted = fitColumns(
    width,
    columns.filter((column) => column !== null),
  );
  const shown = (cells: readonly Cell[]): Cell[] => cells.filter((_, index) => columns[index] !== null);
  return [
    { cells: tableLine(fitted, shown(BALANCE_TITLES)) },
    ...balances.map((balance, index) => ({
      cells: tableLine(fitted, shown(balanceCells(balance, view, index))),
      item: orders.length + index,
    })),
  ];
}

export function ordersRows(view: View, room: Room): PaneRows {
  const { orders, balances } = view.snapshot;
  if (orders.length === 0 && balances.length === 0) return { lines: sentence(room.width, room.height, nothing(view)) };
  const lines = [...orderLines(view, room), ...balanceLines(view, room)];
  const chosen = chosenIndex(view, 'orders');
  const at = lines.findIndex((line) => line.item === chosen && chosen >= 0);
  const from = at < room.height ? 0 : Math.min(at - Math.floor(room.height / 2), lines.length - room.height);
  const wrong = [...orders, ...balances].filter((item) => !item.agrees).length;
  return {
    lines: lines.slice(from, from + room.height),
    right: wrong > 0 ? `${counted(wrong, 'disagreement')}` : 'no disagreement',
  };
}
