// Owns the pulse of the feed: moves the market on and sends every connection what it subscribed to.
// The only place with a steady timer.
import { bookUpdate, candleEvents, tickerEvents, tradeEvents } from './channel-events.ts';
import type { MarketMove, Trade } from './market.ts';
import type { Order } from './order.ts';
import type { Session } from './session.ts';
import { futuresEvents, userEvents, visibleOrders } from './snapshots.ts';
import type { World } from './world.ts';

const pulseMs = 50;

export class Feed {
  readonly #world: World;
  readonly #sessions: () => Iterable<Session>;
  readonly #trades = new Map<string, Trade[]>();
  readonly #traded = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #lastAt = performance.now();
  #pulses = 0;

  constructor(world: World, sessions: () => Iterable<Session>) {
    this.#world = world;
    this.#sessions = sessions;
    world.desk.listen((order) => this.#orderChanged(order));
  }

  start(): void {
    this.#timer = setInterval(() => this.#pulse(), pulseMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #pulse(): void {
    const now = performance.now();
    const elapsed = Math.min(now - this.#lastAt, 500);
    this.#lastAt = now;
    this.#pulses += 1;
    for (const session of this.#sessions()) session.refreshHalfOpen();
    if (!this.#world.knobs.traffic) return;
    for (let i = 0; i < this.#world.knobs.pace; i++) {
      for (const move of this.#world.market.advance(elapsed, this.#world.clock.now())) this.#moved(move);
    }
    if (this.#pulses % (250 / pulseMs) === 0) this.#flushTrades();
    if (this.#pulses % (1000 / pulseMs) === 0) this.#sendCandles();
    if (this.#pulses % (5000 / pulseMs) === 0) this.#sendBatch();
    if (this.#pulses % (20_000 / pulseMs) === 0) this.#sendFutures();
  }

  #moved(move: MarketMove): void {
    const { quotes, trades, levels } = move;
    const id = quotes.product.id;
    if (trades.length > 0) {
      this.#traded.add(id);
      this.#trades.set(id, [...(this.#trades.get(id) ?? []), ...trades]);
    }
    for (const session of this.#sessions()) {
      if (trades.length > 0 && session.wants('ticker', id)) {
        session.send('ticker', tickerEvents('update', [quotes], false));
      }
      if (levels.length > 0 && session.wants('level2', id)) {
        session.send('l2_data', bookUpdate(quotes, levels, this.#world.clock), 6);
      }
    }
  }

  #flushTrades(): void {
    for (const [id, trades] of this.#trades) {
      const quotes = this.#world.market.quotes(id);
      if (quotes === null) continue;
      for (const session of this.#sessions()) {
        if (session.wants('market_trades', id)) session.send('market_trades', tradeEvents('update', quotes, trades));
      }
    }
    this.#trades.clear();
  }

  #sendCandles(): void {
    for (const session of this.#sessions()) {
      for (const quotes of this.#wanted(session, 'candles')) {
        session.send('candles', candleEvents('update', [quotes], this.#world.clock));
      }
    }
  }

  #sendBatch(): void {
    for (const session of this.#sessions()) {
      const changed = this.#wanted(session, 'ticker_batch').filter((q) => this.#traded.has(q.product.id));
      if (changed.length > 0) session.send('ticker_batch', tickerEvents('update', changed, true));
    }
    this.#traded.clear();
  }

  #sendFutures(): void {
    for (const session of this.#sessions()) {
      if (session.subscriptions.has('futures_balance_summary')) {
        session.send('futures_balance_summary', futuresEvents('update'));
      }
    }
  }

  #wanted(session: Session, channel: string) {
    const ids = new Set(session.subscriptions.get(channel)?.values());
    return [...ids].map((id) => this.#world.market.quotes(id)).filter((q) => q !== null);
  }

  #orderChanged(order: Order): void {
    for (const session of this.#sessions()) {
      if (!session.subscriptions.has('user')) continue;
      const visible = visibleOrders(session, [order]);
      if (visible.length > 0) session.send('user', userEvents(this.#world, 'update', visible));
    }
  }
}
