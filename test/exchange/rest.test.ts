// REST answers: paging, shapes, the order cycle and its money, cache and error forms.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { call, exchangeFor, until } from './support.ts';

const still = { orderEverySeconds: 0, traffic: false, privatePerSecond: 1000, publicPerSecond: 1000 } as const;

interface Account {
  uuid: string;
  currency: string;
  available_balance: { value: string };
  hold: { value: string };
}

async function allAccounts(exchange: Parameters<typeof call>[0], limit: number): Promise<Account[]> {
  const accounts: Account[] = [];
  for (let cursor = ''; ; ) {
    const page = (await call(exchange, `/accounts?limit=${limit}&cursor=${cursor}`)).json;
    expect(page.size).toBe(page.accounts.length);
    accounts.push(...page.accounts);
    if (page.has_next === false) return accounts;
    cursor = page.cursor;
  }
}

test('accounts come 49 at a time unless asked otherwise, and at most 250', async () => {
  const exchange = await exchangeFor({ overrides: still });
  const first = (await call(exchange, '/accounts')).json;
  expect([first.accounts.length, first.has_next]).toEqual([49, true]);
  const all = await allAccounts(exchange, 49);
  expect(all).toHaveLength(60);
  expect(new Set(all.map((a) => a.uuid)).size).toBe(60);
  expect((await call(exchange, '/accounts?limit=250')).json.has_next).toBe(false);
  expect((await call(exchange, `/accounts/${all[55]?.uuid}`)).json.account.currency).toBe(all[55]?.currency);
});

test('available plus hold is what the breakdown says, through orders and fills', async () => {
  const exchange = await exchangeFor({ overrides: { ...still, fillAfterMs: 30 } });
  const body = {
    client_order_id: 'm1',
    product_id: 'SOL-USD',
    side: 'BUY',
    order_configuration: { market_market_ioc: { quote_size: '100' } },
  };
  const made = await call(exchange, '/orders', { method: 'POST', body });
  expect(made.json.success).toBe(true);
  await until(
    async () => (await call(exchange, `/orders/historical/${made.json.order_id}`)).json.order.status === 'FILLED',
  );
  const { portfolio_uuid: uuid } = (await call(exchange, '/key_permissions')).json;
  const { breakdown } = (await call(exchange, `/portfolios/${uuid}`)).json;
  const accounts = await allAccounts(exchange, 250);
  expect(accounts.some((a) => Number(a.hold.value) > 0)).toBe(true);
  for (const position of breakdown.spot_positions) {
    const account = accounts.find((a) => a.currency === position.asset);
    const sum = Number(account?.available_balance.value) + Number(account?.hold.value);
    expect(position.total_balance_crypto).toBeCloseTo(sum, 7);
    expect(position.account_uuid).toBe(account?.uuid);
  }
  exchange.apply({ kind: 'mismatch', asset: 'BTC', amount: '0.05' });
  const off = (await call(exchange, `/portfolios/${uuid}`)).json.breakdown.spot_positions[0];
  expect(off.total_balance_crypto - breakdown.spot_positions[0].total_balance_crypto).toBeCloseTo(0.05, 8);
});

test('an order is placed, filled in parts, shown by fills; another is cancelled through its queue', async () => {
  const exchange = await exchangeFor({ overrides: { ...still, fillAfterMs: 60, cancelAfterMs: 40 } });
  const limit = (price: string, id: string, side = 'BUY') => ({
    method: 'POST',
    body: {
      client_order_id: id,
      product_id: 'BTC-USD',
      side,
      order_configuration: { limit_limit_gtc: { base_size: '0.01', limit_price: price } },
    },
  });
  const filled = (await call(exchange, '/orders', limit('95000', 'a'))).json.order_id;
  const resting = (await call(exchange, '/orders', limit('50000', 'b'))).json.order_id;
  expect((await call(exchange, '/orders', limit('50000', 'b'))).json.order_id).toBe(resting);
  await until(async () => (await call(exchange, `/orders/historical/${filled}`)).json.order.status === 'FILLED');
  const { fills } = (await call(exchange, `/orders/historical/fills?order_ids=${filled}`)).json;
  expect(fills.map((f: { size: string }) => f.size)).toEqual(['0.006', '0.004']);
  const gone = await call(exchange, '/orders/batch_cancel', {
    method: 'POST',
    body: { order_ids: [resting, filled, 'nope'] },
  });
  expect(gone.json.results.map((r: { failure_reason: string }) => r.failure_reason)).toEqual([
    'UNKNOWN_CANCEL_FAILURE_REASON',
    'ORDER_IS_FULLY_FILLED',
    'UNKNOWN_CANCEL_ORDER',
  ]);
  expect((await call(exchange, `/orders/historical/${resting}`)).json.order.status).toBe('CANCEL_QUEUED');
  await until(async () => (await call(exchange, `/orders/historical/${resting}`)).json.order.status === 'CANCELLED');
});

test('refused orders are HTTP 200 with success false, and previews foretell them', async () => {
  const exchange = await exchangeFor({ overrides: still });
  const body = {
    client_order_id: 'x',
    product_id: 'BTC-USD',
    side: 'BUY',
    order_configuration: { limit_limit_gtc: { base_size: '10', limit_price: '90000' } },
  };
  const refused = await call(exchange, '/orders', { method: 'POST', body });
  expect([refused.status, refused.json.success, refused.json.error_response.error]).toEqual([
    200,
    false,
    'INSUFFICIENT_FUND',
  ]);
  expect((await call(exchange, '/orders/preview', { method: 'POST', body })).json.errs).toEqual([
    'PREVIEW_INSUFFICIENT_FUND',
  ]);
});

