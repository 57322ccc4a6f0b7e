// A public client of another maker, used as it comes from npm: what it can do with the real service it can do here.
import { Agent } from 'node:https';
import { CBAdvancedTradeClient, WebsocketClient } from 'coinbase-api';
import { expect, onTestFinished, test } from 'vitest';
import type { Exchange } from '../../src/exchange/exchange.ts';
import type { ClientKey } from '../../src/exchange/identity.ts';
import { exchangeFor, type Frame, until } from './support.ts';

const silent = { trace: () => {}, info: () => {}, error: () => {} };

function socketClient(url: string, key: ClientKey): { client: WebsocketClient; frames: Frame[] } {
  // Its socket half does not convert every form of a secret, so it gets the one that its manual shows.
  const client = new WebsocketClient({ apiKey: key.id, apiSecret: key.secret, wsUrl: url }, silent);
  const frames: Frame[] = [];
  client.on('update', (frame: Frame) => frames.push(frame));
  client.on('response', (frame: Frame) => frames.push(frame));
  client.on('exception', (frame: Frame) => frames.push({ exception: frame }));
  onTestFinished(() => client.closeAll(true));
  return { client, frames };
}

/** It cuts eight characters off the base URL when it signs, so that only https URLs come out right. */
function restClient(exchange: Exchange, key: ClientKey): CBAdvancedTradeClient {
  const httpsAgent = new Agent({ ca: exchange.caPem ?? '' });
  onTestFinished(() => httpsAgent.destroy());
  return new CBAdvancedTradeClient(
    { apiKey: key.id, apiSecret: key.secret, baseUrl: exchange.restUrl },
    { httpsAgent },
  );
}

test('its public socket gets tickers and heartbeats', async () => {
  const exchange = await exchangeFor();
  const { client, frames } = socketClient(exchange.publicUrl, exchange.keys.es256);
  client.subscribe({ topic: 'heartbeats' }, 'advTradeMarketData');
  client.subscribe({ topic: 'ticker', payload: { product_ids: ['BTC-USD', 'ETH-USD'] } }, 'advTradeMarketData');
  for (const channel of ['subscriptions', 'heartbeats', 'ticker']) {
    await until(() => frames.some((f) => f.channel === channel));
  }
  expect(frames.filter((f) => f.exception !== undefined)).toEqual([]);
});

test.each(['es256', 'ed25519'] as const)('its user socket signs with %s and gets the open orders', async (name) => {
  const exchange = await exchangeFor();
  const { client, frames } = socketClient(exchange.userUrl, exchange.keys[name]);
  client.subscribe({ topic: 'user' }, 'advTradeUserData');
  await until(() => frames.some((f) => f.channel === 'user'));
  const snapshot = frames.find((f) => f.channel === 'user').events[0];
  expect([snapshot.type, snapshot.orders.length]).toEqual(['snapshot', 4]);
  expect(exchange.stats().refusedTokens).toBe(0);
});

test.each(['es256', 'ed25519'] as const)('its REST half reads and trades with %s', async (name) => {
  const exchange = await exchangeFor({ tls: true, overrides: { fillAfterMs: 60, cancelAfterMs: 20 } });
  const client = restClient(exchange, exchange.keys[name]);
  expect(Number((await client.getServerTime()).epochMillis)).toBeGreaterThan(1_700_000_000_000);
  expect((await client.getApiKeyPermissions()).can_trade).toBe(true);
  expect((await client.getAccounts()).accounts).toHaveLength(49);
  expect((await client.getProducts()).products.length).toBeGreaterThan(60);
  const placed: Frame = await client.submitOrder({
    client_order_id: client.generateNewOrderId(),
    product_id: 'BTC-USD',
    side: 'BUY',
    order_configuration: { limit_limit_gtc: { base_size: '0.001', limit_price: '50000', post_only: true } },
  });
  expect(placed.success).toBe(true);
  const { results } = await client.cancelOrders({ order_ids: [placed.order_id] });
  expect(results[0]?.success).toBe(true);
  const status = async () => (await client.getOrder({ order_id: placed.order_id })).order.status;
  await until(async () => (await status()) === 'CANCELLED');
});

test('its REST half is refused without the CA', async () => {
  const exchange = await exchangeFor({ tls: true });
  const { id, secret } = exchange.keys.es256;
  const client = new CBAdvancedTradeClient({ apiKey: id, apiSecret: secret, baseUrl: exchange.restUrl });
  await expect(client.getServerTime()).rejects.toMatchObject({ code: expect.stringMatching(/CERT|UNABLE/) });
});
