// Every fault, applied to a running exchange and seen from outside.
import { expect, test } from 'vitest';
import type { Fault } from '../../src/exchange/fault.ts';
import {
  Client,
  call,
  exchangeFor,
  type Frame,
  isError,
  makeToken,
  onChannel,
  refusedUpgrade,
  until,
} from './support.ts';

const quick = { orderEverySeconds: 0, heartbeatMs: 40, messagesPerSecond: 100, connectsPerSecond: 100 } as const;
const still = { ...quick, traffic: false } as const;

async function watched(
  fault: Fault | null,
  channel = 'heartbeats',
  overrides: object = still,
): Promise<{ client: Client; apply: (f: Fault) => void }> {
  const exchange = await exchangeFor({ overrides });
  const client = await Client.open(exchange.publicUrl);
  client.subscribe(channel, { product_ids: ['BTC-USD'] });
  await client.frame(onChannel('subscriptions'));
  if (fault !== null) exchange.apply(fault);
  return { client, apply: (f) => exchange.apply(f) };
}

const numbers = (client: Client) => client.frames.map((f) => f.sequence_num);
const counters = (frames: Frame[]) =>
  frames.filter(onChannel('heartbeats')).map((f) => Number(f.events[0].heartbeat_counter));
const steps = (list: number[]) => list.slice(1).map((n, i) => n - (list[i] ?? 0));

test.each([
  [{ kind: 'close', code: 1000 }, 1000, ''],
  [{ kind: 'close', on: 'public', code: 1001, reason: 'moving' }, 1001, 'moving'],
  [{ kind: 'close', code: 1006 }, 1006, ''],
  [{ kind: 'cut', how: 'fin' }, 1006, ''],
  [{ kind: 'cut', how: 'reset' }, 1006, ''],
] as [Fault, number, string][])('%j ends the connection', async (fault, code, reason) => {
  const { client } = await watched(fault);
  expect(await client.closed).toEqual({ code, reason });
});

test('a close may strike only one connection, only one host, or the next to open', async () => {
  const exchange = await exchangeFor({ overrides: still });
  const first = await Client.open(exchange.publicUrl);
  const second = await Client.open(exchange.publicUrl);
  exchange.apply({ kind: 'close', on: 'user', code: 1000 });
  exchange.apply({ kind: 'close', on: 'public', code: 1001, pick: 'one' });
  expect((await first.closed).code).toBe(1001);
  exchange.apply({ kind: 'close', on: 'public', code: 1012, nextOpens: 1, afterMs: 20 });
  const third = await Client.open(exchange.publicUrl);
  expect((await third.closed).code).toBe(1012);
  const fourth = await Client.open(exchange.publicUrl);
  for (const client of [second, fourth]) {
    client.subscribe('heartbeats');
    await client.frame(onChannel('heartbeats'));
  }
});

test('a mute server still answers pings; a half-open connection does not', async () => {
  for (const pongs of [true, false]) {
    const { client, apply } = await watched(null);
    let answered = 0;
    client.ws.on('pong', () => answered++);
    apply({ kind: 'mute', on: 'public', pongs, seconds: 0.3 });
    await new Promise((resolve) => setTimeout(resolve, 80));
    const seen = client.frames.length;
    client.ws.ping();
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect([client.frames.length - seen, answered]).toEqual([0, pongs ? 1 : 0]);
    await client.frame(onChannel('heartbeats'), seen);
  }
});

test('a silent channel leaves the others alone and leaves no gap', async () => {
  const { client, apply } = await watched(null, 'ticker', quick);
  client.subscribe('heartbeats');
  apply({ kind: 'silence', channel: 'ticker' });
  const from = client.frames.length;
  await client.count(onChannel('heartbeats'), 20);
  expect(client.frames.slice(from).filter(onChannel('ticker'))).toEqual([]);
  expect(new Set(steps(numbers(client)))).toEqual(new Set([1]));
});

test('dropped frames leave a gap, of one channel if wanted', async () => {
  const { client, apply } = await watched(null, 'ticker', quick);
  client.subscribe('heartbeats');
  apply({ kind: 'drop', frames: 2, channel: 'heartbeats' });
  await client.count(onChannel('heartbeats'), 3);
  expect(steps(counters(client.frames))).toEqual([1, 1]);
  expect(
    steps(numbers(client))
      .filter((n) => n > 1)
      .reduce((sum, n) => sum + n - 1, 0),
  ).toBe(2);
});

test('skipped heartbeats jump the counter, with or without a number of their own', async () => {
  for (const useSequence of [false, true]) {
    const { client } = await watched(null);
    await client.frame(onChannel('heartbeats'));
    const { client: struck } = await watched({ kind: 'skip-heartbeats', beats: 2, useSequence });
    const before = struck.frames.filter(onChannel('heartbeats')).length;
    await struck.count(onChannel('heartbeats'), before + 3);
    expect(Math.max(...steps(numbers(struck)))).toBe(useSequence ? 3 : 1);
  }
});

