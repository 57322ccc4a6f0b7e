// Builders of what comes over the wire and of facts about it: frames, answers, tokens, settings. Shapes as in reference 3.3–3.12 and part 4.
// Nothing here keeps time or state: the caller gives every instant and every number.

import type { FactBody, KeyInspection, Settings, TokenClaims } from '../../src/core/fact.ts';

export const KEY_ID = 'organizations/0aa1b2c3-1111-4222-8333-444455556666/apiKeys/2b1f0c9d-7777-4888-8999-aaaabbbbd0aa';
export const PORTFOLIO = '9a2f1c3e-5b7d-4f60-8a11-2c3d4e5f6071';
export const USER_UUID = '5f0e1d2c-3b4a-4958-8776-6554433221f0';
export const ORDER_ID = '7b1d0f3a-4c52-4d8e-9a61-0c1b2a394857';

export const SETTINGS: Settings = {
  products: ['BTC-USD', 'ETH-USD'],
  channels: ['ticker', 'user'],
  publicUrl: 'wss://advanced-trade-ws.coinbase.com',
  userUrl: 'wss://advanced-trade-ws-user.coinbase.com',
  restUrl: 'https://api.coinbase.com',
  polls: { time: 10, key_permissions: 60, accounts: 30, orders: 10, fills: 30, products: 60, portfolio: 60 },
  needs: ['view'],
  uiShows: null,
  user: true,
  rest: true,
  heartbeats: true,
  signPublic: false,
  reauth: 'resubscribe',
  deflate: false,
};

export const GOOD_KEY: KeyInspection = {
  source: 'COINBASE_API_KEY in .env',
  alsoFound: [],
  keyId: KEY_ID,
  kind: 'ecdsa',
  algorithm: 'ES256',
  defects: [],
  repaired: false,
  usable: true,
  correctedLine: null,
  explanation: '',
};

export const NO_KEY: KeyInspection = {
  ...GOOD_KEY,
  source: null,
  keyId: null,
  kind: 'none',
  algorithm: null,
  usable: false,
  explanation: 'no credentials were found',
};

type Started = Extract<FactBody, { fact: 'session.started' }>;

export function sessionStarted(settings: Partial<Settings> = {}, more: Partial<Started> = {}): FactBody {
  return {
    fact: 'session.started',
    version: '0.1.0',
    mode: 'live',
    settings: { ...SETTINGS, ...settings },
    origins: [],
    hmacVariables: [],
    plainTextHosts: [],
    platform: 'linux x64, Node 24',
    ...more,
  };
}

/** RFC 3339 with nine fractional digits, as the feed writes it. */
export function nanos(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '402771Z');
}

/** A data frame: envelope in the order of keys that is seen (reference 3.3). */
export function dataFrame(channel: string, sequence: number, serverMs: number, events: unknown[]): string {
  return JSON.stringify({ channel, client_id: '', timestamp: nanos(serverMs), sequence_num: sequence, events });
}

export function beatEvents(counter: number | string, serverMs: number): unknown[] {
  const time = new Date(serverMs).toISOString().replace('T', ' ').replace('Z', '11961');
  return [{ current_time: `${time} +0000 UTC m=+${counter}.272674714`, heartbeat_counter: counter }];
}

export function tickerEvents(product: string, price: number, type: 'snapshot' | 'update' = 'update'): unknown[] {
  const ticker = {
    type: 'ticker',
    product_id: product,
    price: price.toFixed(2),
    volume_24_h: '8412.77103562',
    low_24_h: '90110.5',
    high_24_h: '92480',
    low_52_w: '71020.01',
    high_52_w: '124300',
    price_percent_chg_24_h: '0.4842430091716',
    best_bid: (price - 0.01).toFixed(2),
    best_ask: price.toFixed(2),
    best_bid_quantity: '0.0021',
    best_ask_quantity: '0.44120917',
  };
  return [{ type, tickers: [ticker] }];
}

export function acknowledgement(channels: Record<string, string[]>): unknown[] {
  return [{ subscriptions: channels }];
}

export function errorFrame(message: string, reason?: string): string {
  return JSON.stringify({ type: 'error', message, ...(reason === undefined ? {} : { reason }) });
}

/** An order as the user channel tells it; `more` are fields by their wire names. */
export function userOrder(status: string, more: Record<string, string> = {}): Record<string, string> {
  const done = status === 'FILLED';
  return {
    avg_price: done ? '90000' : '0',
    cancel_reason: '',
    client_order_id: 'bot-2026-11-20-0001',
    completion_percentage: done ? '100.00' : '0',
    contract_expiry_type: 'UNKNOWN_CONTRACT_EXPIRY_TYPE',
    cumulative_quantity: done ? '0.01' : '0',
    filled_value: done ? '900' : '0',
    leaves_quantity: done ? '0' : '0.01',
    limit_price: '90000',
    number_of_fills: done ? '3' : '0',
    order_id: ORDER_ID,
    order_side: 'BUY',
    order_type: 'Limit',
    outstanding_hold_amount: '0',
    post_only: 'true',
    product_id: 'BTC-USD',
    product_type: 'SPOT',
    reject_reason: '',
    retail_portfolio_id: PORTFOLIO,
    risk_managed_by: 'UNKNOWN_RISK_MANAGEMENT_TYPE',
    status,
    stop_price: '',
    time_in_force: 'GOOD_UNTIL_CANCELLED',
    total_fees: '0',
    total_value_after_fees: '0',
    trigger_status: 'INVALID_ORDER_TYPE',
    creation_time: '2026-11-20T14:30:05.402177Z',
    end_time: '0001-01-01T00:00:00Z',
    start_time: '0001-01-01T00:00:00Z',
    ...more,
  };
}

