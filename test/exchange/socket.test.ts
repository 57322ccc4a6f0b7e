// The WebSocket hosts when nothing is wrong: envelope, order, acknowledgements, refusals and time rules.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Client, call, exchangeFor, type Frame, isError, makeToken, onChannel, refusedUpgrade } from './support.ts';

const still = { orderEverySeconds: 0, traffic: false } as const;
const shapes = JSON.parse(readFileSync(new URL('shapes.json', import.meta.url), 'utf8')) as Record<
  string,
  { event: string[]; item: string[] }
>;

test('data comes before its acknowledgement, and one counter from 0 runs through all channels', async () => {
  const exchange = await exchangeFor();
  const client = await Client.open(exchange.publicUrl);
  client.subscribe('ticker', { product_ids: ['BTC-USD', 'ETH-USD'] });
  client.subscribe('heartbeats');
  client.subscribe('market_trades', { product_ids: ['BTC-USD'] });
  client.subscribe('level2', { product_ids: ['BTC-USD'] });
  await client.count(onChannel('heartbeats'), 2);
  const channels = client.frames.map((f) => f.channel);
  expect(channels.slice(0, 7)).toEqual([
    'ticker',
    'subscriptions',
    'subscriptions',
    'market_trades',
    'subscriptions',
    'l2_data',
    'subscriptions',
  ]);
  expect(client.frames.map((f) => f.sequence_num)).toEqual(client.frames.map((_, i) => i));
  expect(client.frames[6].events[0].subscriptions).toEqual({
    ticker: ['BTC-USD', 'ETH-USD'],
    heartbeats: ['heartbeats'],
    market_trades: ['BTC-USD'],
    level2: ['BTC-USD'],
  });
  expect(client.frames.filter((f) => f.channel === 'ticker').length).toBeGreaterThan(3);
});

test('envelopes and events have the keys of live frames, in their order', async () => {
  const exchange = await exchangeFor({ overrides: { ...still, messagesPerSecond: 100 } });
  const open = await Client.open(exchange.publicUrl);
  for (const channel of ['ticker', 'ticker_batch', 'level2', 'market_trades', 'candles', 'status', 'heartbeats']) {
    open.subscribe(channel, { product_ids: ['BTC-USD'] });
  }
  await open.frame(onChannel('heartbeats'));
  const user = await Client.open(exchange.userUrl);
  user.subscribe('user', { jwt: makeToken(exchange.keys.es256, null) });
  user.subscribe('futures_balance_summary', { jwt: makeToken(exchange.keys.es256, null) });
  await user.frame(onChannel('futures_balance_summary'));
  const withoutId = ['channel', 'timestamp', 'sequence_num', 'events'];
  const withId = ['channel', 'client_id', 'timestamp', 'sequence_num', 'events'];
  const names = [
    'ticker',
    'ticker_batch',
    'l2_data',
    'market_trades',
    'candles',
    'status',
    'heartbeats',
    'user',
    'futures_balance_summary',
  ];
  for (const name of names) {
    const frame = [...open.frames, ...user.frames].find(onChannel(name));
    const marked = ['l2_data', 'market_trades', 'user', 'futures_balance_summary'].includes(name);
    expect.soft(Object.keys(frame), name).toEqual(marked ? withId : withoutId);
    const shape = Object.entries(shapes).find(([key]) =>
      key.startsWith(`ws_${name === 'heartbeats' ? 'heartbeats' : name}`),
    )?.[1];
    expect.soft(Object.keys(frame.events[0]), name).toEqual(shape?.event);
    const list = Object.values(frame.events[0]).find((v) => Array.isArray(v)) as object[] | undefined;
    if (list?.[0] !== undefined) expect.soft(Object.keys(list[0]), name).toEqual(shape?.item);
  }
  expect(user.frames.find(onChannel('subscriptions')).client_id).toBe('');
  expect(open.frames.find(onChannel('l2_data')).timestamp).toMatch(/\.\d{6}Z$/);
  expect(open.frames.find(onChannel('ticker')).timestamp).toMatch(/\.\d{9}Z$/);
});

test('heartbeats count whole seconds of uptime from a large start', async () => {
  const exchange = await exchangeFor({ overrides: { ...still, heartbeatMs: 40 } });
  const client = await Client.open(exchange.publicUrl);
  client.subscribe('heartbeats');
  const beats = (await client.count(onChannel('heartbeats'), 4)).map((f) => f.events[0]);
  for (const beat of beats) {
    const [, uptime] =
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? \+0000 UTC m=\+(\d+\.\d{9})$/.exec(beat.current_time) ?? [];
    expect(Math.floor(Number(uptime))).toBe(beat.heartbeat_counter);
  }
  expect(beats.map((b) => b.heartbeat_counter - beats[0].heartbeat_counter)).toEqual([0, 1, 2, 3]);
  expect(beats[0].heartbeat_counter).toBeGreaterThan(10_000);
});

