// The live feed as a whole, over loopback: commands in, facts out.

import { createServer } from 'node:http';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Settings } from '../../src/core/fact.ts';
import type { Feed } from '../../src/feed/feed.ts';
import { createLiveFeed, type LiveOptions } from '../../src/feed/live.ts';
import { FactLog } from './fact-log.ts';
import { FakeSigner } from './fake-signer.ts';
import { closeServers, refusedPort, webSocketServer } from './loopback.ts';

const feeds: Feed[] = [];
afterEach(async () => {
  await Promise.all(feeds.splice(0).map((feed) => feed.stop('test over')));
  closeServers();
});

const PORTFOLIO = '4d1b7a10-0000-4000-8000-000000000001';

interface World {
  log: FactLog;
  feed: Feed;
  said: string[];
  paths: string[];
}

async function world(more: Partial<LiveOptions> = {}, settings: Partial<Settings> = {}): Promise<World> {
  const said: string[] = [];
  const paths: string[] = [];
  const http = createServer((request, response) => {
    const path = request.url ?? '';
    paths.push(path);
    if (path.endsWith('/time')) return response.end(JSON.stringify({ epochMillis: String(Date.now() + 5_000) }));
    if (path.endsWith('/key_permissions'))
      return response.end(JSON.stringify({ can_view: true, portfolio_uuid: PORTFOLIO }));
    return response.end('{}');
  });
  const { port } = await webSocketServer((ws) => ws.on('message', (text) => said.push(String(text))), http);
  const log = new FactLog();
  const feed = createLiveFeed(
    {
      settings: {
        products: ['BTC-USD'],
        channels: ['ticker', 'user'],
        publicUrl: `ws://127.0.0.1:${port}`,
        userUrl: `ws://127.0.0.1:${port}`,
        restUrl: `http://127.0.0.1:${port}`,
        polls: { time: 0, key_permissions: 0, accounts: 0, orders: 0, fills: 0, products: 0, portfolio: 0 },
        needs: ['view'],
        uiShows: null,
        user: true,
        rest: true,
        heartbeats: true,
        signPublic: false,
        reauth: 'resubscribe',
        deflate: false,
        ...settings,
      },
      signer: new FakeSigner(),
      caPem: null,
      ...more,
    },
    log.emit,
  );
  feeds.push(feed);
  return { log, feed, said, paths };
}

