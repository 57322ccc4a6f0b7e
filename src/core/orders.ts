// Orders and balances as each source tells them: the user channel beside REST beside the fills; accounts beside the portfolio breakdown.
// It only notes who says what since when; whether that is a trouble is the playbook's to say.

import { newTable } from '../base/table.ts';
import { FILLS_MAX, ORDERS_MAX } from './bounds.ts';
import type { AccountBalance, Fill, RestMeaning, RestOrder, UserOrder } from './meaning.ts';

/** Said by one source at one moment. */
export interface Said<T> {
  value: T;
  t: number;
  at: number;
  seq: number;
}

export interface OrderRecord {
  orderId: string;
  productId: string;
  side: string;
  user: Said<UserOrder> | null;
  rest: Said<RestOrder> | null;
  fillsSize: number;
  fillsCount: number;
  fillsSeq: number | null;
  /** Since when REST says open though the user channel or the fills say done, and in how many polls. */
  doneButOpenSinceT: number | null;
  doneButOpenPolls: number;
  /** Since when it is in a queued state, by our own watch, and in which; by whoever told last. */
  queuedSinceT: number | null;
  queuedAs: string;
  /** Whether it was ever told to be in no queued state: then our watch saw the queued one begin. */
  wasUnqueued: boolean;
  touchedT: number;
  /** The user channel's cumulative quantity fell, or a finished order came back to life. */
  wentBackwards: Said<string> | null;
}

export interface Disagreement {
  currency: string;
  accounts: number;
  breakdown: number;
  sinceT: number;
  sinceAt: number;
  lastT: number;
  comparisons: number;
  seqs: number[];
}

export interface Ledger {
  orders: Record<string, OrderRecord>;
  fills: Record<string, string>;
  fillsSeen: number;
  /** The whole account list of the last complete round, and the one being read page by page. */
  accounts: Said<AccountBalance[]> | null;
  accountsRounds: number;
  reading: AccountBalance[];
  breakdown: Said<{
    uuid: string | null;
    totals: { asset: string; total: string; accountType: string; isCash: boolean }[];
  }> | null;
  breakdownRounds: number;
  /** When the first page of the accounts, and the breakdown, were asked for. */
  accountsAskedT: number;
  breakdownAskedT: number;
  /** When the user channel last told of something filled: balances moved then. */
  movedT: number | null;
  comparedAccounts: number;
  comparedBreakdown: number;
  disagreements: Record<string, Disagreement>;
  permissions: Said<Extract<RestMeaning, { kind: 'key_permissions' }>> | null;
  knownProducts: string[];
}

export interface When {
  t: number;
  at: number;
  seq: number;
  /** When the request of the answer left. */
  askedT: number;
}

const TERMINAL = new Set(['FILLED', 'CANCELLED', 'CANCELED', 'EXPIRED', 'FAILED']);
const QUEUED = new Set(['QUEUED', 'CANCEL_QUEUED', 'EDIT_QUEUED', 'PENDING']);

export function isTerminal(status: string): boolean {
  return TERMINAL.has(status.toUpperCase());
}

export function isQueued(status: string): boolean {
  return QUEUED.has(status.toUpperCase());
}

export function newLedger(): Ledger {
  return {
    orders: newTable(),
    fills: newTable(),
    fillsSeen: 0,
    accounts: null,
    accountsRounds: 0,
    reading: [],
    breakdown: null,
    breakdownRounds: 0,
    accountsAskedT: 0,
    breakdownAskedT: 0,
    movedT: null,
    comparedAccounts: 0,
    comparedBreakdown: 0,
    disagreements: newTable(),
    permissions: null,
    knownProducts: [],
  };
}

function forgetOldest(ledger: Ledger): void {
  const ids = Object.keys(ledger.orders);
  if (ids.length <= ORDERS_MAX) return;
  const finished = ids.find((id) => {
    const order = ledger.orders[id];
    return (
      order !== undefined &&
      order.doneButOpenSinceT === null &&
      isTerminal(order.rest?.value.status ?? order.user?.value.status ?? '')
    );
  });
  delete ledger.orders[finished ?? ids[0] ?? ''];
}