test('unknown products are left out, twins are named as asked, unsubscribing shrinks the set to nothing', async () => {
  const exchange = await exchangeFor({ overrides: still });
  const client = await Client.open(exchange.publicUrl);
  client.subscribe('ticker', { product_ids: ['BTC-USDC', 'NOPE-USD', 'ETH-USD'] });
  const ack = await client.frame(onChannel('subscriptions'));
  expect(ack.events[0].subscriptions).toEqual({ ticker: ['BTC-USDC', 'ETH-USD'] });
  expect(client.frames[0].events[0].tickers[0].product_id).toBe('BTC-USD');
  client.send({ type: 'unsubscribe', channel: 'ticker', product_ids: ['BTC-USDC'] });
  client.send({ type: 'unsubscribe', channel: 'ticker' });
  const acks = await client.count(onChannel('subscriptions'), 3);
  expect(acks.map((f) => f.events[0].subscriptions).slice(1)).toEqual([{ ticker: ['ETH-USD'] }, {}]);
});

test('refusals stay in-band, carry no number, and the socket lives on', async () => {
  const exchange = await exchangeFor({ overrides: { ...still, messagesPerSecond: 100 } });
  const { es256 } = exchange.keys;
  const past = Math.floor(Date.now() / 1000) - 300;
  const attempts: [string, Record<string, unknown>][] = [
    ['publicUrl', { channel: 'heartbeat' }],
    ['publicUrl', { channel: 'user' }],
    ['publicUrl', { channel: 'ticker', product_ids: ['BTC-USD'], jwt: 'a.b.c' }],
    ['userUrl', { channel: 'ticker', product_ids: ['BTC-USD'] }],
    ['userUrl', { channel: 'user', jwt: makeToken(es256, null, { claims: { nbf: past, exp: past + 120 } }) }],
    ['userUrl', { channel: 'user', jwt: makeToken(es256, null, { signWith: exchange.keys.wrongPair }) }],
  ];
  for (const [host, message] of attempts) {
    const client = await Client.open(host === 'publicUrl' ? exchange.publicUrl : exchange.userUrl);
    client.send({ type: 'subscribe', ...message });
    expect(await client.frame(() => true)).toEqual({ type: 'error', message: 'authentication failure' });
    client.subscribe('heartbeats');
    expect((await client.frame(onChannel('subscriptions'))).sequence_num).toBe(0);
    client.ws.terminate();
  }
});

test('thirty level2 products are taken, a thirty-first is not, and unsubscribing makes room', async () => {
  const exchange = await exchangeFor({ overrides: { ...still, messagesPerSecond: 100 } });
  const { products } = (await call(exchange, '/market/products', { key: null })).json;
  const ids = products
    .map((p: { product_id: string }) => p.product_id)
    .filter((id: string) => id.endsWith('-USD'))
    .slice(0, 31);
  const client = await Client.open(exchange.publicUrl);
  client.subscribe('level2', { product_ids: ids });
  expect((await client.frame(isError)).message).toBe('too many L2 streams requested in a single session');
  client.subscribe('level2', { product_ids: ids.slice(0, 30) });
  expect((await client.frame(onChannel('subscriptions'))).events[0].subscriptions.level2).toHaveLength(30);
  client.subscribe('level2', { product_ids: [ids[30]] });
  await client.count(isError, 2);
  client.send({ type: 'unsubscribe', channel: 'level2', product_ids: [ids[0]] });
  client.subscribe('level2', { product_ids: [ids[30]] });
  expect((await client.count(onChannel('subscriptions'), 3)).at(-1).events[0].subscriptions.level2).toContain(ids[30]);
});

test('the user channel works on both hosts, lists a user id, and sends open orders fifty at a time', async () => {
  const exchange = await exchangeFor({ overrides: { ...still, openOrders: 109 } });
  for (const url of [exchange.publicUrl, exchange.userUrl]) {
    const client = await Client.open(url);
    client.subscribe('user', { jwt: makeToken(exchange.keys.ed25519, null) });
    const ack = await client.frame(onChannel('subscriptions'));
    expect(ack.events[0].subscriptions.user[0]).toMatch(/^[0-9a-f-]{36}$/);
    const batches = client.frames.filter(onChannel('user')).map((f: Frame) => f.events[0].orders.length);
    expect(batches).toEqual([50, 50, 9]);
  }
});

