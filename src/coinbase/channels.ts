// The nine WebSocket channels of Advanced Trade: their two names, their hosts, what they need and how often they speak.
// Must not know about sockets; a name outside the nine is answered with the nearest one, never guessed into one.

import { nearestName } from '../base/nearest.ts';
import type { ConnectionName } from '../core/fact.ts';

export interface Channel {
  /** The name to subscribe with; acknowledgements use it too. */
  name: string;
  /** The name that its data frames carry. */
  dataName: string;
  /** `public`: market-data host only; `both`: the user host carries it as well. */
  host: 'public' | 'both';
  /** True when a subscribe without a JWT is refused. */
  auth: boolean;
  takesProducts: boolean;
  /** Documented pace of its frames, ms; null when frames come as things happen. */
  cadenceMs: number | null;
  /** True when silence is normal for it, so silence proves nothing. */
  quiet: boolean;
}

function channel(name: string, rest: Partial<Channel>): Channel {
  const base = {
    dataName: name,
    host: 'public',
    auth: false,
    takesProducts: true,
    cadenceMs: null,
    quiet: false,
  } as const;
  return { name, ...base, ...rest };
}

/** The nine channels by the name to subscribe with (reference 3.1). */
export const CHANNELS: Readonly<Record<string, Channel>> = {
  heartbeats: channel('heartbeats', { host: 'both', takesProducts: false, cadenceMs: 1_000 }),
  ticker: channel('ticker', {}),
  ticker_batch: channel('ticker_batch', { cadenceMs: 5_000 }),
  level2: channel('level2', { dataName: 'l2_data' }),
  market_trades: channel('market_trades', { cadenceMs: 250 }),
  candles: channel('candles', { cadenceMs: 1_000 }),
  status: channel('status', { quiet: true }),
  user: channel('user', { host: 'both', auth: true, quiet: true }),
  futures_balance_summary: channel('futures_balance_summary', {
    host: 'both',
    auth: true,
    takesProducts: false,
    quiet: true,
  }),
};

/** The channel of the acknowledgements; it cannot be subscribed to (reference 3.5). */
export const ACKNOWLEDGEMENTS = 'subscriptions';

const BY_DATA_NAME = new Map(Object.values(CHANNELS).map((each) => [each.dataName, each]));

/** The channel whose data frames carry this name (`l2_data` → level2), or null. */
export function channelOfData(dataName: string): Channel | null {
  return BY_DATA_NAME.get(dataName) ?? knownChannel(dataName);
}

/** The channel to subscribe to under this name, or null when it is not one of the nine. */
export function knownChannel(name: string): Channel | null {
  return Object.hasOwn(CHANNELS, name) ? (CHANNELS[name] ?? null) : null;
}

/** True for the nine names that can be subscribed to; case matters to the server. */
export function isKnownChannel(name: string): boolean {
  return knownChannel(name) !== null;
}

/** The connection that a channel goes to: `user` and `futures_balance_summary` to the user host, all else to the public one. */
export function connectionFor(name: string): ConnectionName {
  return name === 'user' || name === 'futures_balance_summary' ? 'user' : 'public';
}

/** True when the host of that connection carries the channel (reference 3.1); false for an unknown name. */
export function carriedBy(connection: ConnectionName, name: string): boolean {
  const known = knownChannel(name);
  return known !== null && (connection === 'public' || known.host === 'both');
}

/** Names of other Coinbase feeds and older documents, with the channel of this API that carries the same. */
const FOREIGN_NAMES: Readonly<Record<string, string>> = {
  full: 'market_trades',
  matches: 'market_trades',
  match: 'market_trades',
  trades: 'market_trades',
  trade: 'market_trades',
  heartbeat: 'heartbeats',
  tickers: 'ticker',
  ticker_1000: 'ticker_batch',
  l2_data: 'level2',
  l2: 'level2',
  l2update: 'level2',
  level2_batch: 'level2',
  level2_50: 'level2',
  book: 'level2',
  orderbook: 'level2',
  order_book: 'level2',
  candle: 'candles',
  candlestick: 'candles',
  ohlc: 'candles',
  orders: 'user',
  fills: 'user',
  accounts: 'user',
  balance: 'futures_balance_summary',
  futures: 'futures_balance_summary',
};

/** The channel that somebody who wrote `name` most likely meant, or null when nothing is near; a right name answers itself. */
export function nearestChannel(name: string): string | null {
  const written = name
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
  if (isKnownChannel(written)) return written;
  if (Object.hasOwn(FOREIGN_NAMES, written)) return FOREIGN_NAMES[written] ?? null;
  return nearestName(written, Object.keys(CHANNELS));
}

const CARRIES_THE_SAME: Readonly<Record<string, string>> = {
  products: 'ticker',
  market_products: 'ticker',
  product: 'ticker',
  market_product: 'ticker',
  best_bid_ask: 'ticker',
  ticker: 'market_trades',
  market_ticker: 'market_trades',
  product_book: 'level2',
  market_product_book: 'level2',
  candles: 'candles',
  market_candles: 'candles',
  orders: 'user',
  order: 'user',
  fills: 'user',
  cfm_balance_summary: 'futures_balance_summary',
};

/** The channel that carries what a polled endpoint answers, or null when polling is the only way. */
export function channelForEndpoint(endpoint: string): string | null {
  return Object.hasOwn(CARRIES_THE_SAME, endpoint) ? (CARRIES_THE_SAME[endpoint] ?? null) : null;
}