describe('live feed', () => {
  test('connect, subscribe signed in server time, disconnect', async () => {
    const { log, feed, said } = await world();
    feed.perform({ command: 'measure-clock', reason: 'start' });
    feed.perform({ command: 'connect', connection: 'user', attempt: 1 });
    await log.wait('socket.opened');
    feed.perform({ command: 'subscribe', connection: 'user', channel: 'heartbeats', productIds: [], signed: false });
    feed.perform({ command: 'subscribe', connection: 'user', channel: 'user', productIds: [], signed: true });
    const frame = await log.wait('frame.sent', 2);
    expect(log.all('request.sent')[0]).toMatchObject({ endpoint: 'time', why: 'clock', signed: false });
    const made = await log.wait('token.made');
    expect(made).toMatchObject({ purpose: 'user', clock: 'server' });
    expect(made.token.nbf - Math.floor(Date.now() / 1000)).toBeGreaterThanOrEqual(-2);
    expect(frame.token).toEqual(made.token);
    await vi.waitFor(() => expect(said).toHaveLength(2));
    feed.perform({ command: 'disconnect', connection: 'user', reason: 'asked' });
    expect(await log.wait('socket.closed')).toMatchObject({ code: 1000, by: 'client', cause: 'asked' });
    expect(JSON.stringify(log.facts)).not.toContain('SIGNATURE');
  });

  test('portfolio is polled with the uuid that key_permissions told', async () => {
    const { log, feed, paths } = await world();
    feed.perform({ command: 'poll', name: 'portfolio', everyMs: 60_000 });
    feed.perform({ command: 'poll', name: 'key_permissions', everyMs: 60_000 });
    await log.wait('response.arrived', 2);
    expect(paths).toEqual(['/api/v3/brokerage/key_permissions', `/api/v3/brokerage/portfolios/${PORTFOLIO}`]);
  });

  test('pause-rest is told in session time and stops polls', async () => {
    const { log, feed, paths } = await world({ originMs: performance.now() - 5_000 });
    feed.perform({ command: 'pause-rest', untilT: 65_000, reason: 'penalty' });
    feed.perform({ command: 'poll', name: 'time', everyMs: 20 });
    feed.start();
    await log.wait('tick');
    expect(log.all('rest.paused')).toEqual([{ fact: 'rest.paused', untilT: 65_000, reason: 'penalty' }]);
    expect(paths).toEqual([]);
  });

  test('ticks come with the loop measured and the gauges of the engine', async () => {
    const { log, feed } = await world({ gauges: () => ({ queue: 3, dropped: 1, screensPerSecond: 4 }) });
    feed.start();
    await log.wait('tick', 2);
    const measured = await log.wait('loop.measured');
    expect(measured).toMatchObject({ queue: 3, dropped: 1, screensPerSecond: 4 });
    expect(measured.heapBytes).toBeGreaterThan(1_000_000);
    expect(measured.rssBytes).toBeGreaterThan(measured.heapBytes / 2);
    expect(log.names()).toEqual(['loop.measured', 'tick', 'loop.measured', 'tick']);
  });

  test('probes: a matrix of what works, one run at a time', async () => {
    const { log, feed } = await world({}, { userUrl: `wss://127.0.0.1:${await refusedPort()}` });
    feed.perform({ command: 'probe', reason: 'a test' });
    feed.perform({ command: 'probe', reason: 'a second' });
    const { results, reason } = await log.wait('probes.finished');
    expect(reason).toBe('a test');
    const row = (name: string, nth = 0) => results.filter((each) => each.name === name)[nth];
    expect(row('dns A')).toMatchObject({ result: 'skipped', tookMs: null });
    expect(row('tcp')).toMatchObject({ result: 'pass' });
    expect(row('tcp', 1)).toMatchObject({ result: 'fail', detail: 'ECONNREFUSED' });
    expect(row('tls')).toMatchObject({ result: 'fail', detail: 'ECONNREFUSED' });
    expect(row('GET /time')).toMatchObject({ result: 'pass', detail: '200' });
    expect(row('GET /key_permissions')).toMatchObject({ result: 'pass' });
    expect(row('public socket')).toMatchObject({ result: 'pass' });
    expect(log.all('request.sent').every((fact) => fact.why === 'probe')).toBe(true);
    expect(log.all('socket.opened')).toEqual([]);
    expect(log.all('probes.finished')).toHaveLength(1);
  });

  test('probes without REST ask for server time alone', async () => {
    const { log, feed, paths } = await world({}, { rest: false });
    feed.perform({ command: 'probe', reason: 'a test' });
    const { results } = await log.wait('probes.finished');
    expect(results.map(({ name }) => name).filter((name) => name.startsWith('GET'))).toEqual(['GET /time']);
    expect(paths).toEqual(['/api/v3/brokerage/time']);
  });

  test('stop closes everything within a second and says nothing afterwards', async () => {
    const { log, feed } = await world();
    feed.start();
    feed.perform({ command: 'connect', connection: 'public', attempt: 1 });
    feed.perform({ command: 'connect', connection: 'user', attempt: 1 });
    await log.wait('socket.opened', 2);
    const startedMs = performance.now();
    await feed.stop('the user quit');
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    expect(log.all('socket.closed').map((fact) => fact.detail)).toEqual(['the user quit', 'the user quit']);
    const told = log.facts.length;
    feed.perform({ command: 'connect', connection: 'public', attempt: 1 });
    feed.perform({ command: 'measure-clock', reason: 'x' });
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(log.facts).toHaveLength(told);
  });
});