test('a skip between two beats is a jump of one more', async () => {
  const { client, apply } = await watched(null);
  await client.count(onChannel('heartbeats'), 2);
  apply({ kind: 'skip-heartbeats', beats: 1 });
  await client.count(onChannel('heartbeats'), 5);
  expect(Math.max(...steps(counters(client.frames)))).toBe(2);
  expect(Math.max(...steps(numbers(client)))).toBe(1);
});

test('delayed heartbeats come late, in order, and catch up', async () => {
  const { client, apply } = await watched(null);
  await client.count(onChannel('heartbeats'), 2);
  const before = performance.now();
  apply({ kind: 'delay-heartbeats', ms: 200, seconds: 0.3 });
  const seen = client.frames.length;
  await client.frame(onChannel('heartbeats'), seen);
  expect(performance.now() - before).toBeGreaterThan(150);
  await client.count(onChannel('heartbeats'), 14);
  expect(new Set(steps(counters(client.frames)))).toEqual(new Set([1]));
});

test('frames can be doubled and swapped', async () => {
  const { client, apply } = await watched(null);
  apply({ kind: 'duplicate', frames: 1 });
  await client.count(onChannel('heartbeats'), 3);
  expect(steps(numbers(client))).toContain(0);
  apply({ kind: 'reorder' });
  await client.count(onChannel('heartbeats'), 7);
  expect(steps(numbers(client))).toEqual(expect.arrayContaining([2, -1, 2]));
});

test.each(['not-json', 'truncated', 'wrong-envelope', 'binary'] as const)(
  '%s comes beside the true frames',
  async (form) => {
    const { client } = await watched({ kind: 'malform', form, frames: 1 });
    await client.count(onChannel('heartbeats'), 3);
    const true_ = client.frames.filter((f) => f.sequence_num !== undefined);
    expect(client.frames.length - true_.length).toBe(1);
    expect(new Set(steps(true_.map((f) => f.sequence_num)))).toEqual(new Set([1]));
  },
);

test('control characters, wrong types and a huge frame', async () => {
  const { client, apply } = await watched({ kind: 'malform', form: 'control-characters', frames: 1 });
  await until(() => client.raw.some((text) => text.includes('\u001b]0;')));
  apply({ kind: 'malform', form: 'invalid-types', frames: 1 });
  const odd = await client.frame((f) => f.timestamp === 17);
  expect(Array.isArray(odd.events)).toBe(false);
  apply({ kind: 'malform', form: 'huge', frames: 1 });
  await until(() => client.raw.some((text) => text.length > 2_000_000));
});

test('any text and any error can be sent', async () => {
  const { client, apply } = await watched({ kind: 'text', text: 'pong?' });
  apply({ kind: 'error-frame', message: 'Failed to subscribe', fields: { reason: 'No channels provided' } });
  expect(await client.frame(isError)).toEqual({
    type: 'error',
    message: 'Failed to subscribe',
    reason: 'No channels provided',
  });
  expect(client.raw).toContain('pong?');
});

test('upgrades are refused with status, headers and body, then taken again', async () => {
  const exchange = await exchangeFor({ overrides: still });
  exchange.apply({
    kind: 'refuse-upgrades',
    on: 'public',
    status: 503,
    body: 'html',
    headers: { 'retry-after': '3' },
    count: 1,
  });
  const refused = await refusedUpgrade(exchange.publicUrl);
  expect([refused.status, refused.headers['retry-after']]).toEqual([503, '3']);
  expect(refused.body).toContain('<title>Coinbase Error');
  await Client.open(exchange.publicUrl);
});

test('upgrades hang or are reset', async () => {
  const exchange = await exchangeFor({ overrides: still });
  exchange.apply({ kind: 'reset-upgrades', on: 'user', count: 1 });
  await expect(Client.open(exchange.userUrl)).rejects.toMatchObject({ code: 'ECONNRESET' });
  exchange.apply({ kind: 'hang-upgrades', on: 'public', count: 1 });
  const hung = new Client(exchange.publicUrl);
  await Client.open(exchange.publicUrl);
  expect(hung.ws.readyState).toBe(hung.ws.CONNECTING);
});

