// Owns the `events` of every market-data channel: field sets and their order as live frames have them. Sends nothing.

import type { LevelChange } from './book.ts';
import { candleAt, candleTexts } from './candles.ts';
import type { ServerClock } from './clock.ts';
import { fixed, fixedText } from './fixed.ts';
import type { Quotes, Trade } from './market.ts';
import { tickText } from './products.ts';

type Kind = 'snapshot' | 'update';

const epoch = '1970-01-01T00:00:00Z';
const candleSeconds = 300;

/** Tickers; the batch channel's lack the four best bid and ask fields. */
export function tickerEvents(kind: Kind, quotes: readonly Quotes[], batch: boolean): unknown[] {
  return [{ type: kind, tickers: quotes.map((q) => ticker(q, batch)) }];
}

function ticker(q: Quotes, batch: boolean): Record<string, string> {
  const price = (ticks: number) => tickText(q.product, ticks);
  const common = {
    type: 'ticker',
    product_id: q.product.id,
    price: price(q.last),
    volume_24_h: sizeText(q.volume),
    low_24_h: price(q.lowTicks),
    high_24_h: price(q.highTicks),
    low_52_w: price(Math.round(q.openTicks * 0.78)),
    high_52_w: price(Math.round(q.openTicks * 1.36)),
    price_percent_chg_24_h: percentChange(q),
  };
  if (batch) return common;
  return {
    ...common,
    best_bid: price(q.bid),
    best_ask: price(q.ask),
    best_bid_quantity: sizeText(q.book.sizeAt('bid', q.bid)),
    best_ask_quantity: sizeText(q.book.sizeAt('offer', q.ask)),
  };
}

export function percentChange(q: Quotes): string {
  return (((q.last - q.openTicks) / q.openTicks) * 100).toFixed(14).replace(/0+$/, '');
}

/** The whole book of a product; `bytes` pads it with far levels to about that size. */
export function bookSnapshot(q: Quotes, bytes: number): unknown[] {
  const level = (side: 'bid' | 'offer') => (l: { ticks: number; size: number }) => ({
    side,
    event_time: epoch,
    price_level: tickText(q.product, l.ticks),
    new_quantity: sizeText(l.size),
  });
  const bids = q.book.best('bid', Number.POSITIVE_INFINITY).map(level('bid'));
  const offers = q.book.best('offer', Number.POSITIVE_INFINITY).map(level('offer'));
  const updates = [...bids, ...offers];
  const top = Math.max(...q.book.offers.keys());
  const missing = Math.ceil((bytes - JSON.stringify(updates).length) / 100);
  for (let i = 1; i <= missing; i++) updates.push(level('offer')({ ticks: top + i, size: 0.01 + (i % 97) / 100 }));
  return [{ type: 'snapshot', product_id: q.product.id, updates }];
}

export function bookUpdate(q: Quotes, levels: readonly LevelChange[], clock: ServerClock): unknown[] {
  const at = clock.stamp(6);
  const updates = levels.map((l) => ({
    side: l.side,
    event_time: at,
    price_level: tickText(q.product, l.ticks),
    new_quantity: sizeText(l.size),
  }));
  return [{ type: 'update', product_id: q.product.id, updates }];
}

/** Trades, newest first. */
export function tradeEvents(kind: Kind, q: Quotes, trades: readonly Trade[]): unknown[] {
  return [{ type: kind, trades: [...trades].reverse().map((t) => wireTrade(q, t)) }];
}

export function wireTrade(
  q: Quotes,
  t: Trade,
): Record<'product_id' | 'trade_id' | 'price' | 'size' | 'time' | 'side', string> {
  return {
    product_id: q.product.id,
    trade_id: String(t.id),
    price: tickText(q.product, t.ticks),
    size: sizeText(t.size),
    time: `${new Date(t.atMs).toISOString().slice(0, -1)}${String(t.id % 1000).padStart(3, '0')}Z`,
    side: t.side,
  };
}

/** A hundred candles as a snapshot, the forming one as an update. */
export function candleEvents(kind: Kind, quotes: readonly Quotes[], clock: ServerClock): unknown[] {
  const now = clock.seconds();
  const current = now - (now % candleSeconds);
  const count = kind === 'snapshot' ? 100 : 1;
  const candles = quotes.flatMap((q) =>
    Array.from({ length: count }, (_, i) => {
      const t = candleTexts(q, candleAt(q, current - i * candleSeconds, candleSeconds, now));
      return {
        start: t.start,
        high: t.high,
        low: t.low,
        open: t.open,
        close: t.close,
        volume: t.volume,
        product_id: q.product.id,
      };
    }),
  );
  return [{ type: kind, candles }];
}

export function statusEvents(quotes: readonly Quotes[]): unknown[] {
  const list = quotes.map(({ product }) => ({
    product_type: 'SPOT',
    id: product.id,
    base_currency: product.base,
    quote_currency: 'USD',
    base_increment: '0.00000001',
    quote_increment: tickText(product, 1),
    display_name: `${product.base}/USD`,
    status: 'online',
    status_message: '',
    min_market_funds: '1',
  }));
  return [{ type: 'snapshot', products: list }];
}

/** A size as text: never an exponent. */
export function sizeText(size: number): string {
  return fixedText(fixed(size));
}
