// Everything that waits: polls, frames, connects, pings, first tokens. On a clock that tests move by hand.

import { describe, expect, test } from 'vitest';
import type { Endpoint, Parameters } from '../../src/coinbase/endpoints.ts';
import { createConnector } from '../../src/feed/connector.ts';
import { createOutbox, createPace, type FrameCommand } from '../../src/feed/outbox.ts';
import { createPinger } from '../../src/feed/pinger.ts';
import { createPoller } from '../../src/feed/poller.ts';
import type { Why } from '../../src/feed/rest.ts';
import { createServerClock } from '../../src/feed/server-clock.ts';
import type { Socket, SocketState } from '../../src/feed/socket.ts';
import { createTokens } from '../../src/feed/tokens.ts';
import { FactLog } from './fact-log.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { FakeSigner } from './fake-signer.ts';

describe('polls', () => {
  const setUp = (canSign = true) => {
    const clock = new FakeClock();
    const startMs = clock.monotonic;
    const calls: { name: string; atMs: number; why: Why; params: Parameters }[] = [];
    let takesMs = 0;
    let paused = false;
    const call = (endpoint: Endpoint, params: Parameters, why: Why): Promise<void> => {
      calls.push({ name: endpoint.name, atMs: clock.monotonic - startMs, why, params });
      return new Promise((resolve) => clock.setTimeout(resolve, takesMs));
    };
    const poller = createPoller({ clock, canSign, call, isPaused: () => paused });
    const at = (name: string): number[] => calls.filter((each) => each.name === name).map((each) => each.atMs);
    const take = (ms: number) => {
      takesMs = ms;
    };
    const hold = (on: boolean) => {
      paused = on;
    };
    return { clock, calls, poller, at, take, hold };
  };

  test('first calls at once, apart from each other, then on a steady grid', async () => {
    const { clock, poller, at } = setUp();
    poller.poll('time', 10_000);
    poller.poll('accounts', 30_000);
    poller.poll('orders', 10_000);
    await clock.advance(21_000);
    expect(at('time')).toEqual([0, 10_000, 20_000]);
    expect(at('accounts')).toEqual([125]);
    expect(at('orders')).toEqual([250, 10_250, 20_250]);
  });

  test('never overlaps itself and never catches up', async () => {
    const { clock, poller, at, take } = setUp();
    take(2_500);
    poller.poll('orders', 1_000);
    await clock.advance(7_000);
    expect(at('orders')).toEqual([0, 3_000, 6_000]);
  });

  test('skips while paused, goes on afterwards, ends at 0', async () => {
    const { clock, poller, at, hold } = setUp();
    poller.poll('orders', 1_000);
    await clock.advance(1_500);
    hold(true);
    await clock.advance(3_000);
    hold(false);
    await clock.advance(1_000);
    poller.poll('orders', 0);
    await clock.advance(5_000);
    expect(at('orders')).toEqual([0, 1_000, 5_000]);
  });

  test('the same pace again is a retry: at once, then a new grid', async () => {
    const { clock, calls, poller, at } = setUp();
    poller.poll('orders', 10_000);
    await clock.advance(4_000);
    poller.poll('orders', 10_000);
    await clock.advance(11_000);
    expect(at('orders')).toEqual([0, 4_000, 14_000]);
    expect(calls.map((each) => each.why)).toEqual(['poll', 'retry', 'poll']);
  });

  test('without a signer only time and the public products', async () => {
    const { clock, calls, poller } = setUp(false);
    for (const name of ['time', 'key_permissions', 'accounts', 'orders', 'fills', 'products', 'portfolio'] as const) {
      poller.poll(name, 10_000);
    }
    await clock.advance(5_000);
    expect(calls.map((each) => each.name)).toEqual(['time', 'market_products']);
  });

  test('portfolio waits for the uuid, then runs at once', async () => {
    const { clock, calls, poller } = setUp();
    poller.poll('portfolio', 60_000);
    await clock.advance(1_000);
    poller.learnPortfolio('not json');
    poller.learnPortfolio('{"portfolio_uuid":"../accounts"}');
    await clock.advance(1_000);
    expect(calls).toEqual([]);
    poller.learnPortfolio('{"portfolio_uuid":"4d1b7a10-0000-4000-8000-000000000001"}');
    poller.learnPortfolio('{"portfolio_uuid":"4d1b7a10-0000-4000-8000-000000000001"}');
    await clock.advance(1_000);
    expect(calls.map((each) => each.params)).toEqual([{ portfolio_uuid: '4d1b7a10-0000-4000-8000-000000000001' }]);
  });
});