test('an order placed over REST is told on the user channel until it is filled', async () => {
  const exchange = await exchangeFor({ overrides: { ...still, fillAfterMs: 60, openOrders: 0 } });
  const client = await Client.open(exchange.userUrl);
  client.subscribe('user', { jwt: makeToken(exchange.keys.es256, null) });
  await client.frame(onChannel('subscriptions'));
  const body = {
    client_order_id: 'me',
    product_id: 'BTC-USD',
    side: 'BUY',
    order_configuration: { limit_limit_gtc: { base_size: '0.01', limit_price: '95000' } },
  };
  await call(exchange, '/orders', { method: 'POST', body });
  await client.frame((f) => f.channel === 'user' && f.events[0].orders[0]?.status === 'FILLED');
  const orders = client.frames
    .filter(onChannel('user'))
    .slice(1)
    .map((f: Frame) => f.events[0].orders[0]);
  expect(orders.map((o) => [o.status, o.cumulative_quantity, o.leaves_quantity])).toEqual([
    ['OPEN', '0', '0.01'],
    ['OPEN', '0.004', '0.006'],
    ['FILLED', '0.01', '0'],
  ]);
});

test.each([
  ['fin', 1006],
  [1000, 1000],
  [1008, 1008],
] as const)('who says nothing is shown out: %s is seen as %i', async (ending, code) => {
  const exchange = await exchangeFor({ overrides: { ...still, subscribeWithinMs: 50, subscribeEnding: ending } });
  const silent = await Client.open(exchange.publicUrl);
  expect((await silent.closed).code).toBe(code);
});

test('a quiet connection is ended, one with heartbeats is not', async () => {
  const exchange = await exchangeFor({
    overrides: { ...still, idleCloseMinMs: 80, idleCloseMaxMs: 120, heartbeatMs: 30 },
  });
  const idle = await Client.open(exchange.publicUrl);
  idle.subscribe('status', { product_ids: ['BTC-USD'] });
  const busy = await Client.open(exchange.publicUrl);
  busy.subscribe('heartbeats');
  expect((await idle.closed).code).toBe(1006);
  await busy.count(onChannel('heartbeats'), 10);
  expect(busy.ws.readyState).toBe(busy.ws.OPEN);
});

test('more than eight unsigned messages or connections a second are refused', async () => {
  const exchange = await exchangeFor({ overrides: still });
  const client = await Client.open(exchange.publicUrl);
  for (let i = 0; i < 9; i++) client.subscribe('heartbeats');
  expect(await client.frame(isError)).toEqual({ type: 'error', message: 'rate limit exceeded' });
  for (let i = 0; i < 7; i++) await Client.open(exchange.userUrl);
  expect((await refusedUpgrade(exchange.publicUrl)).status).toBe(429);
  expect(exchange.stats()).toMatchObject({
    refusedUpgrades: 1,
    connections: { public: { total: 1 }, user: { open: 7 } },
  });
});

test('pings are answered and a book is never crossed', async () => {
  const exchange = await exchangeFor({ seed: 11 });
  const client = await Client.open(exchange.publicUrl);
  const pong = new Promise<string>((resolve) => client.ws.on('pong', (data) => resolve(String(data))));
  client.ws.ping('hello');
  expect(await pong).toBe('hello');
  client.subscribe('level2', { product_ids: ['BTC-USD'] });
  const book = { bid: new Map<number, number>(), offer: new Map<number, number>() };
  for (const frame of await client.count(onChannel('l2_data'), 20)) {
    for (const u of frame.events[0].updates) {
      const side = book[u.side as 'bid' | 'offer'];
      if (Number(u.new_quantity) === 0) side.delete(Number(u.price_level));
      else side.set(Number(u.price_level), Number(u.new_quantity));
    }
    expect(Math.max(...book.bid.keys())).toBeLessThan(Math.min(...book.offer.keys()));
  }
  expect(book.bid.size + book.offer.size).toBeGreaterThan(400);
});

test('the same seed tells the same prices', async () => {
  const prices = await Promise.all(
    [5, 5, 6].map(async (seed) => {
      const exchange = await exchangeFor({ seed, overrides: still });
      return (await call(exchange, '/market/product_book?product_id=BTC-USD&limit=5', { key: null })).json.pricebook
        .bids;
    }),
  );
  expect(prices[0]).toEqual(prices[1]);
  expect(prices[0]).not.toEqual(prices[2]);
});