test('a listener refuses connections and comes back on its port', async () => {
  const exchange = await exchangeFor({ overrides: still });
  exchange.apply({ kind: 'refuse-connections', on: 'all', seconds: 0.3 });
  for (const url of [exchange.publicUrl, exchange.userUrl]) {
    await expect(Client.open(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  }
  await expect(call(exchange, '/time')).rejects.toThrow();
  await expect.poll(async () => (await call(exchange, '/time').catch(() => null))?.status).toBe(200);
  await Client.open(exchange.publicUrl);
});

test('acknowledgements can fail to come, subscribes can be refused, the counter can be a text', async () => {
  const { client, apply } = await watched(null);
  apply({ kind: 'heartbeat-string' });
  await client.frame((f) => f.channel === 'heartbeats' && typeof f.events[0].heartbeat_counter === 'string');
  apply({ kind: 'no-acknowledgement' });
  client.subscribe('status', { product_ids: ['BTC-USD'] });
  const from = client.frames.indexOf(await client.frame(onChannel('status')));
  await client.frame(onChannel('heartbeats'), from);
  expect(client.frames.slice(from).some(onChannel('subscriptions'))).toBe(false);
  apply({ kind: 'reject-subscribes', count: 1 });
  client.subscribe('ticker', { product_ids: ['BTC-USD'] });
  expect((await client.frame(isError)).message).toBe('authentication failure');
  client.subscribe('ticker', { product_ids: ['BTC-USD'] });
  await client.frame(onChannel('ticker'));
});

test('a connection can end with its token', async () => {
  const exchange = await exchangeFor({ overrides: still });
  exchange.apply({ kind: 'expire-tokens', on: 'user', code: 1008 });
  const now = Math.floor(Date.now() / 1000);
  const client = await Client.open(exchange.userUrl);
  client.subscribe('user', { jwt: makeToken(exchange.keys.es256, null, { claims: { exp: now + 1 } }) });
  await client.frame(onChannel('subscriptions'));
  expect((await client.closed).code).toBe(1008);
});

test('a level2 snapshot can be megabytes', async () => {
  const exchange = await exchangeFor({ overrides: still });
  exchange.apply({ kind: 'big-snapshot' });
  const client = await Client.open(exchange.publicUrl);
  client.subscribe('level2', { product_ids: ['BTC-USD'] });
  await client.frame(onChannel('l2_data'));
  expect(client.raw[0]?.length).toBeGreaterThan(4_500_000);
  expect(client.raw[0]?.length).toBeLessThan(6_000_000);
});

test('REST answers with any status, late, never, or not at all', async () => {
  const exchange = await exchangeFor({ overrides: still });
  exchange.apply({ kind: 'rest-status', path: '/accounts', status: 502, body: 'html', count: 1 });
  expect((await call(exchange, '/key_permissions')).status).toBe(200);
  const page = await call(exchange, '/accounts');
  expect([page.status, page.headers.get('server')]).toEqual([502, 'cloudflare']);
  expect(page.text).toContain('<title>Coinbase Error');
  expect((await call(exchange, '/accounts')).status).toBe(200);
  exchange.apply({ kind: 'rest-status', status: 418, text: 'short and stout', count: 1 });
  expect((await call(exchange, '/time')).text).toBe('short and stout');
  exchange.apply({ kind: 'rest-delay', ms: 150, count: 1 });
  const before = performance.now();
  await call(exchange, '/time');
  expect(performance.now() - before).toBeGreaterThan(140);
  exchange.apply({ kind: 'cut-rest', how: 'reset', count: 1 });
  await expect(call(exchange, '/time')).rejects.toThrow();
  exchange.apply({ kind: 'hang-rest', path: '/time', count: 1 });
  const hung = fetch(`${exchange.restUrl}/api/v3/brokerage/time`, { signal: AbortSignal.timeout(100) });
  await expect(hung).rejects.toThrow(/timeout/i);
  expect((await call(exchange, '/time')).status).toBe(200);
});

test('a stuck order is filled everywhere but in REST, until the fault ends', async () => {
  const exchange = await exchangeFor({ overrides: still });
  const client = await Client.open(exchange.userUrl);
  client.subscribe('user', { jwt: makeToken(exchange.keys.es256, null) });
  await client.frame(onChannel('subscriptions'));
  exchange.apply({ kind: 'stick-order', status: 'OPEN' });
  const done = await client.frame((f) => f.channel === 'user' && f.events[0].orders[0]?.status === 'FILLED', 1);
  const id = done.events[0].orders[0].order_id;
  const order = async () => (await call(exchange, `/orders/historical/${id}`)).json.order;
  expect([(await order()).status, (await order()).filled_size]).toEqual(['OPEN', '0']);
  const { fills } = (await call(exchange, `/orders/historical/fills?order_ids=${id}`)).json;
  expect(fills).toHaveLength(2);
  const open = (await call(exchange, '/orders/historical/batch?order_status=OPEN')).json.orders;
  expect(open.some((o: { order_id: string }) => o.order_id === id)).toBe(true);
  exchange.clear();
  expect((await order()).status).toBe('FILLED');
});

test('a cancel can hang in its queue', async () => {
  const exchange = await exchangeFor({ overrides: still });
  exchange.apply({ kind: 'stick-order', status: 'CANCEL_QUEUED', fill: false });
  const queued = async () =>
    (await call(exchange, '/orders/historical/batch?order_status=CANCEL_QUEUED')).json.orders.length;
  expect(await queued()).toBe(1);
  exchange.clear();
  expect(await queued()).toBe(0);
});
