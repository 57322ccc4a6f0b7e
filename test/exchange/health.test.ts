// An exchange without faults shows none, and one that has suffered every fault is well again after clear.
import { expect, test } from 'vitest';
import { scenarios } from '../../src/exchange/scenarios.ts';
import { Client, call, exchangeFor, type Frame, makeToken, onChannel, until } from './support.ts';

test('busy orders, busy feed: no gap, no missed beat, and the money always fits', async () => {
  const overrides = { orderEverySeconds: 0.05, cancelAfterMs: 20, privatePerSecond: 1000 };
  const exchange = await exchangeFor({ seed: 21, overrides });
  const client = await Client.open(exchange.publicUrl);
  client.subscribe('heartbeats');
  client.subscribe('user', { jwt: makeToken(exchange.keys.es256, null) });
  client.subscribe('market_trades', { product_ids: ['BTC-USD', 'ETH-USD'] });
  await client.frame(onChannel('user'));
  const { portfolio_uuid: uuid } = (await call(exchange, '/key_permissions')).json;
  let exact = 0;
  await until(async () => {
    const before = (await call(exchange, '/accounts?limit=250')).text;
    const { breakdown } = (await call(exchange, `/portfolios/${uuid}`)).json;
    const after = await call(exchange, '/accounts?limit=250');
    if (before === after.text) {
      for (const account of after.json.accounts) {
        const total = Number(account.available_balance.value) + Number(account.hold.value);
        const position = breakdown.spot_positions.find((p: { asset: string }) => p.asset === account.currency);
        expect(position?.total_balance_crypto ?? 0, account.currency).toBeCloseTo(total, 7);
      }
      exact += 1;
    }
    return exact >= 20 && client.frames.filter(onChannel('heartbeats')).length >= 2;
  });
  expect(client.frames.map((f) => f.sequence_num)).toEqual(client.frames.map((_, i) => i));
  const statuses = new Set(
    client.frames
      .filter(onChannel('user'))
      .flatMap((f: Frame) => f.events[0].orders.map((o: { status: string }) => o.status)),
  );
  expect([...statuses].sort()).toEqual(['CANCELLED', 'CANCEL_QUEUED', 'FILLED', 'OPEN']);
});

test('every fault of every scenario can be applied, and clear ends them all', async () => {
  const overrides = { connectsPerSecond: 100, messagesPerSecond: 100, traffic: false, heartbeatMs: 50 };
  const exchange = await exchangeFor({ tls: true, overrides });
  const old = await Client.open(exchange.publicUrl, { ca: exchange.caPem });
  old.subscribe('heartbeats');
  await old.frame(onChannel('heartbeats'));
  for (const step of scenarios.flatMap((s) => s.steps)) exchange.apply(step.fault);
  exchange.clear();
  await old.closed;
  for (const url of [exchange.publicUrl, exchange.userUrl]) {
    const client = await Client.open(url, { ca: exchange.caPem });
    client.subscribe('heartbeats');
    client.subscribe('user', { jwt: makeToken(exchange.keys.es256, null) });
    const beats = await client.count(onChannel('heartbeats'), 3);
    await client.frame(onChannel('user'));
    expect(beats.map((b) => b.events[0].heartbeat_counter - beats[0].events[0].heartbeat_counter)).toEqual([0, 1, 2]);
    expect(client.frames.map((f) => f.sequence_num)).toEqual(client.frames.map((_, i) => i));
  }
});
