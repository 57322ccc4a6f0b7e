// Estimates of server time, jumps and sleeps, and the tick's grid, on a clock that tests move by hand.

import { describe, expect, test } from 'vitest';
import { readClocks } from '../../src/feed/clock-watch.ts';
import { createServerClock } from '../../src/feed/server-clock.ts';
import { createTicker } from '../../src/feed/ticker.ts';
import { FactLog } from './fact-log.ts';
import { FakeClock } from './fake-clock.ts';

describe('server time', () => {
  const setUp = () => {
    const clock = new FakeClock();
    const server = createServerClock(clock);
    /** A measurement that took `tripMs`, by a server `aheadMs` ahead of this machine. */
    const measure = (aheadMs: number, tripMs: number): void => {
      const sentMs = clock.monotonic;
      const serverMs = Math.floor(clock.wall + aheadMs + tripMs / 2);
      clock.block(tripMs);
      server.measured({ sentMs, firstByteMs: clock.monotonic, serverMs });
    };
    return { clock, server, measure };
  };

  test('before the first measurement it is the local clock', () => {
    const { clock, server } = setUp();
    expect(server.source()).toBe('local');
    expect(server.nowMs()).toBe(clock.wall);
    expect(server.estimate()).toBeNull();
  });

  test.each([[-40_000], [-1], [0], [1_400], [3_600_000]])(
    'an offset of %d ms is found within its uncertainty',
    (aheadMs) => {
      const { clock, server, measure } = setUp();
      measure(aheadMs, 80);
      const estimate = server.estimate();
      expect(estimate?.uncertaintyMs).toBeCloseTo(40.5);
      expect(Math.abs((estimate?.offsetMs ?? Number.NaN) - aheadMs)).toBeLessThanOrEqual(estimate?.uncertaintyMs ?? 0);
      expect(Math.abs(server.nowMs() - (clock.wall + aheadMs))).toBeLessThanOrEqual(41);
      expect(server.source()).toBe('server');
    },
  );

  test('the least uncertain of the last eight counts', () => {
    const { server, measure } = setUp();
    measure(500, 400);
    measure(500, 20);
    measure(500, 300);
    expect(server.estimate()?.uncertaintyMs).toBeCloseTo(10.5);
    for (let count = 0; count < 8; count += 1) measure(500, 100);
    expect(server.estimate()?.uncertaintyMs).toBeCloseTo(50.5);
  });

  test('samples older than two minutes give way; the newest is kept when all are old', () => {
    const { clock, server, measure } = setUp();
    measure(500, 20);
    clock.block(121_000);
    measure(500, 200);
    expect(server.estimate()?.uncertaintyMs).toBeCloseTo(100.5);
    clock.block(600_000);
    expect(server.source()).toBe('server');
    expect(server.estimate()?.uncertaintyMs).toBeCloseTo(100.5);
  });

  test('a sample that contradicts the estimate replaces it', () => {
    const { server, measure } = setUp();
    measure(0, 20);
    measure(5_000, 300);
    expect(Math.abs((server.estimate()?.offsetMs ?? 0) - 5_000)).toBeLessThan(160);
  });

  test('setting the wall clock moves no token; a sleep that monotonic time missed is added', () => {
    const { clock, server, measure } = setUp();
    measure(0, 20);
    const before = server.nowMs();
    clock.wall += 60_000;
    expect(server.nowMs()).toBe(before);
    server.slept(30_000);
    expect(server.nowMs()).toBe(before + 30_000);
  });
});

describe('what passed between two ticks', () => {
  const at = { wallMs: 1_000_000, monotonicMs: 5_000, sinceBootMs: 90_000, cpuMs: 10 };
  const later = (wall: number, monotonic: number, boot: number, cpu: number) => ({
    wallMs: at.wallMs + wall,
    monotonicMs: at.monotonicMs + monotonic,
    sinceBootMs: at.sinceBootMs + boot,
    cpuMs: at.cpuMs + cpu,
  });
  test.each([
    ['nothing', later(1_000, 1_000, 1_000, 5), 0, 0],
    ['slewing', later(1_400, 1_000, 1_000, 5), 0, 0],
    ['set forward', later(4_000, 1_000, 1_000, 5), 3_000, 0],
    ['set back', later(-59_000, 1_000, 1_000, 5), -60_000, 0],
    ['suspended: monotonic stood still', later(601_000, 1_000, 601_000, 5), 0, 600_000],
    ['suspended, uptime not counting', later(601_000, 1_700, 1_700, 5), 0, 599_300],
    ['stopped by ctrl-Z', later(31_000, 31_000, 31_000, 6), 0, 30_000],
    ['busy for long', later(31_000, 31_000, 31_000, 29_000), 0, 0],
    ['a little late', later(3_000, 3_000, 3_000, 2), 0, 0],
    ['suspended and set', later(661_000, 1_000, 601_000, 5), 60_000, 600_000],
  ])('%s', (_, after, jumpedMs, sleptMs) => {
    expect(readClocks(at, after, 1_000)).toMatchObject({ jumpedMs, sleptMs });
  });
});

describe('ticks', () => {
  const setUp = () => {
    const clock = new FakeClock();
    const log = new FactLog();
    const late: number[] = [];
    const at: number[] = [];
    let uncounted = 0;
    const ticker = createTicker({
      clock,
      emit: (body) => {
        if (body.fact === 'tick') at.push(clock.monotonic);
        log.emit(body);
      },
      beforeTick: (ms) => late.push(ms),
      onUncounted: (ms) => {
        uncounted += ms;
      },
    });
    ticker.start();
    return { clock, log, late, at, ticker, uncounted: () => uncounted };
  };

  test('one a second on the grid; a blocked loop gives one late tick and no burst', async () => {
    const { clock, log, late, at } = setUp();
    await clock.advance(3_000);
    expect(at).toEqual([2_000, 3_000, 4_000]);
    clock.cpu += 3_400;
    clock.block(3_400);
    await clock.advance(1_700);
    expect(at).toEqual([2_000, 3_000, 4_000, 7_400, 8_000, 9_000]);
    expect(late.map(Math.round)).toEqual([0, 0, 0, 2_400, 0, 0]);
    expect(log.all('clock.jumped')).toEqual([]);
    expect(log.all('machine.slept')).toEqual([]);
  });

  test('a jump is told before its tick, once', async () => {
    const { clock, log } = setUp();
    await clock.advance(1_000);
    clock.wall -= 7_000;
    await clock.advance(3_000);
    expect(log.names()).toEqual(['tick', 'clock.jumped', 'tick', 'tick', 'tick']);
    expect(log.all('clock.jumped')[0]?.byMs).toBe(-7_000);
  });

  test('a sleep is told and counted', async () => {
    const { clock, log, uncounted } = setUp();
    await clock.advance(1_000);
    clock.wall += 90_000;
    clock.boot += 90_000;
    await clock.advance(1_000);
    expect(log.names()).toEqual(['tick', 'machine.slept', 'tick']);
    expect(log.all('machine.slept')[0]?.forMs).toBe(90_000);
    expect(uncounted()).toBe(90_000);
  });

  test('it stops', async () => {
    const { clock, at, ticker } = setUp();
    await clock.advance(1_000);
    ticker.stop();
    await clock.advance(5_000);
    expect(at).toHaveLength(1);
  });
});
