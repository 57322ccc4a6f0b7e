// Owns the first frames of a new subscription. They leave before the acknowledgement does.
import { bookSnapshot, candleEvents, statusEvents, tickerEvents, tradeEvents } from './channel-events.ts';
import { futuresSummary } from './futures-summary.ts';
import type { Quotes } from './market.ts';
import type { Order } from './order.ts';
import { userOrder } from './order-views.ts';
import type { Session } from './session.ts';
import { boundPortfolio, type World } from './world.ts';

const batchSize = 50;
const noPositions = { perpetual_futures_positions: [], expiring_futures_positions: [] };

/** Sends the snapshot of a channel for the products just added. */
export function sendSnapshot(session: Session, channel: string, productIds: readonly string[]): void {
  if (channel === 'user') return sendOpenOrders(session);
  if (channel === 'futures_balance_summary') return session.send(channel, futuresEvents('snapshot'));
  const quotes = [...new Set(productIds)].map((id) => session.world.market.quotes(id)).filter((q) => q !== null);
  if (quotes.length > 0) sendMarketSnapshot(session, channel, quotes);
}

function sendMarketSnapshot(session: Session, channel: string, quotes: readonly Quotes[]): void {
  const { clock } = session.world;
  switch (channel) {
    case 'ticker':
    case 'ticker_batch':
      return session.send(channel, tickerEvents('snapshot', quotes, channel === 'ticker_batch'));
    case 'level2':
      for (const q of quotes) session.send('l2_data', bookSnapshot(q, snapshotBytes(session.world)), 6);
      return;
    case 'market_trades':
      for (const q of quotes) session.send(channel, tradeEvents('snapshot', q, q.trades));
      return;
    case 'candles':
      return session.send(channel, candleEvents('snapshot', quotes, clock));
    case 'status':
      return session.send(channel, statusEvents(quotes));
  }
}

/** Open orders in batches of 50; the first batch with fewer ends the list, so that exactly 50 bring an empty one after them. */
function sendOpenOrders(session: Session): void {
  const open = visibleOrders(session, session.world.desk.open());
  for (let from = 0; from <= open.length; from += batchSize) {
    session.send('user', userEvents(session.world, 'snapshot', open.slice(from, from + batchSize)));
  }
}

/** Orders that this connection may see: of the bound portfolio, and of the products it named, if it named any. */
export function visibleOrders(session: Session, orders: readonly Order[]): Order[] {
  const { world } = session;
  if (boundPortfolio(world).uuid !== world.desk.portfolios.default) return [];
  const named = [...(session.subscriptions.get('user')?.values() ?? [])].join(',');
  if (named === '') return [...orders];
  return orders.filter((o) => named.split(',').includes(o.productId));
}

export function userEvents(world: World, kind: 'snapshot' | 'update', orders: readonly Order[]): unknown[] {
  const portfolio = boundPortfolio(world).uuid;
  return [{ type: kind, orders: orders.map((o) => userOrder(o, portfolio)), positions: noPositions }];
}

export function futuresEvents(kind: 'snapshot' | 'update'): unknown[] {
  return [{ type: kind, fcm_balance_summary: futuresSummary((amount) => amount) }];
}

function snapshotBytes(world: World): number {
  const fault = world.faults.find('big-snapshot');
  return fault === null ? 0 : (fault.fault.bytes ?? 5_000_000);
}
