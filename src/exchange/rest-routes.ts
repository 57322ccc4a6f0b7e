// Owns the table of REST paths: who may call what. Adding an endpoint is adding a line here.
import {
  futuresBalance,
  keyPermissions,
  listAccounts,
  listPortfolios,
  oneAccount,
  portfolioBreakdown,
  transactionSummary,
} from './rest-account.ts';
import type { Call, Reply } from './rest-call.ts';
import { bestBidAsk, listProducts, oneProduct, productBook, productCandles, productTicker } from './rest-market.ts';
import { cancelOrders, createOrder, listFills, listOrders, oneOrder, previewOrder } from './rest-orders.ts';
import { serverTime, serverTimeV2 } from './rest-time.ts';

/** `none`: no token wanted, limited by address. */
export type Scope = 'none' | 'view' | 'trade' | 'transfer';

export interface Route {
  method: string;
  scope: Scope;
  /** Served through the edge cache. */
  cached: boolean;
  pattern: RegExp;
  handle: (call: Call) => Reply;
}

const prefix = '/api/v3/brokerage';

function route(method: string, path: string, scope: Scope, handle: (call: Call) => Reply): Route {
  const source = path.replaceAll('{}', '([^/]+)');
  return { method, scope, cached: path.startsWith(`${prefix}/market/`), pattern: new RegExp(`^${source}$`), handle };
}

/** First match wins; the fixed paths come before the open ones. */
export const routes: readonly Route[] = [
  route('GET', `${prefix}/time`, 'none', serverTime),
  route('GET', '/v2/time', 'none', serverTimeV2),
  ...(['market', ''] as const).flatMap((twin) => {
    const at = twin === '' ? prefix : `${prefix}/market`;
    const scope = twin === '' ? 'view' : 'none';
    return [
      route('GET', `${at}/products`, scope, listProducts),
      route('GET', `${at}/product_book`, scope, productBook),
      route('GET', `${at}/products/{}`, scope, oneProduct),
      route('GET', `${at}/products/{}/candles`, scope, productCandles),
      route('GET', `${at}/products/{}/ticker`, scope, productTicker),
    ];
  }),
  route('GET', `${prefix}/best_bid_ask`, 'view', bestBidAsk),
  route('GET', `${prefix}/key_permissions`, 'view', keyPermissions),
  route('GET', `${prefix}/accounts`, 'view', listAccounts),
  route('GET', `${prefix}/accounts/{}`, 'view', oneAccount),
  route('GET', `${prefix}/portfolios`, 'view', listPortfolios),
  route('GET', `${prefix}/portfolios/{}`, 'view', portfolioBreakdown),
  route('GET', `${prefix}/transaction_summary`, 'view', transactionSummary),
  route('GET', `${prefix}/cfm/balance_summary`, 'view', futuresBalance),
  route('GET', `${prefix}/orders/historical/batch`, 'view', listOrders),
  route('GET', `${prefix}/orders/historical/fills`, 'view', listFills),
  route('GET', `${prefix}/orders/historical/{}`, 'view', oneOrder),
  route('POST', `${prefix}/orders/preview`, 'view', previewOrder),
  route('POST', `${prefix}/orders/batch_cancel`, 'trade', cancelOrders),
  route('POST', `${prefix}/orders`, 'trade', createOrder),
];

/** The route of a request and the open parts of its path. */
export function findRoute(method: string, path: string): { route: Route; params: string[] } | null {
  for (const candidate of routes) {
    const match = candidate.method === method ? candidate.pattern.exec(path) : null;
    if (match !== null) return { route: candidate, params: match.slice(1).map(decode) };
  }
  return null;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
