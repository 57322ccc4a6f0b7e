// The GET endpoints that the inspector may call, and the names and scopes of every endpoint it may meet in foreign traffic.
// Nothing that places, cancels or moves anything can be built here (reference part 4).

import type { Permission } from '../core/fact.ts';

export type EndpointName =
  | 'time'
  | 'key_permissions'
  | 'accounts'
  | 'orders'
  | 'fills'
  | 'products'
  | 'market_products'
  | 'portfolio';

export interface Endpoint {
  name: EndpointName;
  /** Below `/api/v3/brokerage`; `{names}` are filled from the parameters. */
  path: string;
  scope: Permission | null;
  signed: boolean;
  bucket: 'rest-public' | 'rest-private';
  /** Sent unless a parameter of the same name is given. */
  query: Readonly<Record<string, string>>;
  /** `cursor`: further pages by the `cursor` of the answer, while `has_next` or a cursor says so. */
  paging: 'cursor' | null;
  /** True when the edge may answer from its cache, so latency and time in it mislead (reference part 1). */
  cached: boolean;
}

function open(name: EndpointName, path: string, query: Record<string, string>): Endpoint {
  return { name, path, scope: null, signed: false, bucket: 'rest-public', query, paging: null, cached: true };
}

function signed(name: EndpointName, path: string, query: Record<string, string>, paging: 'cursor' | null): Endpoint {
  return { name, path, scope: 'view', signed: true, bucket: 'rest-private', query, paging, cached: false };
}

/** Everything the inspector may request; all of it GET (reference part 4). */
export const ENDPOINTS: Readonly<Record<EndpointName, Endpoint>> = {
  time: open('time', '/time', {}),
  market_products: open('market_products', '/market/products', {}),
  key_permissions: signed('key_permissions', '/key_permissions', {}, null),
  accounts: signed('accounts', '/accounts', { limit: '250' }, 'cursor'),
  orders: signed('orders', '/orders/historical/batch', { limit: '100' }, 'cursor'),
  fills: signed('fills', '/orders/historical/fills', { limit: '100' }, 'cursor'),
  products: signed('products', '/products', {}, null),
  portfolio: signed('portfolio', '/portfolios/{portfolio_uuid}', {}, null),
};

/** Names of the endpoints whose answers may come from the edge's cache. */
export const CACHED: ReadonlySet<string> = new Set(
  Object.values(ENDPOINTS)
    .filter((each) => each.cached)
    .map((each) => each.name),
);

/** The endpoint of that name, or null. */
export function endpointOf(name: string): Endpoint | null {
  return Object.hasOwn(ENDPOINTS, name) ? (ENDPOINTS[name as EndpointName] ?? null) : null;
}

const PREFIX = '/api/v3/brokerage';