function orderOf(ledger: Ledger, orderId: string, productId: string, side: string, t: number): OrderRecord {
  const known = ledger.orders[orderId];
  if (known !== undefined) {
    known.touchedT = t;
    return known;
  }
  const made: OrderRecord = {
    orderId,
    productId,
    side,
    user: null,
    rest: null,
    fillsSize: 0,
    fillsCount: 0,
    fillsSeq: null,
    doneButOpenSinceT: null,
    doneButOpenPolls: 0,
    queuedSinceT: null,
    queuedAs: '',
    wasUnqueued: false,
    touchedT: t,
    wentBackwards: null,
  };
  ledger.orders[orderId] = made;
  forgetOldest(ledger);
  return made;
}

function noteQueued(order: OrderRecord, status: string, t: number): void {
  const userDone = order.user !== null && isTerminal(order.user.value.status);
  const queued = isQueued(status) && !userDone;
  order.queuedSinceT = queued ? (order.queuedSinceT ?? t) : null;
  order.queuedAs = queued ? status : '';
  order.wasUnqueued ||= !queued;
}

export function foldUserOrder(ledger: Ledger, told: UserOrder, stamp: { t: number; at: number; seq: number }): void {
  const order = orderOf(ledger, told.orderId, told.productId, told.side, stamp.t);
  const before = order.user?.value;
  if (Number(told.cumulativeQuantity) !== Number(before?.cumulativeQuantity ?? 0)) ledger.movedT = stamp.t;
  if (before !== undefined) {
    const fell = Number(told.cumulativeQuantity) < Number(before.cumulativeQuantity);
    const revived = isTerminal(before.status) && !isTerminal(told.status);
    if (fell || revived) order.wentBackwards = { value: `${before.status} → ${told.status}`, ...stamp };
  }
  order.user = { value: told, ...stamp };
  noteQueued(order, told.status, stamp.t);
}

/** The size that counts as done: what REST was asked for, or what the user channel's cumulative and leaves add up to. */
function wantedSize(order: OrderRecord): number | null {
  const asked = Number(order.rest?.value.baseSize ?? Number.NaN);
  if (Number.isFinite(asked) && asked > 0) return asked;
  const user = order.user?.value;
  if (user === undefined) return null;
  const sum = Number(user.cumulativeQuantity) + Number(user.leavesQuantity);
  return Number.isFinite(sum) && sum > 0 ? sum : null;
}

/** Whether another source than REST says the order is done, and which: `user channel`, `fills` or null. */
export function saidDoneBy(order: OrderRecord): 'user channel' | 'fills' | null {
  if (order.user !== null && isTerminal(order.user.value.status)) return 'user channel';
  const wanted = wantedSize(order);
  if (wanted !== null && order.fillsCount > 0 && order.fillsSize >= wanted * (1 - 1e-9)) return 'fills';
  return null;
}

export function foldRestOrder(ledger: Ledger, told: RestOrder, when: When): void {
  const order = orderOf(ledger, told.orderId, told.productId, told.side, when.t);
  order.rest = { value: told, t: when.t, at: when.at, seq: when.seq };
  const userTold = order.user === null || order.user.t <= when.askedT;
  // An answer that was asked for before the user channel spoke is older than what it said.
  if (userTold) noteQueued(order, told.status, when.t);
  if (isTerminal(told.status) || saidDoneBy(order) === null) {
    order.doneButOpenSinceT = null;
    order.doneButOpenPolls = 0;
    return;
  }
  if (!userTold) return;
  order.doneButOpenSinceT = order.doneButOpenSinceT ?? when.t;
  order.doneButOpenPolls += 1;
}

export function foldFill(ledger: Ledger, fill: Fill, stamp: { t: number; seq: number }): void {
  if (ledger.fills[fill.tradeId] !== undefined) return;
  ledger.fills[fill.tradeId] = fill.orderId;
  ledger.fillsSeen += 1;
  const ids = Object.keys(ledger.fills);
  if (ids.length > FILLS_MAX && ids[0] !== undefined) delete ledger.fills[ids[0]];
  const order = ledger.orders[fill.orderId];
  if (order === undefined && ids.length > FILLS_MAX) return;
  const record = orderOf(ledger, fill.orderId, fill.productId, fill.side, stamp.t);
  const size = Number(fill.size);
  const price = Number(fill.price);
  const base = fill.sizeInQuote && price > 0 ? size / price : size;
  if (Number.isFinite(base)) record.fillsSize += base;
  record.fillsCount += 1;
  record.fillsSeq = stamp.seq;
}