test('order lists filter and page', async () => {
  const exchange = await exchangeFor({ overrides: { ...still, openOrders: 7 } });
  const all = (await call(exchange, '/orders/historical/batch')).json;
  expect([all.orders.length, all.has_next]).toEqual([7, false]);
  const first = (await call(exchange, '/orders/historical/batch?limit=3')).json;
  const second = (await call(exchange, `/orders/historical/batch?limit=3&cursor=${first.cursor}`)).json;
  const ids = [...first.orders, ...second.orders].map((o: { order_id: string }) => o.order_id);
  expect(ids).toEqual(all.orders.slice(0, 6).map((o: { order_id: string }) => o.order_id));
  const some = (await call(exchange, '/orders/historical/batch?product_ids=BTC-USD&product_ids=ETH-USD&order_side=BUY'))
    .json.orders;
  expect(some.every((o: { product_id: string }) => ['BTC-USD', 'ETH-USD'].includes(o.product_id))).toBe(true);
  expect((await call(exchange, '/orders/historical/batch?order_status=FILLED')).json.orders).toEqual([]);
});

test('candles, book and unknown things answer as the service does', async () => {
  const exchange = await exchangeFor({ overrides: still });
  const end = 1_795_000_000;
  const candles = (count: number) =>
    `/market/products/BTC-USD/candles?granularity=ONE_MINUTE&start=${end - count * 60}&end=${end}`;
  expect((await call(exchange, candles(350), { key: null })).json.candles.length).toBeGreaterThanOrEqual(350);
  const many = await call(exchange, candles(351), { key: null });
  expect([many.status, many.json.message]).toEqual([400, 'number of candles requested should be less than 350']);
  expect((await call(exchange, '/market/product_book?product_id=BTC-USD&limit=1001', { key: null })).status).toBe(500);
  const product = await call(exchange, '/market/products/NOPE-USD', { key: null });
  expect([product.status, product.text]).toEqual([
    404,
    '{"error":"NOT_FOUND","message":"Product NOPE-USD not supported"}',
  ]);
  const order = await call(exchange, '/orders/historical/nope');
  expect([order.status, order.json.error_details]).toEqual([404, 'order with this orderID was not found']);
  const twin = (await call(exchange, '/products/BTC-USDC')).json;
  expect([twin.product_id, twin.alias]).toEqual(['BTC-USDC', 'BTC-USD']);
});

test('field sets and their order equal the samples', async () => {
  const exchange = await exchangeFor({ overrides: { ...still, fillAfterMs: 10 } });
  const market = {
    product_id: 'BTC-USD',
    side: 'BUY',
    order_configuration: { market_market_ioc: { quote_size: '50' } },
  };
  await call(exchange, '/orders', { method: 'POST', body: market });
  await until(async () => (await call(exchange, '/orders/historical/fills')).json.fills.length > 0);
  const { portfolio_uuid: uuid } = (await call(exchange, '/key_permissions')).json;
  const shapes = JSON.parse(readFileSync(new URL('shapes.json', import.meta.url), 'utf8')) as Record<string, unknown>;
  const answers: Record<string, unknown> = {
    order: (await call(exchange, '/orders/historical/batch')).json.orders[0],
    fill: (await call(exchange, '/orders/historical/fills')).json.fills[0],
    account: (await call(exchange, '/accounts')).json.accounts[0],
    product: (await call(exchange, '/market/products/BTC-USD')).json,
    position: (await call(exchange, `/portfolios/${uuid}`)).json.breakdown.spot_positions[0],
    balances: (await call(exchange, `/portfolios/${uuid}`)).json.breakdown.portfolio_balances,
    summary: (await call(exchange, '/transaction_summary')).json,
    preview: (await call(exchange, '/orders/preview', { method: 'POST', body: market })).json,
    trade: (await call(exchange, '/market/products/BTC-USD/ticker')).json.trades[0],
    candle: (await call(exchange, '/market/products/BTC-USD/candles?granularity=ONE_DAY')).json.candles[0],
    futures: (await call(exchange, '/cfm/balance_summary')).json.balance_summary,
  };
  for (const [name, answer] of Object.entries(answers)) {
    expect.soft(Object.keys(answer as object), name).toEqual(shapes[name]);
  }
});

test('public market answers pass through a cache of one second, the time does not', async () => {
  const exchange = await exchangeFor({ overrides: still });
  const product = () => call(exchange, '/market/products/BTC-USD', { key: null });
  expect((await product()).headers.get('cf-cache-status')).toBe('MISS');
  const hit = await product();
  expect([hit.headers.get('cf-cache-status'), hit.headers.get('age'), hit.headers.get('server')]).toEqual([
    'HIT',
    '0',
    'cloudflare',
  ]);
  expect(hit.headers.get('etag')).toMatch(/^W\//);
  const time = await call(exchange, '/time', { key: null });
  expect(time.headers.get('cf-cache-status')).toBe('DYNAMIC');
  expect(Object.values(time.json).map((v) => typeof v)).toEqual(['string', 'string', 'string']);
  expect((await call(exchange, '/v2/time', { key: null })).json.data.epoch).toBeTypeOf('number');
  exchange.apply({ kind: 'time-cache', ageSeconds: 5 });
  const stale = await call(exchange, '/time', { key: null });
  expect([stale.headers.get('cf-cache-status'), stale.headers.get('age')]).toEqual(['HIT', '5']);
  expect(Date.now() - Number(stale.json.epochMillis)).toBeGreaterThan(4900);
});
