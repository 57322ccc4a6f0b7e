// The demo's story, twenty times faster: what its script promises is seen by a client that only looks.
import { expect, onTestFinished, test } from 'vitest';
import type { Exchange } from '../../src/exchange/exchange.ts';
import type { Fault } from '../../src/exchange/fault.ts';
import { Player } from '../../src/exchange/player.ts';
import type { Scenario } from '../../src/exchange/scenario.ts';
import { findScenario } from '../../src/exchange/scenarios.ts';
import { Client, call, exchangeFor, type Frame, makeToken, onChannel, until } from './support.ts';

const speed = 20;
// Enough of them that a ticker frame comes several times in every squeezed second.
const busy = ['BTC', 'ETH', 'SOL', 'XRP', 'DOGE', 'ADA', 'AVAX', 'LINK'].map((base) => `${base}-USD`);

function faster(scenario: Scenario): Scenario {
  const squeeze = (fault: Fault): Fault => {
    const copy: Record<string, unknown> = { ...fault };
    for (const name of ['seconds', 'rampSeconds']) if (typeof copy[name] === 'number') copy[name] /= speed;
    return copy as Fault;
  };
  return {
    ...scenario,
    steps: scenario.steps.map((s) => ({ atSeconds: s.atSeconds / speed, fault: squeeze(s.fault) })),
  };
}

async function watch(url: string, channels: Record<string, unknown>[]): Promise<Client> {
  const client = await Client.open(url);
  for (const channel of channels) client.send({ type: 'subscribe', ...channel });
  return client;
}

const jumps = (frames: Frame[], pick: (f: Frame) => number) => frames.slice(1).map((f, i) => pick(f) - pick(frames[i]));

async function poll(exchange: Exchange, seen: Set<number>, stuck: Set<string>): Promise<void> {
  const list = await call(exchange, '/orders/historical/batch');
  const fills = await call(exchange, '/orders/historical/fills');
  seen.add(list.status);
  if (list.status !== 200 || fills.status !== 200) return;
  for (const fill of fills.json.fills) {
    const order = list.json.orders.find((o: { order_id: string }) => o.order_id === fill.order_id);
    if (order?.status === 'OPEN' && order.filled_size === '0') stuck.add(order.order_id);
  }
}

test('each chapter of the story happens and passes', async () => {
  const story = faster(findScenario('story') as Scenario);
  const overrides = { heartbeatMs: 1000 / speed, orderEverySeconds: 0, penaltyAfter: 0 };
  const exchange = await exchangeFor({ scenario: story, overrides });
  const feed = [{ channel: 'heartbeats' }, { channel: 'ticker', product_ids: busy }];
  const open = await watch(exchange.publicUrl, feed);
  const user = await watch(exchange.userUrl, [{ channel: 'user', jwt: makeToken(exchange.keys.es256, null) }]);
  await user.frame(onChannel('subscriptions'));
  const player = new Player(exchange, story);
  onTestFinished(() => player.stop());
  player.begin();
  const statuses = new Set<number>();
  const stuck = new Set<string>();
  const over = performance.now() + (story.durationSeconds / speed) * 1000;
  await until(async () => {
    await poll(exchange, statuses, stuck);
    return performance.now() > over;
  });
  expect((await open.closed).code).toBe(1006);
  expect(Math.max(...jumps(open.frames, (f) => f.sequence_num))).toBeGreaterThan(1);
  const beats = open.frames.filter(onChannel('heartbeats'));
  expect(Math.max(...jumps(beats, (f) => f.events[0].heartbeat_counter))).toBe(2);
  expect(statuses).toEqual(new Set([200, 401, 429]));
  expect(stuck.size).toBe(1);
  expect(
    user.frames.some((f) => stuck.has(f.events[0].orders?.[0]?.order_id) && f.events[0].orders[0].status === 'FILLED'),
  ).toBe(true);
  stuck.clear();
  await until(async () => (await call(exchange, '/accounts')).status === 200);
  await poll(exchange, statuses, stuck);
  expect(stuck.size).toBe(0);
});
