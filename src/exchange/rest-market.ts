// Owns the market-data answers, shared by the public paths and their authenticated twins.
import { candleAt, candleTexts, granularities } from './candles.ts';
import { percentChange, sizeText, wireTrade } from './channel-events.ts';
import type { Quotes } from './market.ts';
import { findProduct, tickText } from './products.ts';
import { type Call, failed, numberOf, ok, type Reply, unknownProduct } from './rest-call.ts';
import type { World } from './world.ts';

const maxCandles = 350;

/** Quotes of a product id as asked for; -USDC finds the -USD market. */
function quotesOf(world: World, id: string): Quotes | null {
  const product = findProduct(id);
  return product === null ? null : world.market.quotes(product.id);
}

export function listProducts(call: Call): Reply {
  const wanted = call.query.getAll('product_ids');
  const ids = call.world.market.all().flatMap((q) => [q.product.id, `${q.product.id}C`]);
  const chosen = wanted.length === 0 ? ids : ids.filter((id) => wanted.includes(id));
  const offset = numberOf(call.query, 'offset', 0);
  const page = chosen.slice(offset, offset + numberOf(call.query, 'limit', chosen.length || 1));
  const list = page.map((id) => productObject(call.world, id)).filter((p) => p !== null);
  return ok({
    products: list,
    num_products: list.length,
    pagination: {
      prev_cursor: '',
      next_cursor: '',
      has_next: offset + page.length < chosen.length,
      has_prev: offset > 0,
    },
  });
}

export function oneProduct(call: Call): Reply {
  const id = call.params[0] ?? '';
  const product = productObject(call.world, id);
  return product === null ? unknownProduct(id) : ok(product);
}

function productObject(world: World, id: string): Record<string, unknown> | null {
  const q = quotesOf(world, id);
  if (q === null) return null;
  const { product } = q;
  const twin = id !== product.id;
  const tick = tickText(product, 1);
  return {
    product_id: id,
    price: tickText(product, q.last),
    price_percentage_change_24h: percentChange(q),
    volume_24h: sizeText(q.volume),
    volume_percentage_change_24h: '12.40881937',
    base_increment: '0.00000001',
    quote_increment: tick,
    quote_min_size: '1',
    quote_max_size: '150000000',
    base_min_size: '0.00000001',
    base_max_size: '3400',
    base_name: product.baseName,
    quote_name: twin ? 'USDC' : 'US Dollar',
    watched: false,
    is_disabled: false,
    new: false,
    status: 'online',
    cancel_only: false,
    limit_only: false,
    post_only: false,
    trading_disabled: false,
    auction_mode: false,
    product_type: 'SPOT',
    quote_currency_id: twin ? 'USDC' : 'USD',
    base_currency_id: product.base,
    fcm_trading_session_details: null,
    mid_market_price: '',
    alias: twin ? product.id : '',
    alias_to: twin ? [] : [`${product.id}C`],
    base_display_symbol: product.base,
    quote_display_symbol: 'USD',
    view_only: false,
    price_increment: tick,
    display_name: id,
    product_venue: 'CBE',
    approximate_quote_24h_volume: (q.volume * q.last * product.tick).toFixed(1),
    new_at: '2023-01-01T00:00:00Z',
    market_cap: '',
    base_cbrn: '',
    quote_cbrn: '',
    product_cbrn: '',
    icon_color: '',
    icon_url: '',
    display_name_overwrite: '',
    is_alpha_testing: false,
    about_description: '',
    best_bid_price: '',
    best_ask_price: '',
  };
}

export function productBook(call: Call): Reply {
  const id = call.query.get('product_id') ?? '';
  const q = quotesOf(call.world, id);
  if (q === null) return unknownProduct(id);
  const limit = numberOf(call.query, 'limit', 100);
  // The service answers a client's mistake with a server error here.
  if (limit > 1000)
    return {
      status: 500,
      type: 'application/json',
      text: '{"error":"INTERNAL","error_details":"","message":"internal error"}',
    };
  const text = (ticks: number) => tickText(q.product, ticks);
  const mid = (q.bid + q.ask) / 2;
  return ok({
    pricebook: priceBook(call.world, id, q, limit),
    last: text(q.last),
    mid_market: (mid * q.product.tick).toFixed(Math.max(3, text(q.bid).length)).replace(/0+$/, ''),
    spread_bps: (((q.ask - q.bid) / mid) * 10_000).toFixed(9),
    spread_absolute: text(q.ask - q.bid),
  });
}

export function bestBidAsk(call: Call): Reply {
  const wanted = call.query.getAll('product_ids');
  const ids = wanted.length === 0 ? call.world.market.all().map((q) => q.product.id) : wanted;
  const books = ids.map((id) => {
    const q = quotesOf(call.world, id);
    return q === null ? null : priceBook(call.world, id, q, 1);
  });
  return ok({ pricebooks: books.filter((b) => b !== null) });
}

function priceBook(world: World, id: string, q: Quotes, limit: number): Record<string, unknown> {
  const level = (l: { ticks: number; size: number }) => ({
    price: tickText(q.product, l.ticks),
    size: sizeText(l.size),
  });
  return {
    product_id: id,
    bids: q.book.best('bid', limit).map(level),
    asks: q.book.best('offer', limit).map(level),
    time: world.clock.stamp(6),
  };
}

export function productTicker(call: Call): Reply {
  const id = call.params[0] ?? '';
  const q = quotesOf(call.world, id);
  if (q === null) return unknownProduct(id);
  const trades = q.trades.slice(-Math.min(100, numberOf(call.query, 'limit', 100))).reverse();
  return ok({
    trades: trades.map((t) => {
      const w = wireTrade(q, t);
      return {
        trade_id: w.trade_id,
        product_id: id,
        price: w.price,
        size: w.size,
        time: w.time,
        side: w.side,
        bid: '',
        ask: '',
        exchange: 'coinbase',
      };
    }),
    best_bid: tickText(q.product, q.bid),
    best_ask: tickText(q.product, q.ask),
  });
}

export function productCandles(call: Call): Reply {
  const id = call.params[0] ?? '';
  const q = quotesOf(call.world, id);
  if (q === null) return unknownProduct(id);
  const seconds = granularities[call.query.get('granularity') ?? ''];
  if (seconds === undefined) return failed(400, 'INVALID_ARGUMENT', 'invalid granularity');
  const now = call.world.clock.seconds();
  const end = numberOf(call.query, 'end', now);
  const start = numberOf(call.query, 'start', end - seconds * 300);
  if ((end - start) / seconds > maxCandles) {
    return failed(400, 'INVALID_ARGUMENT', `number of candles requested should be less than ${maxCandles}`);
  }
  const candles: unknown[] = [];
  for (let at = end - (end % seconds); at >= start && at <= now; at -= seconds) {
    candles.push(candleTexts(q, candleAt(q, at, seconds, now)));
  }
  return ok({ candles });
}