/** The REST base with the API prefix and without a slash at the end, however it was written. */
export function restBase(restUrl: string): string {
  const base = restUrl
    .trim()
    .replace(/[?#].*$/s, '')
    .replace(/\/+$/, '');
  if (base.endsWith(PREFIX)) return base;
  if (base.endsWith('/api/v3')) return `${base}/brokerage`;
  return base + PREFIX;
}

export type Parameters = Readonly<Record<string, string | readonly string[]>>;

function first(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' ? value : (value?.[0] ?? '');
}

function queryOf(endpoint: Endpoint, params: Parameters, used: ReadonlySet<string>): string {
  const pairs: string[] = [];
  const add = (name: string, value: string) => pairs.push(`${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  for (const [name, value] of Object.entries({ ...endpoint.query, ...params })) {
    if (used.has(name)) continue;
    // Arrays repeat the key; commas inside one value do not work (reference part 4).
    for (const each of typeof value === 'string' ? [value] : value) if (each !== '') add(name, each);
  }
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}

/** The URL of one call. Parameters named in the path fill it, the others become the query; empty values are left out. */
export function endpointUrl(restUrl: string, endpoint: Endpoint, params: Parameters = {}): string {
  const used = new Set<string>();
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    used.add(name);
    return encodeURIComponent(first(params[name]));
  });
  return restBase(restUrl) + path + queryOf(endpoint, params, used);
}

/** The `uri` claim for a call: `GET host/path`, host with its port as it is sent, no scheme, no query (reference 2.2). */
export function signingUri(method: string, url: string): string {
  const written = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)([^?#]*)/i.exec(url);
  const path = written?.[2] === '' ? '/' : (written?.[2] ?? '');
  return `${method.toUpperCase()} ${hostAsSent(url, written?.[1] ?? url)}${path}`;
}

// A port that is the scheme's default and capital letters never reach the Host header, so they are not signed either.
function hostAsSent(url: string, written: string): string {
  try {
    return new URL(url).host;
  } catch {
    return written;
  }
}

/** An endpoint met in somebody's traffic, with the permission it needs. */
export interface KnownEndpoint {
  name: string;
  scope: Permission | null;
}

type Row = readonly [method: string, path: string, name: string, scope: Permission | null];

// `*` stands for one path segment. Fixed segments stand before the rows that would swallow them.
const KNOWN: readonly Row[] = [
  ['GET', '/time', 'time', null],
  ['GET', '/market/products', 'market_products', null],
  ['GET', '/market/product_book', 'market_product_book', null],
  ['GET', '/market/products/*', 'market_product', null],
  ['GET', '/market/products/*/candles', 'market_candles', null],
  ['GET', '/market/products/*/ticker', 'market_ticker', null],
  ['GET', '/key_permissions', 'key_permissions', 'view'],
  ['GET', '/accounts', 'accounts', 'view'],
  ['GET', '/accounts/*', 'account', 'view'],
  ['GET', '/products', 'products', 'view'],
  ['GET', '/product_book', 'product_book', 'view'],
  ['GET', '/best_bid_ask', 'best_bid_ask', 'view'],
  ['GET', '/products/*', 'product', 'view'],
  ['GET', '/products/*/candles', 'candles', 'view'],
  ['GET', '/products/*/ticker', 'ticker', 'view'],
  ['GET', '/orders/historical/batch', 'orders', 'view'],
  ['GET', '/orders/historical/fills', 'fills', 'view'],
  ['GET', '/orders/historical/*', 'order', 'view'],
  ['GET', '/portfolios', 'portfolios', 'view'],
  ['GET', '/portfolios/*', 'portfolio', 'view'],
  ['GET', '/transaction_summary', 'transaction_summary', 'view'],
  ['GET', '/payment_methods', 'payment_methods', 'view'],
  ['GET', '/payment_methods/*', 'payment_method', 'view'],
  ['GET', '/cfm/balance_summary', 'cfm_balance_summary', 'view'],
  ['GET', '/cfm/positions', 'cfm_positions', 'view'],
  ['GET', '/cfm/positions/*', 'cfm_position', 'view'],
  ['GET', '/cfm/sweeps', 'cfm_sweeps', 'view'],
  ['GET', '/cfm/intraday/*', 'cfm_intraday', 'view'],
  ['GET', '/convert/trade/*', 'convert_trade', 'view'],
  ['POST', '/orders/preview', 'preview_order', 'view'],
  ['POST', '/orders', 'create_order', 'trade'],
  ['POST', '/orders/batch_cancel', 'cancel_orders', 'trade'],
  ['POST', '/orders/edit', 'edit_order', 'trade'],
  ['POST', '/orders/edit_preview', 'preview_edit', 'view'],
  ['POST', '/orders/close_position', 'close_position', 'trade'],
  ['POST', '/convert/quote', 'convert_quote', 'trade'],
  ['POST', '/convert/trade/*', 'convert_commit', 'trade'],
  ['POST', '/portfolios', 'create_portfolio', 'trade'],
  ['POST', '/portfolios/move_funds', 'move_funds', 'transfer'],
  ['PUT', '/portfolios/*', 'edit_portfolio', 'trade'],
  ['DELETE', '/portfolios/*', 'delete_portfolio', 'trade'],
  ['POST', '/cfm/sweeps/schedule', 'schedule_sweep', 'transfer'],
  ['DELETE', '/cfm/sweeps', 'cancel_sweep', 'transfer'],
  ['POST', '/cfm/intraday/*', 'set_intraday_margin', 'trade'],
];

const PATTERNS = KNOWN.map(([method, path, name, scope]) => ({
  method,
  pattern: new RegExp(`^${path.replaceAll('*', '[^/]+')}$`),
  found: { name, scope },
}));

/** The permission that an endpoint of this name needs, by the name that `endpointOfPath` gives it; null when none, or unknown. */
export function endpointScope(name: string): Permission | null {
  return KNOWN.find(([, , known]) => known === name)?.[3] ?? null;
}

/** The known endpoint of a method and a path (a whole URL or one without the API prefix will do), or null. */
export function endpointOfPath(method: string, path: string): KnownEndpoint | null {
  const bare = path
    .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '')
    .replace(/[?#].*$/s, '')
    .replace(/\/+$/, '');
  const prefixAt = bare.indexOf(PREFIX);
  const below = prefixAt >= 0 ? bare.slice(prefixAt + PREFIX.length) : bare;
  const wanted = method.toUpperCase();
  return PATTERNS.find((row) => row.method === wanted && row.pattern.test(below))?.found ?? null;
}