describe('frames', () => {
  const setUp = (mayCarryToken = true) => {
    const clock = new FakeClock();
    const log = new FactLog();
    const signer = new FakeSigner();
    const server = createServerClock(clock);
    server.measured({ sentMs: clock.monotonic, firstByteMs: clock.monotonic, serverMs: clock.wall });
    const tokens = createTokens(signer, server, clock, log.emit);
    const sent: { text: string; atMs: number }[] = [];
    let state: SocketState = 'open';
    const startMs = clock.monotonic;
    const socket: Socket = {
      get state() {
        return state;
      },
      connect: () => undefined,
      send(text) {
        if (state === 'open') sent.push({ text, atMs: clock.monotonic - startMs });
        return state === 'open';
      },
      close: () => undefined,
      ping: () => undefined,
    };
    const outbox = createOutbox({ socket, clock, emit: log.emit, tokens, pace: createPace(clock), mayCarryToken });
    const setState = (next: SocketState) => {
      state = next;
    };
    return { clock, log, signer, sent, outbox, setState };
  };
  const command = (channel: string, signed = false): FrameCommand => ({
    command: 'subscribe',
    connection: 'user',
    channel,
    productIds: [],
    signed,
  });

  test('in the order commanded, at most seven in any second', async () => {
    const { clock, sent, outbox } = setUp();
    const channels = Array.from({ length: 20 }, (_, index) => `c${index}`);
    for (const channel of channels) outbox.send(command(channel, channel === 'c1'));
    await clock.advance(5_000);
    expect(sent.map(({ text }) => (JSON.parse(text) as { channel: string }).channel)).toEqual(channels);
    for (const { atMs } of sent) {
      expect(sent.filter((each) => each.atMs >= atMs && each.atMs < atMs + 1_000).length).toBeLessThanOrEqual(7);
    }
    expect(sent.slice(0, 4).every(({ atMs }) => atMs === 0)).toBe(true);
    expect(sent[4]?.atMs).toBe(130);
  });

  test('a signed frame carries a fresh token; the fact shows claims and no signature', async () => {
    const { log, sent, outbox } = setUp();
    outbox.send(command('user', true));
    outbox.send(command('futures_balance_summary', true));
    await settle();
    expect(new Set(sent.map(({ text }) => (JSON.parse(text) as { jwt: string }).jwt)).size).toBe(2);
    expect(log.names()).toEqual(['token.made', 'frame.sent', 'token.made', 'frame.sent']);
    const frame = log.all('frame.sent')[0];
    expect(frame?.token?.tokenId).toBe(1);
    expect(frame?.text).toContain('[signature removed]');
    expect(frame?.text).not.toContain('SIGNATURE');
  });

  test('no token where it would travel in the clear; the frame still goes', async () => {
    const { log, signer, sent, outbox } = setUp(false);
    outbox.send(command('user', true));
    await settle();
    expect(sent.map(({ text }) => text)).toEqual(['{"type":"subscribe","channel":"user"}']);
    expect(log.all('frame.sent')[0]?.token).toBeNull();
    expect(signer.asked).toEqual([]);
  });

  test('what waits for a socket that has gone is dropped', async () => {
    const { clock, sent, outbox, setState } = setUp();
    for (let count = 0; count < 6; count += 1) outbox.send(command(`c${count}`));
    await settle();
    setState('idle');
    outbox.clear();
    setState('open');
    outbox.send(command('new'));
    await clock.advance(2_000);
    expect(sent.map(({ text }) => (JSON.parse(text) as { channel: string }).channel)).toEqual([
      'c0',
      'c1',
      'c2',
      'c3',
      'new',
    ]);
  });
});

describe('tokens', () => {
  test('the first waits for server time, but no longer than a second; then it is the local clock', async () => {
    const clock = new FakeClock();
    const log = new FactLog();
    const tokens = createTokens(new FakeSigner(), createServerClock(clock), clock, log.emit);
    void tokens.make('user');
    await clock.advance(900);
    expect(log.facts).toEqual([]);
    await clock.advance(100);
    expect(log.all('token.made').map((fact) => fact.clock)).toEqual(['local']);
    void tokens.make('user');
    await settle();
    expect(log.all('token.made')).toHaveLength(2);
  });

  test('server time as soon as it is measured', async () => {
    const clock = new FakeClock();
    const log = new FactLog();
    const signer = new FakeSigner();
    const server = createServerClock(clock);
    void createTokens(signer, server, clock, log.emit).make('rest', 'GET h/p');
    await clock.advance(300);
    server.measured({ sentMs: clock.monotonic, firstByteMs: clock.monotonic, serverMs: clock.wall - 40_000 });
    await settle();
    expect(log.all('token.made').map((fact) => fact.clock)).toEqual(['server']);
    expect(signer.asked[0]?.uri).toBe('GET h/p');
    expect(Math.abs((signer.asked[0]?.nowMs ?? 0) - (clock.wall - 40_000))).toBeLessThan(2);
  });

  test('a measurement under way is waited for, at most a second', async () => {
    const clock = new FakeClock();
    const log = new FactLog();
    const server = createServerClock(clock);
    server.measured({ sentMs: 0, firstByteMs: 0, serverMs: clock.wall });
    const tokens = createTokens(new FakeSigner(), server, clock, log.emit);
    tokens.awaitMeasurement(new Promise(() => undefined));
    void tokens.make('user');
    await clock.advance(999);
    expect(log.facts).toEqual([]);
    await clock.advance(1);
    expect(log.all('token.made')).toHaveLength(1);
    tokens.awaitMeasurement(Promise.reject(new Error('no answer')));
    await settle();
    void tokens.make('user');
    await settle();
    expect(log.all('token.made')).toHaveLength(2);
  });
});

