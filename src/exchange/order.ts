// Owns what an order is inside the exchange and how a create request is read. It moves no money.
import { type Fixed, floorTo, over, readFixed } from './fixed.ts';
import { findProduct } from './products.ts';

export type OrderStatus = 'PENDING' | 'OPEN' | 'FILLED' | 'CANCEL_QUEUED' | 'CANCELLED' | 'EXPIRED' | 'FAILED';

export interface Order {
  id: string;
  clientOrderId: string;
  productId: string;
  base: string;
  quote: string;
  side: 'BUY' | 'SELL';
  type: 'LIMIT' | 'MARKET';
  timeInForce: string;
  configuration: Record<string, unknown>;
  size: Fixed;
  limit: Fixed;
  postOnly: boolean;
  sizeInQuote: boolean;
  status: OrderStatus;
  filled: Fixed;
  value: Fixed;
  fees: Fixed;
  fillCount: number;
  /** Still set aside for this order: quote for a buy, base for a sell. */
  hold: Fixed;
  createdMs: number;
  updatedMs: number;
  lastFillMs: number | null;
  cancelReason: string;
}

export interface Fill {
  entryId: string;
  tradeId: string;
  order: Order;
  price: Fixed;
  size: Fixed;
  commission: Fixed;
  atMs: number;
}

/** What a client asked for, understood; prices and sizes are checked, money is not. */
export interface OrderRequest {
  clientOrderId: string;
  productId: string;
  side: 'BUY' | 'SELL';
  type: 'LIMIT' | 'MARKET';
  timeInForce: string;
  configuration: Record<string, unknown>;
  size: Fixed;
  limit: Fixed;
  postOnly: boolean;
  sizeInQuote: boolean;
}

const timesInForce: Readonly<Record<string, string>> = {
  market_market_ioc: 'IMMEDIATE_OR_CANCEL',
  market_market_fok: 'FILL_OR_KILL',
  sor_limit_ioc: 'IMMEDIATE_OR_CANCEL',
  limit_limit_gtc: 'GOOD_UNTIL_CANCELLED',
  limit_limit_gtd: 'GOOD_UNTIL_DATE_TIME',
  limit_limit_fok: 'FILL_OR_KILL',
};

export const terminal: ReadonlySet<OrderStatus> = new Set<OrderStatus>(['FILLED', 'CANCELLED', 'EXPIRED', 'FAILED']);

/** Reads the body of a create or preview; a text is the reason word of the refusal. */
export function readOrderRequest(
  body: Record<string, unknown>,
  priceOf: (productId: string) => Fixed,
): OrderRequest | string {
  const productId = body.product_id;
  if (typeof productId !== 'string' || findProduct(productId) === null) return 'UNTRADABLE_PRODUCT';
  if (body.side !== 'BUY' && body.side !== 'SELL') return 'INVALID_SIDE';
  const entry = Object.entries(asObject(body.order_configuration))[0];
  const timeInForce = entry === undefined ? undefined : timesInForce[entry[0]];
  if (entry === undefined || timeInForce === undefined) return 'UNSUPPORTED_ORDER_CONFIGURATION';
  const terms = asObject(entry[1]);
  const market = entry[0].startsWith('market');
  const limit = market ? priceOf(productId) : readFixed(terms.limit_price);
  if (limit === null || limit <= 0n) return 'INVALID_LIMIT_PRICE';
  const quoteSize = readFixed(terms.quote_size);
  const size = readFixed(terms.base_size) ?? (quoteSize === null ? null : floorTo(over(quoteSize, limit), 1n));
  if (size === null || size <= 0n) return 'INVALID_SIZE_PRECISION';
  return {
    clientOrderId: typeof body.client_order_id === 'string' ? body.client_order_id : '',
    productId,
    side: body.side,
    type: market ? 'MARKET' : 'LIMIT',
    timeInForce,
    configuration: { [entry[0]]: terms },
    size,
    limit,
    postOnly: terms.post_only === true,
    sizeInQuote: readFixed(terms.base_size) === null,
  };
}

export function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
