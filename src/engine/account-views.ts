// Orders and balances beside each other, as each source tells them, for the eyes.

import { safeStart } from '../base/text.ts';
import { accountTotals, breakdownTotals } from '../core/balances.ts';
import type { Model } from '../core/model.ts';
import type { OrderRecord } from '../core/orders.ts';
import { isTerminal, saidDoneBy } from '../core/orders.ts';
import type { BalanceView, OrderView } from '../core/snapshot.ts';

const ROWS_MAX = 60;

/** A sum of decimals without the noise of binary fractions. */
const exact = (sum: number): string => String(Number(sum.toPrecision(12)));

function orderView(model: Model, order: OrderRecord): OrderView {
  const user = order.user?.value;
  const rest = order.rest?.value;
  const disagrees = order.doneButOpenSinceT !== null;
  const queued =
    order.queuedSinceT === null ? '' : `queued for ${Math.floor((model.t - order.queuedSinceT) / 1_000)} s`;
  return {
    orderId: safeStart(order.orderId, 48),
    productId: safeStart(order.productId, 24),
    side: safeStart(order.side, 8),
    user: user === undefined ? '' : safeStart(`${user.status} ${user.cumulativeQuantity}`, 40),
    rest: rest === undefined ? '' : safeStart(`${rest.status} ${rest.filledSize}`, 40),
    filled: order.fillsCount === 0 ? '' : `${exact(order.fillsSize)} in ${order.fillsCount}`,
    agrees: !disagrees,
    disagreesForMs: order.doneButOpenSinceT === null ? null : model.t - order.doneButOpenSinceT,
    note: disagrees
      ? `${saidDoneBy(order) ?? 'another source'} says done`
      : order.wentBackwards === null
        ? queued
        : `went backwards: ${safeStart(order.wentBackwards.value, 40)}`,
  };
}

/** Disagreeing ones first, then those still open, then the most recently touched. */
export function orderViews(model: Model): OrderView[] {
  const weight = (order: OrderRecord): number => {
    if (order.doneButOpenSinceT !== null) return 0;
    return isTerminal(order.rest?.value.status ?? order.user?.value.status ?? '') ? 2 : 1;
  };
  return Object.values(model.ledger.orders)
    .sort((a, b) => weight(a) - weight(b) || b.touchedT - a.touchedT)
    .slice(0, ROWS_MAX)
    .map((order) => orderView(model, order));
}

export function balanceViews(model: Model): BalanceView[] {
  const { accounts, disagreements } = model.ledger;
  if (accounts === null) return [];
  const ours = accountTotals(accounts.value);
  const theirs = breakdownTotals(model.ledger);
  const rows = [...ours].filter(
    ([currency, total]) => total !== 0 || theirs.has(currency) || disagreements[currency] !== undefined,
  );
  return rows
    .map(([currency, total]) => ({
      currency: safeStart(currency, 12),
      accounts: String(total),
      breakdown: theirs.get(currency)?.total.toString() ?? '',
      ui: '',
      agrees: disagreements[currency] === undefined,
      disagreesForMs: disagreements[currency] === undefined ? null : model.t - disagreements[currency].sinceT,
    }))
    .sort((a, b) => Number(a.agrees) - Number(b.agrees))
    .slice(0, ROWS_MAX);
}