export function userEvents(orders: unknown[], type: 'snapshot' | 'update' = 'update'): unknown[] {
  return [{ type, orders, positions: { perpetual_futures_positions: [], expiring_futures_positions: [] } }];
}

/** An order as REST tells it; `more` are fields by their wire names. */
export function restOrder(status: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  const done = status === 'FILLED';
  return {
    order_id: ORDER_ID,
    product_id: 'BTC-USD',
    user_id: USER_UUID,
    order_configuration: { limit_limit_gtc: { base_size: '0.01', limit_price: '90000', post_only: true } },
    side: 'BUY',
    client_order_id: 'bot-2026-11-20-0001',
    status,
    time_in_force: 'GOOD_UNTIL_CANCELLED',
    created_time: '2026-11-20T14:30:05.402177Z',
    completion_percentage: done ? '100' : '0',
    filled_size: done ? '0.01' : '0',
    average_filled_price: done ? '90000' : '0',
    number_of_fills: done ? '1' : '0',
    trigger_status: 'INVALID_ORDER_TYPE',
    order_type: 'LIMIT',
    retail_portfolio_id: PORTFOLIO,
    ...more,
  };
}

export interface Wallet {
  currency: string;
  available: string;
  hold: string;
}

export const WALLETS: Wallet[] = [
  { currency: 'BTC', available: '0.70000000', hold: '0.05000000' },
  { currency: 'USD', available: '1200.10', hold: '900' },
];

function account(wallet: Wallet): unknown {
  const { currency } = wallet;
  const amount = (value: string) => ({ value, currency });
  const type = currency === 'USD' ? 'ACCOUNT_TYPE_FIAT' : 'ACCOUNT_TYPE_CRYPTO';
  return {
    uuid: `00000000-0000-4000-8000-${Buffer.from(currency.padEnd(6, '_')).toString('hex')}`,
    name: `${currency} Wallet`,
    currency,
    available_balance: amount(wallet.available),
    default: false,
    active: true,
    type,
    ready: true,
    hold: amount(wallet.hold),
    retail_portfolio_id: PORTFOLIO,
    platform: 'ACCOUNT_PLATFORM_CONSUMER',
  };
}

function position(wallet: Wallet): unknown {
  const total = Number(wallet.available) + Number(wallet.hold);
  const isCash = wallet.currency === 'USD';
  return { asset: wallet.currency, total_balance_crypto: total, account_type: 'ACCOUNT_TYPE_CRYPTO', is_cash: isCash };
}

/** Bodies of good answers, by endpoint. */
export const BODIES = {
  time: (serverMs: number): string =>
    JSON.stringify({
      iso: new Date(serverMs).toISOString(),
      epochSeconds: String(Math.floor(serverMs / 1_000)),
      epochMillis: String(Math.round(serverMs)),
    }),
  permissions: (more: Record<string, unknown> = {}): string =>
    JSON.stringify({
      can_view: true,
      can_trade: false,
      can_transfer: false,
      portfolio_uuid: PORTFOLIO,
      portfolio_type: 'DEFAULT',
      ...more,
    }),
  accounts: (wallets: Wallet[] = WALLETS): string =>
    JSON.stringify({ accounts: wallets.map(account), has_next: false, cursor: '', size: wallets.length }),
  portfolio: (wallets: Wallet[] = WALLETS, uuid = PORTFOLIO): string =>
    JSON.stringify({
      breakdown: { portfolio: { name: 'Default', uuid, type: 'DEFAULT' }, spot_positions: wallets.map(position) },
    }),
  orders: (orders: unknown[] = []): string =>
    JSON.stringify({ orders, sequence: '0', has_next: false, cursor: '', proof_token_required: false }),
  fills: (fills: unknown[] = []): string => JSON.stringify({ fills, cursor: '' }),
  products: (ids = ['BTC-USD', 'ETH-USD']): string =>
    JSON.stringify({ products: ids.map((product_id) => ({ product_id, price: '1' })), num_products: ids.length }),
} as const;

export function fill(size: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    entry_id: 'e1',
    trade_id: 't1',
    order_id: ORDER_ID,
    trade_time: '2026-11-20T14:30:20Z',
    price: '90000',
    size,
    product_id: 'BTC-USD',
    side: 'BUY',
    size_in_quote: false,
    ...more,
  };
}

/** A token of the configured key: made at `serverMs` with the documented lifetime (reference 2.3). */
export function token(
  tokenId: number,
  serverMs: number,
  uri: string | null,
  more: Partial<TokenClaims> = {},
): TokenClaims {
  const nbf = Math.floor(serverMs / 1_000) - 5;
  return { tokenId, alg: 'ES256', kid: KEY_ID, sub: KEY_ID, iss: 'cdp', nbf, exp: nbf + 120, uri, ...more };
}
