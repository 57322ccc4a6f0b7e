// Hostile worlds: nothing throws, nothing grows past its bound, the counters add up, no connection is asked for twice, and a replay of
// what was recorded finds exactly what the live engine found.

import { expect, test } from 'vitest';
import type { Fact } from '../../src/core/fact.ts';
import { Engine } from '../../src/engine/engine.ts';
import { decodeLine, isProblem, LineEncoder } from '../../src/recording/codec.ts';
import { exactly } from '../support/findings.ts';
import { CLOSE_CODES, hostile } from './hostile.ts';
import { byHand, SEEDS } from './seeds.ts';
import { expectAddsUp, expectWithinBounds, lookAtAll } from './within-bounds.ts';
import { World, type WorldOptions } from './world.ts';

const THREE_MINUTES = 180_000;
const LOOK_EVERY_MS = 20_000;

/** A second engine that hears of everything only through the lines of the recording. */
function listener(): { engine: Engine; record: (fact: Fact) => void } {
  const engine = new Engine();
  const encoder = new LineEncoder();
  const record = (fact: Fact): void => {
    encoder.append(fact);
    const fresh = decodeLine(encoder.take().subarray(0, -1));
    if (isProblem(fresh)) throw new Error(`${fact.fact} cannot be read back: ${fresh.problem}`);
    engine.replay(fresh);
  };
  return { engine, record };
}

/** Sockets cut with any code, clocks that jump with or without notice, a machine that sleeps, a user who plays with the keys. */
function mischief(world: World): void {
  const { random, ground, sockets } = world;
  const name = random.pick(['public', 'user'] as const);
  const deeds: (() => void)[] = [
    () => sockets.close(name, { cause: random.pick(['reset', 'fin-without-close-frame', 'unknown', 'too-large']) }),
    () =>
      sockets.close(name, {
        code: random.pick(CLOSE_CODES),
        by: 'server',
        clean: true,
        cause: 'close-frame',
        reason: '\u001b[2J',
      }),
    () => {
      const byMs = random.pick([-86_400_000, -3_000, 1_500, 45_000, 10_000_000]);
      ground.clockAheadMs += byMs;
      if (random.chance(0.7)) ground.tell({ fact: 'clock.jumped', byMs });
    },
    () => ground.tell({ fact: 'machine.slept', forMs: random.between(3_000, 5_000_000) }),
    () => ground.tell({ fact: 'user.asked', action: 'reconnect', detail: name }),
    () => ground.tell({ fact: 'user.asked', action: 'new-token', detail: name }),
    () => ground.tell({ fact: 'user.asked', action: 'ui-shows', detail: random.pick(['BTC 9', 'x', '', 'a FILLED']) }),
    () => ground.tell({ fact: 'probes.finished', reason: 'test', results: [] }),
    () => ground.tell({ fact: 'token.failed', purpose: name, message: 'no key' }),
    () => ground.tell({ fact: 'recording.stopped', file: 'a', reason: 'disk-full', detail: 'ENOSPC', sizeBytes: 1 }),
    () => ground.tell({ fact: 'recording.started', file: 'a' }),
  ];
  random.pick(deeds)();
}

function play(seed: number, options: WorldOptions): World {
  const world = new World(seed, { trouble: hostile, ordersPerMinute: 10, ...options }).start();
  const pace = world.random.between(2_000, 40_000);
  world.ground.every(
    () => world.random.between(0, pace),
    () => mischief(world),
  );
  for (let t = 0; t < THREE_MINUTES; t += LOOK_EVERY_MS) {
    world.run(LOOK_EVERY_MS);
    lookAtAll(world.engine);
    expectWithinBounds(world.engine);
  }
  return world.end();
}

test.each(SEEDS)('three hostile minutes of seed %i', (seed) => {
  const twin = listener();
  try {
    const world = play(seed, { record: twin.record });
    expectAddsUp(world);
    expect(world.ground.breaches).toEqual([]);
    expect(exactly(twin.engine)).toBe(exactly(world.engine));
  } catch (error) {
    throw new Error(byHand('hostile', seed), { cause: error });
  }
});