describe('connects', () => {
  const setUp = () => {
    const clock = new FakeClock();
    const log = new FactLog();
    const startMs = clock.monotonic;
    const started: string[] = [];
    const states: Record<'public' | 'user', SocketState> = { public: 'idle', user: 'idle' };
    const socket = (name: 'public' | 'user'): Socket => ({
      get state() {
        return states[name];
      },
      connect(attempt) {
        states[name] = 'open';
        started.push(`${name} #${attempt} at ${clock.monotonic - startMs}`);
      },
      send: () => true,
      close: () => {
        states[name] = 'closing';
      },
      ping: () => undefined,
    });
    const sockets = { public: socket('public'), user: socket('user') };
    const connector = createConnector({ sockets, clock, emit: log.emit, random: () => 0.5 });
    return { clock, log, started, states, connector };
  };
  const again = { command: 'reconnect', baseMs: 1_000, capMs: 30_000, floorMs: 0, reason: 'closed 1006' } as const;

  test('public first, a quarter of a second apart', async () => {
    const { clock, started, connector } = setUp();
    connector.connect({ command: 'connect', connection: 'user', attempt: 1 });
    connector.connect({ command: 'connect', connection: 'public', attempt: 1 });
    await clock.advance(1_000);
    expect(started).toEqual(['public #1 at 0', 'user #1 at 250']);
  });

  test('a reconnect draws its delay, tells it, and waits', async () => {
    const { clock, log, started, connector } = setUp();
    connector.reconnect({ ...again, connection: 'user', attempt: 3 });
    await clock.advance(5_000);
    const expected = { fact: 'retry.scheduled', connection: 'user', attempt: 3, delayMs: 2_000, reason: 'closed 1006' };
    expect(log.facts).toEqual([expected]);
    expect(started).toEqual(['user #3 at 2000']);
  });

  test('a newer connect or disconnect cancels what was pending', async () => {
    const { clock, started, connector } = setUp();
    connector.reconnect({ ...again, connection: 'user', attempt: 9 });
    connector.connect({ command: 'connect', connection: 'user', attempt: 1 });
    connector.reconnect({ ...again, connection: 'public', attempt: 2 });
    connector.disconnect({ command: 'disconnect', connection: 'public', reason: 'asked' });
    await clock.advance(60_000);
    expect(started).toEqual(['user #1 at 0']);
  });

  test('connecting anew waits for the end of the present socket', async () => {
    const { clock, started, states, connector } = setUp();
    connector.connect({ command: 'connect', connection: 'user', attempt: 1 });
    await clock.advance(1_000);
    connector.connect({ command: 'connect', connection: 'user', attempt: 2 });
    await clock.advance(400);
    expect(started).toHaveLength(1);
    states.user = 'idle';
    connector.ended('user');
    await clock.advance(1);
    expect(started).toEqual(['user #1 at 0', 'user #2 at 1400']);
  });
});

describe('pings', () => {
  const setUp = () => {
    const clock = new FakeClock();
    const pings: string[] = [];
    const trips: number[] = [];
    const dead: number[] = [];
    const pinger = createPinger({
      clock,
      everyMs: 5_000,
      halfOpenAfterMs: 15_000,
      ping: (payload) => pings.push(payload),
      pong: (ms) => trips.push(ms),
      halfOpen: (ms) => {
        dead.push(ms);
        pinger.stop();
      },
    });
    pinger.start();
    return { clock, pings, trips, dead, pinger };
  };

  test('one every five seconds; a pong gives the round trip; a foreign pong gives none', async () => {
    const { clock, pings, trips, pinger } = setUp();
    await clock.advance(5_000);
    expect(pings).toHaveLength(1);
    clock.block(12);
    pinger.answered(pings[0] ?? '');
    pinger.answered('somebody else');
    expect(trips).toEqual([12]);
    await clock.advance(10_000);
    expect(pings).toHaveLength(3);
  });

  test('fifteen seconds without frame or pong: half-open', async () => {
    const { clock, dead } = setUp();
    await clock.advance(14_900);
    expect(dead).toEqual([]);
    await clock.advance(200);
    expect(dead).toHaveLength(1);
  });

  test('frames alone keep it alive', async () => {
    const { clock, dead, pinger } = setUp();
    for (let second = 0; second < 60; second += 1) {
      pinger.heard();
      await clock.advance(1_000);
    }
    expect(dead).toEqual([]);
  });

  test('being late ourselves is no silence of theirs: one more ping is waited for', async () => {
    const { clock, dead, pings } = setUp();
    await clock.advance(1_000);
    clock.block(60_000);
    await clock.advance(1);
    expect(dead).toEqual([]);
    expect(pings.length).toBeGreaterThan(0);
    await clock.advance(6_000);
    expect(dead).toHaveLength(1);
  });
});
